"""What payments tell of an order. Events may come twice and in any order; money that has arrived is never dropped."""

from functions.orders.order import Order, OrderChange, Payment
from functions.orders.refunds.held_money import regained
from functions.orders.refunds.refund import refunded
from shared.messages import PaymentAuthorized, PaymentCaptured, PaymentEvent, PaymentRefunded, PaymentRefundFailed
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderRefundFailed

MOST_SAID = 100
"""Characters of a provider's word for a refund that failed."""


class UnknownRefund(LookupError):
    """Money was paid back that this order did not ask for, or not so much: a person must look (dead-letter queue)."""


def after_authorization(order: Order, message: PaymentAuthorized) -> OrderChange | None:
    """The order after a payment was promised: accepted, if all of it is. A promise for a cancelled order is called off.

    One that is in review is accepted too: what was wrong with another payment does not matter any more.
    """
    if is_known(order, message):
        return None
    payment = payment_as_of(order, message).model_copy(update={"promised": message.amount.amount})
    after = order.next(payments=order.with_payment(payment), test=_test_after(order, message))
    if order.state == "cancelled":
        return OrderChange(after, OrderCancelled(**after.event_fields(), reason=order.reason or "merchant", payment_id=payment.id))
    if order.state not in ("unpaid", "review"):
        return OrderChange(after)
    if not _is_whole(order, message):
        return OrderChange(after.in_review("amount_differs"))
    again = order.state == "review"
    return OrderChange(after.out_of_review("accepted"), OrderAccepted(**after.shipping_fields(), again=again))


def after_capture(order: Order, message: PaymentCaptured) -> OrderChange | None:
    """The order after money arrived (`message.amount` is cumulative): paid, if it is the total or more of it.

    Less, or another currency, is for a person to review. Money for an order that is cancelled or already paid, of the other mode than
    what was promised (test, live), and what exceeds the total, is recorded and thereby owed back (`refunds_owed.next_refund_owed`).
    """
    if is_known(order, message):
        return None
    payment = payment_as_of(order, message).model_copy(update={"captured": message.amount.amount, "fee": message.provider_fee})
    after = order.next(payments=order.with_payment(payment), test=_test_after(order, message))
    if order.state in ("paid", "cancelled") or payment.test is not after.test:
        return OrderChange(after)
    if payment.currency != order.currency or payment.captured < order.total:
        return OrderChange(after.in_review("amount_differs"))
    return paid(after, payment, order)


def paid(after: Order, payment: Payment, before: Order) -> OrderChange:
    """The order's next version, paid by a payment that covers it, and who shall get what of it. `before`: as it was until then."""
    done = after.out_of_review("paid", paid_by=payment.id, lost=0)
    fields = {"total": done.total, "payment_id": payment.id, "payment_plugin": payment.plugin, "provider_fee": payment.fee}
    fields |= {"again": before.state == "review", "regained": regained(before, done)}
    return OrderChange(done, OrderPaid(**done.shipping_fields(), **fields))


def after_refund(order: Order, message: PaymentRefunded) -> OrderChange | None:
    """The order after a refund was paid out. Refunds are told apart by their ids, so theirs may come in any order.

    Raises UnknownRefund.
    """
    refund = order.refund(message.refund_id)
    if refund is None or (refund.amount, refund.currency) != (message.amount.amount, message.amount.currency):
        raise UnknownRefund(f"{message.refund_id} of {order.id}: {message.amount.money} paid back")
    if refund.state != "requested":
        return None
    done = refund.model_copy(update={"state": "paid"})
    after = order.next(refunds=tuple(done if r.id == refund.id else r for r in order.refunds))
    return OrderChange(after, refunded(after, done))


def after_failed_refund(order: Order, message: PaymentRefundFailed) -> OrderChange | None:
    """The order after a refund could not be paid, or came back: what it was for is owed again. Raises UnknownRefund."""
    refund = order.refund(message.refund_id)
    if refund is None:
        raise UnknownRefund(f"{message.refund_id} of {order.id}: {message.amount.money} not paid back")
    if refund.state == "failed" or (refund.state == "paid" and not message.was_paid):
        return None
    failed = refund.model_copy(update={"state": "failed", "reason": message.reason[:MOST_SAID] or refund.reason})
    after = order.next(refunds=tuple(failed if r.id == refund.id else r for r in order.refunds))
    fields = after.refund_fields(refund)
    return OrderChange(
        after,
        OrderRefundFailed(**fields, refund_id=refund.id, payment_id=refund.payment_id, payment_plugin=message.plugin,
                          amount=refund.amount, reason=message.reason, was_paid=refund.state == "paid"),
    )  # fmt: skip


def is_known(order: Order, message: PaymentEvent) -> bool:
    """Whether this, or later news of the same payment, was heard before."""
    held = order.payment(message.payment_id)
    return held is not None and held.version >= message.version


def payment_as_of(order: Order, message: PaymentEvent) -> Payment:
    """The payment as of this news; what it captured before stands."""
    held = order.payment(message.payment_id)
    if held:
        return held.model_copy(update={"version": message.version, "test": message.test})
    return Payment(
        id=message.payment_id, plugin=message.plugin, version=message.version, currency=message.amount.currency, test=message.test
    )


def _test_after(order: Order, message: PaymentEvent) -> bool:
    """Whether the order is in test mode: as the payment is that was promised or captured first; another's mode changes nothing."""
    others = any(payment.id != message.payment_id for payment in order.payments)
    return order.test if others and order.state != "unpaid" else message.test


def _is_whole(order: Order, message: PaymentEvent) -> bool:
    return (message.amount.amount, message.amount.currency) == (order.total, order.currency)
