"""Cancelling an order, by its shopper or merchant or because nobody paid in time. Its units and its money go back once."""

from datetime import datetime

from functions.orders.order import CancelReason, Order, OrderChange
from monsoon_plugin.clock import rfc3339
from shared.errors import Conflict
from shared.order_messages import OrderCancelled


class AlreadyDispatched(Conflict):
    code, title = "already-dispatched", "A parcel of this order is under way: refund it instead"


def expiry(order: Order, now: datetime) -> OrderChange | None:
    """The order, cancelled because nobody paid in time; None if it may still be paid, or no longer need be."""
    if order.state != "unpaid" or order.pay_by > rfc3339(now):
        return None
    return _cancel(order, "expired")


def cancellation(order: Order, reason: CancelReason) -> OrderChange | None:
    """The order, cancelled by its shopper or merchant; None if it already is. Raises AlreadyDispatched.

    What was captured is owed back from then on: see refunds_owed.py.
    """
    if order.state == "cancelled":
        return None
    if order.fulfilment != "waiting":
        raise AlreadyDispatched
    return _cancel(order, reason)


def _cancel(order: Order, reason: CancelReason) -> OrderChange:
    after = order.next(state="cancelled", reason=reason)
    promised = next((p.id for p in order.payments if not p.captured), None)
    return OrderChange(after, OrderCancelled(**after.event_fields(), reason=reason, payment_id=promised), order.remaining)
