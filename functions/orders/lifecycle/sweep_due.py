"""Which orders the sweep has to look at, and from when."""

from functions.orders.order import Order
from functions.orders.refunds.refunds_owed import next_refund_owed


def sweep_due(order: Order) -> str | None:
    """From when the sweep has something to do with this order (RFC 3339): it expires, or a refund is owed; None: nothing."""
    if order.state == "unpaid":
        return order.pay_by
    return order.placed_at if next_refund_owed(order) else None
