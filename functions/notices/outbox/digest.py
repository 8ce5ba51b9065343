"""Notices that tell several events together: one mail for all of a kind within ten minutes, however many a feed brings."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from functions.notices.causes.cause import Cause
from functions.notices.causes.merchants_causes import Listed
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mails_kept import Mails
from monsoon_plugin.clock import Clock, rfc3339
from shared.optimistic_retry import Contended, Retry

WINDOW = timedelta(minutes=10)
MOST_LISTED = 20
"""Lines; of more it says that there are."""


@dataclass(frozen=True, slots=True)
class Digest:
    mails: Mails
    clock: Clock
    retry: Retry

    def add(self, listed: Listed, at: datetime) -> None:
        """Have one line more in the notice of the ten minutes in which it happened; a line that it has stays one, whenever its event comes
        again. What comes when that notice has left begins another of the same ten minutes. Two units of DynamoDB for each of the first
        lines, and half a one for what goes beyond. Raises Busy."""
        self.retry(lambda: self._add(listed, rfc3339(_window(at))))

    def _add(self, listed: Listed, window: str) -> None:
        for part in count():
            key = f"{window}#{part}" if part else window
            cause = Cause(kind=listed.kind, about=listed.account_id, key=key, account_id=listed.account_id, facts={"listed": []})
            held = self.mails.get(cause.mail_id)
            if held is None:
                self._begin(cause, listed)
                return
            if _tells(held, listed):
                return
            if held.state == "waiting":
                self._keep(replace(held, facts=_with(held.facts, listed), version=held.version + 1))
                return

    def _begin(self, cause: Cause, listed: Listed) -> None:
        now = self.clock()
        mail = replace(Mail.of(cause, now), due=rfc3339(_window(now) + WINDOW), version=1)
        if not self.mails.add(replace(mail, facts=_with(mail.facts, listed))):
            raise Contended

    def _keep(self, mail: Mail) -> None:
        if not self.mails.replace(mail):
            raise Contended


def _tells(mail: Mail, listed: Listed) -> bool:
    """Whether it names it, or says that there is more than it names."""
    return bool(mail.facts.get("more")) or listed.key in {key for _, _, key in mail.facts["listed"]}


def _window(now: datetime) -> datetime:
    """When the ten minutes that a moment lies in have begun."""
    seconds = int(now.timestamp()) // int(WINDOW.total_seconds()) * int(WINDOW.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


def _with(facts: Any, listed: Listed) -> dict[str, Any]:
    lines: list[list[str]] = facts["listed"]
    if len(lines) >= MOST_LISTED:
        return {**facts, "more": True}
    return {**facts, "listed": [*lines, [listed.name, listed.what, listed.key]]}
