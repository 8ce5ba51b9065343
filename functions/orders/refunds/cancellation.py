"""Cancelling an order, by its shopper or merchant or because nobody paid in time. Its units and its money go back once.

Before shipping can have heard of it, the order decides alone. Afterwards it asks for its units, and is cancelled by the answer.
"""

from collections.abc import Mapping
from datetime import datetime

from functions.orders.order import Order, OrderChange
from functions.orders.withdrawals.questions import own_id, with_question
from functions.orders.withdrawals.units import askable, nothing_left, out_of_reach
from functions.orders.withdrawals.withdrawal import EVERYBODY
from monsoon_plugin.clock import rfc3339
from shared.errors import Conflict, Invalid
from shared.order_messages import CancelReason, OrderCancelled


class AlreadyDispatched(Conflict):
    code, title = "already-dispatched", "A parcel of this order is under way: refund it instead"


class NotConfirmed(Conflict):
    code, title = "not-confirmed", "An order that nobody has paid yet is cancelled whole: cancel it, and order the rest anew"


def expiry(order: Order, now: datetime) -> OrderChange | None:
    """The order, cancelled because nobody paid in time; None if it may still be paid, or no longer need be."""
    if order.state != "unpaid" or order.pay_by > rfc3339(now):
        return None
    return _cancelled_alone(order, "expired")


def cancellation(order: Order, reason: CancelReason, now: datetime, supplier_id: str = EVERYBODY) -> OrderChange | None:
    """The order, cancelled or asked back by its shopper or merchant; None if all of it that has not left is asked back, or came back,
    already. `supplier_id`: that supplier's part alone.

    What was captured is owed back once it is cancelled: see refunds_owed.py. Raises AlreadyDispatched, NotConfirmed, Invalid.
    """
    if order.state == "cancelled":
        return None
    if supplier_id not in {EVERYBODY, *(line.supplier_id for line in order.lines)}:
        raise Invalid.field("/supplier_id", "no line of this order is this supplier's")
    if order.state == "unpaid":
        if supplier_id:
            raise NotConfirmed
        return _cancelled_alone(order, reason)
    if not supplier_id and not nothing_left(order):
        raise AlreadyDispatched
    units = askable(order, supplier_id)
    if units:
        return with_question(order, own_id(order, "cancel"), "cancel", units, now, reason=reason)
    if supplier_id and out_of_reach(order, supplier_id):
        raise AlreadyDispatched
    return None


def cancelled(after: Order, reason: CancelReason, returned: Mapping[str, int]) -> OrderChange:
    """The order's next version, cancelled for good: nothing of it was sent, or will be."""
    promise = _standing_promise(after)
    after = after.out_of_review("cancelled", reason=reason)
    return OrderChange(after, OrderCancelled(**after.event_fields(), reason=reason, payment_id=promise), returned)


def _standing_promise(order: Order) -> str | None:
    """The payment that promises the order still and has not paid it, the last of several; None if every promise is over."""
    waiting = [payment for payment in order.payments if not payment.captured]
    standing = [payment for payment in waiting if payment.promised]
    if not standing and order.state == "accepted":  # what it promised was not kept then
        standing = waiting
    return standing[-1].id if standing else None


def _cancelled_alone(order: Order, reason: CancelReason) -> OrderChange:
    return cancelled(order.next(), reason, order.remaining)
