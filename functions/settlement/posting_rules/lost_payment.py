"""Money of a paid order that is gone, and comes anew: each movement once, in a slot of its own, in whatever order news come. Pure.

The provider no longer holds what it took for the order; its owner bears that until the goods are taken back (then the refund's entry
gives it back to the owner) or until it is paid anew.
"""

from datetime import datetime

from functions.settlement.ledger.booking import Booking, order_booking
from functions.settlement.ledger.journal import Kind, provider_account
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payment import held_by_providers, receivables
from shared.ids import derived_id
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderRefundFailed


def lost_payment_booking(event: OrderPaymentLost, now: datetime) -> Booking:
    """What the provider took back of a paid order, or gave again of it in part."""
    return _booking(event, -event.amount, "lost", now)


def regained_payment_booking(event: OrderPaid, now: datetime) -> Booking:
    """An order that was paid before, lost that, and is paid anew: what had been missing is there again."""
    return _booking(event, event.regained, "regained", now)


def failed_refund_moves(event: OrderRefundFailed, now: datetime) -> Booking:
    """What providers hold otherwise by the failure of a refund that was never booked."""
    return _booking(event, 0, "unpaid", now)


def anew_fee_booking(event: OrderPaid, first: Booking, now: datetime) -> Booking | None:
    """What the provider kept of a payment that pays an order anew, once for each; `first` is the order's first entry.

    None if it kept nothing, or paid the order first and has its fee in that entry. An entry that does not say whose it is has the fee of
    whatever payment comes from its provider.
    """
    provider = provider_account(event.account_id, event.payment_plugin)
    same_provider = any(posting.account == provider for posting in first.entry.postings)
    paid_first = event.payment_id == first.payment_id if first.payment_id else same_provider
    if paid_first or not event.provider_fee:
        return None
    fee, owner = event.provider_fee, event.account_id
    amounts: dict[tuple[str, Kind], int] = {(provider, "fee_kept"): fee, (owner, "provider_fee"): -fee}
    entry_id, slot = derived_id("jrn", event.order_id, "fee", event.payment_id), f"fee#{event.payment_id}"
    return order_booking(event, amounts, entry_id=entry_id, slot=slot, terms=NO_COMMISSION, now=now, test=event.test)


def _booking(event: OrderPaymentLost | OrderPaid | OrderRefundFailed, amount: int, what: str, now: datetime) -> Booking:
    held = held_by_providers(event, amount)
    amounts = receivables(event.account_id, held)
    amounts[event.account_id, "elsewhere"] += held.total()
    entry_id, slot = derived_id("jrn", event.order_id, what, str(event.version)), f"{what}#{event.version}"
    return order_booking(event, amounts, entry_id=entry_id, slot=slot, terms=NO_COMMISSION, now=now, test=event.test)
