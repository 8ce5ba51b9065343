"""The journal entries of payouts and disputes: each in a slot of its own, written once, in whatever order news come. Pure."""

from datetime import datetime

from functions.settlement.ledger.journal import JournalEntry, Kind, Posting, clearing_account, provider_account
from functions.settlement.payouts.batches.payout_batch import PayoutRecord
from functions.settlement.posting_rules.order_payment import Booking, Terms
from functions.settlement.posting_rules.payable import Payable
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.messages import PaymentDisputed

FREE = Terms(0, frozenset())


def entries_of_payout(record: PayoutRecord, now: datetime) -> list[Booking]:
    """What a payout in its present state has moved: paid once, and back if it was returned; a failed one moved nothing, and says so."""
    payer = clearing_account(record.tenant.split("#", 1)[0], record.plugin)
    there, back = ((record.payee, -record.amount.amount), (payer, record.amount.amount)), ((record.payee, record.amount.amount),
                   (payer, -record.amount.amount))  # fmt: skip
    if record.state == "failed":
        return [_payout_entry(record, "failed", (there[1], back[1]), now)]
    if record.state == "paid":
        return [_payout_entry(record, "paid", there, now)]
    if record.state == "returned":
        return [_payout_entry(record, "paid", there, now), _payout_entry(record, "returned", back, now)]
    return []


def payables_of_payout(record: PayoutRecord, booking: Booking) -> list[Payable]:
    """What a payout's entry leaves due: what failed or came back is owed again; what was paid after it had failed is owed no more."""
    day, amount = booking.entry.occurred_at[:10], record.amount.amount
    owed = {"failed": amount, "returned": amount, "paid": -amount if record.failed_before else 0}[booking.slot]
    return [Payable(record.payee, record.amount.currency, day, booking.entry.id, owed)] if owed else []


def entries_of_dispute(event: PaymentDisputed, now: datetime) -> list[Booking]:
    """The shopper's bank takes the amount when it opens a dispute, and gives it back if the merchant wins.

    Open and lost are the same entry; won is that one and its reversal. So the books end alike in whatever order the news come.
    """
    taken = _dispute_entry(event, "taken", -event.amount.amount, now)
    return [taken, _dispute_entry(event, "given_back", event.amount.amount, now)] if event.state == "won" else [taken]


def _payout_entry(record: PayoutRecord, slot: str, moved: tuple[tuple[str, int], ...], now: datetime) -> Booking:
    postings = tuple(Posting(account, "payout", amount, record.amount.currency) for account, amount in moved)
    entry = JournalEntry(derived_id("jrn", record.tenant, record.payout_id, slot), record.payout_id, rfc3339(now), postings)
    return Booking(f"{record.tenant}#{record.payout_id}", slot, entry, record.amount.currency, record.storefront_id, FREE, 0)


def _dispute_entry(event: PaymentDisputed, what: str, amount: int, now: datetime) -> Booking:
    provider, currency = provider_account(event.account_id, event.plugin), event.amount.currency
    moved: tuple[tuple[str, Kind, int], ...] = ((event.account_id, "dispute", amount), (provider, "receivable", -amount))
    postings = tuple(Posting(account, kind, sum_, currency) for account, kind, sum_ in moved)
    entry_id = derived_id("jrn", event.payment_id, event.dispute_ref, what)
    book = f"{event.account_id}#{event.storefront_id}#{event.order_id}"
    entry = JournalEntry(entry_id, event.order_id, rfc3339(now), postings)
    return Booking(book, f"dispute#{event.dispute_ref}#{what}", entry, currency, event.storefront_id, FREE, 0)
