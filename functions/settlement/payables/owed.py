"""What a storefront owes to each payee at present, and what a payee owes back. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from functions.settlement.payables.payable import Payable
from shared.api.paging import Paging, Position

PAYABLES_A_CALL = 2_000
"""Payables that one request sums up; `next` goes on."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Of one payee, in minor units; below 0 it is owed back, and the next payouts are that much less."""

    payee: str
    available: int
    """What may be paid today."""
    held: int
    """What may be paid on a later day."""


class Due(Protocol):
    def page_of_due(self, tenant: str, currency: str, limit: int, after: str | None) -> tuple[list[Payable], str | None]:
        """At most `limit` payables that no batch has claimed, a payee's together, and the key of the last if more follow."""
        ...


@dataclass(frozen=True, slots=True)
class OwedQuery:
    due: Due
    paging: Paging
    room: int = PAYABLES_A_CALL

    def page(self, tenant: str, currency: str, cursor: str | None = None) -> tuple[list[Owed], str | None]:
        """A page of what is owed to each payee; one whose payables reach into the next page is on both. Raises Malformed."""

        def read(at: Position | None) -> tuple[list[Owed], Position | None]:
            found, last = self.due.page_of_due(tenant, currency, self.room, str(at["key"]) if at else None)
            return owed(found, self.today()), {"key": last} if last else None

        return self.paging.page(f"owed:{tenant}:{currency}", cursor, read)

    def today(self) -> str:
        return self.paging.clock().date().isoformat()


def owed(payables: Iterable[Payable], today: str) -> list[Owed]:
    """The sums of each payee, in the order in which payees come."""
    found: dict[str, list[int]] = {}
    for payable in payables:
        found.setdefault(payable.payee, [0, 0])[payable.available_on > today] += payable.amount
    return [Owed(payee, available, held) for payee, (available, held) in found.items()]
