"""What a payout moves in the ledger: one movement after another, each decided by what was booked before it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import JournalEntry, Posting, clearing_account
from functions.settlement.payables.payable import Payable
from functions.settlement.payouts.batches.payout_batch import RANK, PayoutRecord
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payables import payables
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id

Moved = Literal["failed", "paid", "returned"]
MOVED: tuple[Moved, ...] = ("failed", "paid", "returned")


def book_of_payout(record: PayoutRecord) -> str:
    """The key of the payout's book."""
    return f"{record.tenant}#{record.payout_id}"


def next_booking(record: PayoutRecord, before: Sequence[Booking], now: datetime) -> Booking | None:
    """What is to be booked next of a payout in its present state, after `before`; None if nothing is.

    It is paid once, and comes back once if it was returned. A failed one moves nothing, and says so; one that was paid has not failed.
    """
    moved = _moved(record, before)
    wanted: Mapping[str, Sequence[Moved]] = {"failed": () if moved else ("failed",), "paid": ("paid",), "returned": ("paid", "returned")}
    following = next((what for what in wanted.get(record.state, ()) if what not in moved), None)
    return None if following is None else _booking(record, following, f"moved#{len(before):04}", now, owed_again="failed" in moved)


def owed_by(record: PayoutRecord, booking: Booking, before: Sequence[Booking]) -> tuple[Payable, ...]:
    """What a booking leaves due that was written before 2026-11-29 and does not say."""
    what = next(what for what in MOVED if booking.entry.id == _entry_id(record, what))
    return _payables(record, booking, what, owed_again="failed" in _moved(record, before))


def as_booked(record: PayoutRecord, before: Sequence[Booking]) -> PayoutRecord:
    """`record`, or further: who told last that it failed may not have known that it was paid."""
    moved = _moved(record, before)
    known = max(moved, key=lambda what: RANK[what], default=None)
    return replace(record, state=known) if known and RANK[known] > RANK[record.state] else record


def _moved(record: PayoutRecord, before: Sequence[Booking]) -> set[Moved]:
    ids = {booking.entry.id for booking in before}
    return {what for what in MOVED if _entry_id(record, what) in ids}


def _payables(record: PayoutRecord, booking: Booking, what: Moved, *, owed_again: bool) -> tuple[Payable, ...]:
    """What failed or came back is owed again; what was paid after it had failed is owed no more."""
    amount = record.amount.amount
    owed = {"failed": amount, "returned": amount, "paid": -amount if owed_again else 0}[what]
    return payables(booking, booking.entry.occurred_at[:10], {record.payee: owed})


def _booking(record: PayoutRecord, what: Moved, slot: str, now: datetime, *, owed_again: bool) -> Booking:
    payer, amount = clearing_account(record.tenant.split("#", 1)[0], record.plugin), record.amount.amount
    postings = {
        "failed": ((payer, amount), (payer, -amount)),
        "paid": ((record.payee, -amount), (payer, amount)),
        "returned": ((record.payee, amount), (payer, -amount)),
    }[what]
    booking = Booking(
        book=book_of_payout(record),
        slot=slot,
        entry=JournalEntry(
            _entry_id(record, what),
            record.payout_id,
            rfc3339(now),
            tuple(Posting(account, "payout", sum_, record.amount.currency) for account, sum_ in postings),
        ),
        currency=record.amount.currency,
        storefront_id=record.storefront_id,
        terms=NO_COMMISSION,
    )
    return replace(booking, payables=_payables(record, booking, what, owed_again=owed_again))


def _entry_id(record: PayoutRecord, what: Moved) -> str:
    return derived_id("jrn", record.tenant, record.payout_id, what)
