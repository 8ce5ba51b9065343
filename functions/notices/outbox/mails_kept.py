"""What the outbox asks of wherever mails' records lie."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from functions.notices.outbox.mail import Mail
from functions.notices.outbox.undelivered import Undelivered


class Mails(Protocol):
    """Where mails' records lie."""

    def add(self, mail: Mail) -> bool:
        """Keep it, unless one of its id stands. Answers whether it was kept."""

    def get(self, mail_id: str) -> Mail | None:
        """As last written."""

    def replace(self, mail: Mail, noted: Undelivered | None = None) -> bool:
        """Keep it if the stored one is one version older, and with it, if at all, what its merchant is to see of it; answers whether it
        was kept. Raises Contended."""

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of mails to be looked at."""

    def stop(self, address: str, why: str) -> None:
        """Send nothing more to the address with this pseudonym."""

    def stopped(self, address: str) -> str:
        """Why nothing is sent there; empty: it is."""

    def undelivered(self, account_id: str, after: str, most: int) -> list[Undelivered]:
        """Of a merchant, the latest first, from behind the place `after`."""
