"""A refund that could not be paid is owed again; it never blocks others, and never leaves the books wrong."""

from functions.orders.lifecycle.payment_events import after_capture, after_failed_refund, after_refund
from functions.orders.order import Order
from functions.orders.refunds.refund import RefundAsk, refund_on_request
from functions.orders.refunds.refunds_owed import UNASKED, next_refund_owed
from functions.orders.withdrawals.answers import after_released
from monsoon_plugin.money import Amount
from shared.messages import PaymentRefunded, PaymentRefundFailed
from shared.order_messages import OrderRefunded, OrderRefundFailed, RefundRequested
from tests.fakes import NOON
from tests.unit.orders.given import MUG, capture, released
from tests.unit.orders.lifecycle.test_payment_events import ORDER, cancelled, sure

PAID = sure(after_capture(ORDER, capture(ORDER))).order
SOME = RefundAsk({MUG: 1}, shipping=True, restock=False, reason="")


def taken_back(order: Order, refund_id: str) -> Order:
    """The order with a mug asked to be refunded, shipping too, and released."""
    asked = sure(refund_on_request(order, refund_id, "f", SOME, NOON)).order
    return sure(after_released(asked, released(asked, asked.withdrawals[-1]), NOON)).order


def failed(order: Order, refund_id: str, *, was_paid: bool = False) -> PaymentRefundFailed:
    refund = order.refund(refund_id)
    assert refund is not None
    return PaymentRefundFailed(
        version=9, payment_id=refund.payment_id, order_id=order.id, storefront_id=order.storefront_id, account_id=order.account_id,
        plugin="stripe", amount=Amount(amount=refund.amount, currency=refund.currency), refund_id=refund_id,
        reason="the card was closed", was_paid=was_paid,
    )  # fmt: skip


def paid(order: Order, refund_id: str) -> PaymentRefunded:
    return PaymentRefunded.model_validate(failed(order, refund_id).model_dump() | {"version": 8})


def test_units_of_a_failed_refund_can_be_refunded_again():
    asked = taken_back(PAID, "ref_1")
    assert (asked.remaining, asked.shipping_left) == ({MUG: 1}, 0)
    change = sure(after_failed_refund(asked, failed(asked, "ref_1")))
    assert change.order.remaining == {MUG: 2}
    assert isinstance(change.event, OrderRefundFailed)
    assert not change.event.was_paid
    again = sure(refund_on_request(change.order, "ref_2", "f", SOME, NOON))
    assert isinstance(again.event, RefundRequested), "the goods are back: nobody need be asked again"
    assert (again.order.refunds[1].amount, again.returned) == (change.order.refunds[0].amount, {})


def test_released_units_whose_refund_failed_are_paid_back_by_themselves():
    asked = taken_back(PAID, "ref_1")
    order = sure(after_failed_refund(asked, failed(asked, "ref_1"))).order
    again = sure(next_refund_owed(order))
    assert (again.order.refunds[-1].lines, again.returned, next_refund_owed(again.order)) == ({MUG: 1}, {}, None)


def test_a_refund_that_came_back_after_it_was_paid_tells_the_ledger_so():
    asked = taken_back(PAID, "ref_1")
    done = sure(after_refund(asked, paid(asked, "ref_1")))
    assert isinstance(done.event, OrderRefunded)
    change = sure(after_failed_refund(done.order, failed(asked, "ref_1", was_paid=True)))
    assert isinstance(change.event, OrderRefundFailed)
    assert change.event.was_paid
    assert after_failed_refund(change.order, failed(asked, "ref_1", was_paid=True)) is None


def test_news_out_of_order_end_the_same_and_books_nothing():
    asked = taken_back(PAID, "ref_1")
    change = sure(after_failed_refund(asked, failed(asked, "ref_1", was_paid=True)))
    assert isinstance(change.event, OrderRefundFailed)
    assert not change.event.was_paid, "the ledger was never told of it"
    assert after_refund(change.order, paid(asked, "ref_1")) is None


def test_what_is_owed_is_tried_three_times_unasked_and_then_left_to_the_merchant():
    order = cancelled(PAID)
    for _ in range(UNASKED):
        order = sure(next_refund_owed(order)).order
        order = sure(after_failed_refund(order, failed(order, order.refunds[-1].id))).order
    assert next_refund_owed(order) is None
    assert sure(refund_on_request(order, "ref_asked", "f", SOME, NOON)).order.refunds[-1].amount == 1250 + 450
