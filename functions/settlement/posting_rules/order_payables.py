"""What a storefront's owner owes to whom: suppliers their goods, the platform its commission. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import Kind
from functions.settlement.payables.payable import Payable

OWED: frozenset[Kind] = frozenset({"goods", "commission_earned"})


def with_payables(booking: Booking, available_on: date) -> Booking:
    """`booking` with what it makes due from that day on."""
    return replace(booking, payables=payables_of(booking, available_on))


def payables_of(booking: Booking, available_on: date) -> tuple[Payable, ...]:
    """What an entry of an order makes due: to suppliers other than the storefront's owner, and to the platform; nothing of a test order."""
    if booking.test:
        return ()
    owner, owed = booking.book.split("#", 1)[0], Counter[str]()
    for posting in booking.entry.postings:
        if posting.kind in OWED and posting.account != owner:
            owed[posting.account] += posting.amount
    return payables(booking, available_on.isoformat(), owed)


def payables(booking: Booking, day: str, owed: Mapping[str, int]) -> tuple[Payable, ...]:
    """What `booking` makes due to each payee from `day` on; nothing where the amount is 0."""
    place, due = {"book": booking.book, "slot": booking.slot}, sorted(owed.items())
    return tuple(Payable(payee, booking.currency, day, booking.entry.id, amount, **place) for payee, amount in due if amount)
