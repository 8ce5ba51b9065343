"""Which orders the sweep has to look at, and from when."""

from collections.abc import Iterator

from functions.orders.order import Order
from functions.orders.refunds.refunds_owed import next_refund_owed
from functions.orders.withdrawals.unpaid_withdrawals import paid_back_units


def sweep_due(order: Order) -> str | None:
    """From when the sweep has something to do with this order (RFC 3339); None: nothing."""
    return min(_moments(order), default=None)


def _moments(order: Order) -> Iterator[str]:
    """It expires, a refund is owed, a question goes unanswered, goods that are recalled or that nobody pays for are to be withdrawn."""
    if order.state == "unpaid":
        yield order.pay_by
    if order.state == "review" and order.promise_over:
        yield order.promise_over
    if next_refund_owed(order) or (order.confirmed and order.recalled) or paid_back_units(order):
        yield order.placed_at
    if order.confirmed and order.flags_end:
        yield order.flags_end
    yield from (withdrawal.again_at for withdrawal in order.withdrawals if not withdrawal.settled and withdrawal.again_at)
