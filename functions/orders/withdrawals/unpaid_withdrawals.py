"""What nobody pays for is asked back by itself: what was paid back whole at the provider, and what was promised and is so no more."""

from datetime import datetime

from functions.orders.order import Order, OrderChange
from functions.orders.withdrawals.questions import own_id, with_question
from functions.orders.withdrawals.units import askable
from monsoon_plugin.clock import rfc3339

PAID_BACK = "paid back at the provider"
EXPIRED = "expired"
"""Nobody paid it anew in time; the order is cancelled for that reason if all of it comes back."""


def paid_back_units(order: Order) -> dict[str, int]:
    """Offer id → units of an order that was paid back whole elsewhere, which nobody has asked back and which have not left."""
    if order.state not in ("paid", "review") or not _paid_back_elsewhere(order):
        return {}
    return askable(order)


def paid_back_withdrawal(order: Order, now: datetime) -> OrderChange | None:
    """What has been paid back whole at the provider is asked back at once; None if there is nothing to ask for.

    A part that is paid back there says nothing of units: all of them stay.
    """
    units = paid_back_units(order)
    return with_question(order, own_id(order, "cancel"), "cancel", units, now, reason=PAID_BACK) if units else None


def _paid_back_elsewhere(order: Order) -> bool:
    """Whether all that came for it went back, by refunds that the provider made without our asking among others."""
    came = any(payment.captured for payment in order.payments)
    elsewhere = any(refund.elsewhere for refund in order.refunds if refund.state == "paid")
    return came and elsewhere and not any(order.held_by(payment.id) for payment in order.payments)


def promise_withdrawal(order: Order, now: datetime) -> OrderChange | None:
    """An order whose promise has ended, and that nobody paid anew while patience lasted, is asked back; None while it is not so."""
    if order.state != "review" or not order.promise_over or order.promise_over > rfc3339(now):
        return None
    units, over = askable(order), order.model_copy(update={"promise_over": ""})
    if not units:
        return OrderChange(over.next())
    return with_question(over, own_id(order, "cancel"), "cancel", units, now, reason=EXPIRED)
