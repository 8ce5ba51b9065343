"""What payments tell of an order. Events may come twice and in any order; money that has arrived is never dropped."""

from collections import Counter
from collections.abc import Mapping

from functions.orders.order import Order, OrderChange, Payment, Refund
from functions.orders.refunds.held_money import at_providers, moved
from functions.orders.refunds.refund import refunded
from shared.messages import PaymentAuthorized, PaymentCaptured, PaymentEvent, PaymentRefunded, PaymentRefundFailed
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderPaymentLost, OrderRefundFailed, ProviderAmount

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
        return OrderChange(after, moved_news(order, after, payment))
    if payment.currency != order.currency or payment.captured < order.total:
        lost = order.total - payment.captured if payment.id == order.paid_by else order.lost
        after = after.in_review("amount_differs").model_copy(update={"lost": lost})
        return OrderChange(after, moved_news(order, after, payment))
    done = after.out_of_review("paid", paid_by=payment.id, lost=0)
    return OrderChange(done, paid(done, order))


def moved_news(before: Order, after: Order, payment: Payment) -> OrderPaid | OrderPaymentLost | None:
    """What is told where news of a payment move what the providers hold for an order, and not whether it is paid; else None."""
    amounts = moved(before, after)
    if not amounts:
        return None
    return paid(after, before) if after.state == "paid" else lost(after, payment, "capture_reversed", amounts)


def paid(after: Order, before: Order) -> OrderPaid:
    """What is told of an order that is paid; of one that was so before, how much more its providers hold for it now."""
    anew, amounts, payment = bool(before.paid_by), moved(before, after), after.payment(after.paid_by or "")
    if payment is None:
        raise ValueError(f"{after.id} is paid by {after.paid_by}, which it does not hold")
    regained = sum(amounts.values()) if anew else 0
    usual = amounts == {payment.plugin: regained if anew else after.total}
    fields = {"total": after.total, "payment_id": payment.id, "payment_plugin": payment.plugin, "provider_fee": payment.fee}
    fields |= {"again": anew or before.state == "review", "paid_before": anew, "regained": regained}
    return OrderPaid(**after.shipping_fields(), **fields, at_providers=None if usual else at_providers(amounts))


def lost(after: Order, payment: Payment, why: str, amounts: Mapping[str, int]) -> OrderPaymentLost:
    """What is told of money that promised or paid an order and is gone, by provider; nothing of one that was only promised."""
    amount = -sum(amounts.values())
    usual = amounts == {payment.plugin: -amount} or not amounts
    said = {"why": why, "payment_id": payment.id, "payment_plugin": payment.plugin, "amount": amount}
    return OrderPaymentLost.model_validate(after.event_fields() | said | {"at_providers": None if usual else at_providers(amounts)})


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
    told = after.refund_fields(refund) | {"refund_id": refund.id, "payment_id": refund.payment_id, "payment_plugin": message.plugin}
    told |= {"amount": refund.amount, "reason": message.reason, "was_paid": refund.state == "paid"}
    return OrderChange(after, OrderRefundFailed(**told, at_providers=_moved_by_failure(order, after, refund)))


def _moved_by_failure(before: Order, after: Order, refund: Refund) -> list[ProviderAmount] | None:
    """How much more the providers hold by a refund's failure; None if no more than was taken off for it. One that was not paid had been
    taken off nowhere yet.
    """
    amounts, payment = Counter(moved(before, after)), after.payment(refund.payment_id)
    taken_off = Counter({payment.plugin: refund.amount if refund.of_goods else refund.borne} if payment and after.paid_by else {})
    if refund.state != "paid":
        amounts.subtract(taken_off)
        return at_providers(amounts) or None
    return None if +amounts == +taken_off and -amounts == -taken_off else at_providers(amounts)


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
