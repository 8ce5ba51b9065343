"""Which orders the sweep has to look at, and from when."""

from collections.abc import Iterator

from functions.orders.order import Order
from functions.orders.refunds.refunds_owed import next_refund_owed


def sweep_due(order: Order) -> str | None:
    """From when the sweep has something to do with this order (RFC 3339); None: nothing."""
    return min(_moments(order), default=None)


def _moments(order: Order) -> Iterator[str]:
    """It expires, a refund is owed, a question goes unanswered, recalled goods are to be withdrawn."""
    if order.state == "unpaid":
        yield order.pay_by
    if next_refund_owed(order) or (order.confirmed and order.recalled):
        yield order.placed_at
    if order.confirmed and order.flags_end:
        yield order.flags_end
    yield from (withdrawal.again_at for withdrawal in order.withdrawals if not withdrawal.settled and withdrawal.again_at)
