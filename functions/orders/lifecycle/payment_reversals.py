"""What happens to an order's money at its provider without our asking: paid back there, taken back, a promise that ends.

The provider's books win. A refund made there is one of the order's, without units: nothing goes on sale by it, and no more is paid back
afterwards than the provider still holds; once that is nothing, what has not left is asked back (withdrawals/unpaid_withdrawals.py). An
order whose payment is gone goes to review: what has not left is held.
"""

from functions.orders.lifecycle.payment_events import MOST_SAID, UnknownRefund, is_known, lost, moved_news, payment_as_of
from functions.orders.order import Order, OrderChange, Payment, Refund
from functions.orders.refunds.held_money import moved, order_part
from functions.orders.refunds.refund import refunded
from shared.order_messages import OrderPromiseRetained
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere


def after_refund_elsewhere(order: Order, message: PaymentRefundedElsewhere) -> OrderChange | None:
    """The order with a refund that the provider made. Raises UnknownRefund until the order has heard of the money that it is of.

    How much of it had been the order's, and how much came beyond its total, shows once the capture is heard.
    """
    if order.refund(message.refund_id) is not None:
        return None
    held = order.payment(message.payment_id)
    if held is None or (held.version < message.version and held.captured < message.captured):
        raise UnknownRefund(f"{message.provider_ref} of {order.id}: {message.amount.money} paid back of money that is not known yet")
    amount, reason = message.amount.amount, f"made at the provider: {message.provider_ref}"
    refund = Refund(id=message.refund_id, payment_id=message.payment_id, amount=amount, currency=message.amount.currency, state="paid",
                    reason=reason[:200], elsewhere=True)  # fmt: skip
    refund = refund.model_copy(update={"borne": order_part(order, refund)})
    after = order.next(refunds=(*order.refunds, refund))
    return OrderChange(after, refunded(after, refund))


def after_reversal(order: Order, message: PaymentCaptureReversed) -> OrderChange | None:
    """The order after captured money was taken back: for review, if it is paid no more. No order is sent on what may be captured again."""
    if is_known(order, message):
        return None
    payment = payment_as_of(order, message).model_copy(update={"captured": message.captured, "promised": 0})
    after = order.next(payments=order.with_payment(payment))
    missing = max(order.total - payment.captured, 0)
    if order.paid_by != payment.id or missing <= order.lost:
        return OrderChange(after, moved_news(order, after, payment))
    after = (after.in_review("capture_reversed") if order.state == "paid" else after).model_copy(update={"lost": missing})
    return OrderChange(after, lost(after, payment, "capture_reversed", moved(order, after)))


def after_ended_authorization(order: Order, message: PaymentAuthorizationEnded, patience_ends: str = "") -> OrderChange | None:
    """The order after what was promised is so no more: for review, unless another payment promises it.

    What has not left is withdrawn if nobody has paid it anew when patience ends.
    """
    if is_known(order, message):
        return None
    payment = payment_as_of(order, message).model_copy(update={"promised": 0})
    after = order.next(payments=order.with_payment(payment))
    if any(_promises_all(p, after) for p in after.payments):
        return OrderChange(after)
    if order.state == "review" and not any(p.captured for p in after.payments):
        return OrderChange(after.in_review("authorization_ended", patience_ends))
    if order.state != "accepted":
        return OrderChange(after)
    after = after.in_review("authorization_ended", patience_ends)
    return OrderChange(after, lost(after, payment, "authorization_ended", {}))


def after_failed_cancellation(order: Order, message: PaymentCancelFailed) -> OrderChange | None:
    """The order with a promise that its provider would not give back: it is told of, and shown as long as it stands."""
    if is_known(order, message):
        return None
    why = message.reason[:MOST_SAID] or "the provider does not say why"
    payment = payment_as_of(order, message).model_copy(update={"promised": message.amount.amount, "uncancelled": why})
    after = order.next(payments=order.with_payment(payment))
    said = {"payment_id": payment.id, "amount": payment.promised, "currency": payment.currency, "test": payment.test, "reason": why}
    return OrderChange(after, OrderPromiseRetained.model_validate(after.event_fields() | said))


def _promises_all(payment: Payment, order: Order) -> bool:
    """Whether it promises what is owed still, which may have fallen since, in the order's own mode."""
    return payment.promised >= order.total and (payment.currency, payment.test) == (order.currency, order.test)
