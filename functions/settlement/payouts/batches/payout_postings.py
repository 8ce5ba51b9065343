"""What a payout moves in the ledger: each movement in a slot of its own, written once, in whatever order news come. Pure."""

from datetime import datetime

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import JournalEntry, Posting, clearing_account
from functions.settlement.payouts.batches.payout_batch import PayoutRecord
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.payable import Payable
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id

Movement = tuple[tuple[str, int], tuple[str, int]]
"""Accounts, and what each gains."""


def payout_bookings(record: PayoutRecord, now: datetime) -> list[Booking]:
    """What a payout in its present state has moved: paid once, and back if it was returned; a failed one moved nothing, and says so."""
    payer, amount = clearing_account(record.tenant.split("#", 1)[0], record.plugin), record.amount.amount
    there: Movement = ((record.payee, -amount), (payer, amount))
    back: Movement = ((record.payee, amount), (payer, -amount))
    if record.state == "failed":
        return [_booking(record, "failed", (there[1], back[1]), now)]
    if record.state == "paid":
        return [_booking(record, "paid", there, now)]
    if record.state == "returned":
        return [_booking(record, "paid", there, now), _booking(record, "returned", back, now)]
    return []


def payout_payables(record: PayoutRecord, booking: Booking) -> list[Payable]:
    """What a payout's entry leaves due: what failed or came back is owed again; what was paid after it had failed is owed no more."""
    day, amount = booking.entry.occurred_at[:10], record.amount.amount
    owed = {"failed": amount, "returned": amount, "paid": -amount if record.failed_before else 0}[booking.slot]
    return [Payable(record.payee, record.amount.currency, day, booking.entry.id, owed)] if owed else []


def _booking(record: PayoutRecord, slot: str, moved: Movement, now: datetime) -> Booking:
    postings = tuple(Posting(account, "payout", amount, record.amount.currency) for account, amount in moved)
    entry_id = derived_id("jrn", record.tenant, record.payout_id, slot)
    return Booking(
        book=f"{record.tenant}#{record.payout_id}",
        slot=slot,
        entry=JournalEntry(entry_id, record.payout_id, rfc3339(now), postings),
        currency=record.amount.currency,
        storefront_id=record.storefront_id,
        terms=NO_COMMISSION,
    )
