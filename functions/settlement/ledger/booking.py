"""A journal entry in its place in an order's book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.settlement.ledger.journal import JournalEntry, Kind, Posting
from functions.settlement.payables.payable import Payable
from functions.settlement.posting_rules.first_introduction import CommissionTerms
from monsoon_plugin.clock import rfc3339
from shared.order_messages import OrderEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """An entry in its place in a book, with what the order's later entries need."""

    book: str
    """`account#storefront#order`; a payout's id in place of an order's."""
    slot: str
    """Its place in the book, written once: the payment's is `entry#0000`, refunds follow in the order they came."""
    entry: JournalEntry
    currency: str
    storefront_id: str
    terms: CommissionTerms
    commissionable: int = 0
    """How much margin under commission this entry added (a payment) or took back (a refund, below 0)."""
    test: bool = False
    """Of an order that is paid in test mode: it is in statements and trial balances of their own, and nobody is paid for it."""
    payment_id: str = ""
    """Of an order's first entry: whose fee it holds; empty for others, and for those written before 2026-11-30."""
    payables: tuple[Payable, ...] | None = ()
    """What it makes due and no batch has claimed; None if its item was written before 2026-11-29 and does not say."""


def book_of(event: OrderEvent) -> str:
    """The key of the order's book."""
    return f"{event.account_id}#{event.storefront_id}#{event.order_id}"


def nth_slot(number: int) -> str:
    """Of an order's payment (0) and its refunds."""
    return f"entry#{number:04}"


def order_booking(
    event: OrderEvent,
    amounts: Mapping[tuple[str, Kind], int],
    *,
    entry_id: str,
    slot: str,
    terms: CommissionTerms,
    now: datetime,
    commissionable: int = 0,
    test: bool,
    payment_id: str = "",
) -> Booking:
    """The booking of what `event` moved, in the mode of the order's payment. Raises Unbalanced."""
    postings = tuple(Posting(account, kind, amount, event.currency) for (account, kind), amount in amounts.items() if amount)
    return Booking(
        book=book_of(event),
        slot=slot,
        entry=JournalEntry(entry_id, event.order_id, rfc3339(now), postings),
        currency=event.currency,
        storefront_id=event.storefront_id,
        terms=terms,
        commissionable=commissionable,
        test=test,
        payment_id=payment_id,
    )
