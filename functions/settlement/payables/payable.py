"""What one journal entry made due to one payee. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payable:
    """What one journal entry made due to one payee; below 0 it is owed back."""

    payee: str
    currency: str
    available_on: str
    """YYYY-MM-DD: from this day on it may be paid."""
    entry_id: str
    amount: int
    book: str = ""
    """Where the entry stands that says whether it was claimed; empty for a carry-over, and what was written before 2026-11-29."""
    slot: str = ""

    @property
    def key(self) -> str:
        return f"{self.payee}#{self.available_on}#{self.entry_id}"


def tenant_of(book: str) -> str:
    """`account#storefront` of a book's key."""
    return book.rsplit("#", 1)[0]
