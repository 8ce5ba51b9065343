"""What a storefront's owner owes to whom: suppliers their goods, the platform its commission. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from functions.settlement.ledger.journal import Kind
from functions.settlement.posting_rules.order_payment import Booking

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


@dataclass(frozen=True, slots=True)
class Share:
    """One payee's part of a batch."""

    payee: str
    amount: int
    payables: tuple[Payable, ...]


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


def available_on(first: Booking, hold_days: int) -> date:
    """From when on an order's payables may be paid: `hold_days` after its payment was booked, its refunds' too."""
    return date.fromisoformat(first.entry.occurred_at[:10]) + timedelta(days=hold_days)


def shares(due: Iterable[Payable], claimed: Iterable[Payable], payable_to: Mapping[str, bool], minimum: int, most: int) -> list[Share]:
    """Who is paid: whoever can be and is owed at least `minimum`, the most owed first, at most `most`; all that each is due counts.

    Who has something claimed already stays in, or a crash between two claims would leave it behind.
    """
    owed: dict[str, list[Payable]] = {}
    begun = set()
    for payable in claimed:
        owed.setdefault(payable.payee, []).append(payable)
        begun.add(payable.payee)
    for payable in due:
        owed.setdefault(payable.payee, []).append(payable)
    found = [Share(payee, sum(p.amount for p in all_), tuple(all_)) for payee, all_ in owed.items()]
    wanted = [s for s in found if s.payee in begun or (s.amount >= max(minimum, 1) and payable_to.get(s.payee, False))]
    return sorted(wanted, key=lambda s: (s.payee not in begun, -s.amount, s.payee))[: max(most, len(begun))]


def carried(unpaid: Sequence[Share], currency: str, batch_key: str, day: date) -> list[Payable]:
    """What claimed shares that cannot be paid after all leave due for the next batch."""
    return [Payable(s.payee, currency, day.isoformat(), f"{batch_key}-carried", s.amount) for s in unpaid if s.amount]
