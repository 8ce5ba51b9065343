"""What a storefront's owner owes to whom: suppliers their goods, the platform its commission. Pure."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import Kind

OWED: frozenset[Kind] = frozenset({"goods", "commission_earned"})


@dataclass(frozen=True, slots=True)
class Payable:
    """What one journal entry made due to one payee; below 0 it is owed back."""

    payee: str
    currency: str
    available_on: str
    """YYYY-MM-DD: from this day on it may be paid."""
    entry_id: str
    amount: int

    @property
    def key(self) -> str:
        return f"{self.payee}#{self.available_on}#{self.entry_id}"


def tenant_of(book: str) -> str:
    """`account#storefront` of a book's key."""
    return book.rsplit("#", 1)[0]


def payables_of(booking: Booking, available_on: date) -> list[Payable]:
    """What an entry of an order makes due: to suppliers other than the storefront's owner, and to the platform."""
    owner, owed = booking.book.split("#", 1)[0], Counter[str]()
    for posting in booking.entry.postings:
        if posting.kind in OWED and posting.account != owner:
            owed[posting.account] += posting.amount
    day = available_on.isoformat()
    return [Payable(payee, booking.currency, day, booking.entry.id, amount) for payee, amount in sorted(owed.items()) if amount]
