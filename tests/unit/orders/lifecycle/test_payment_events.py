"""News of payments may come twice and in any order; the order ends the same, and no money is lost."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, strategies

from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot
from functions.orders.checkout.pricing import price_basket
from functions.orders.lifecycle.payment_events import UnknownRefund, after_authorization, after_capture, after_refund
from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order import Order, OrderChange, Payment
from functions.orders.refunds.cancellation import cancellation
from functions.orders.refunds.refunds_owed import next_refund_owed
from functions.orders.withdrawals.answers import after_released
from shared.messages import PaymentAuthorized
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderRefunded, RefundRequested
from tests.fakes import NOON
from tests.unit.orders.given import (
    ACCOUNT,
    ADDRESS,
    MUG,
    PAYMENT,
    RATES,
    STOREFRONT,
    basket,
    capture,
    choice,
    payout,
    promise,
    released,
    stock_item,
    storefront,
)

wanted = basket({MUG: 2})
BILL = price_basket(wanted, storefront(), CheckoutSnapshot(None, {MUG: stock_item()}), lambda: RATES)
ORDER = Order(
    id="ord_1", account_id=ACCOUNT, storefront_id=STOREFRONT, placed_at="2026-11-01T12:00:00.000Z", fingerprint="f", currency="EUR",
    language="en", buyer=wanted.buyer, address=ADDRESS, lines=BILL.lines,
    shipping=choice(), pay_by="2026-11-01T13:00:00.000Z",
)  # fmt: skip


def sure(change: OrderChange | None) -> OrderChange:
    assert change is not None
    return change


def cancelled(order: Order) -> Order:
    """The order, cancelled by its merchant and released by shipping."""
    asked = sure(cancellation(order, "merchant", NOON)).order
    return sure(after_released(asked, released(asked, asked.withdrawals[-1]), NOON)).order


def test_a_promise_of_the_whole_accepts_the_order() -> None:
    change = sure(after_authorization(ORDER, promise(ORDER)))
    assert (change.order.state, sweep_due(change.order), type(change.event)) == ("accepted", None, OrderAccepted)


def test_the_whole_captured_pays_the_order_and_says_who_gets_what() -> None:
    change = sure(after_capture(ORDER, capture(ORDER)))
    event = change.event
    assert isinstance(event, OrderPaid)
    assert (change.order.state, event.total, event.provider_fee, event.payment_plugin) == ("paid", 2950, 30, "stripe")
    assert [(line.unit_price, line.unit_cost) for line in event.lines] == [(1250, 1000)]
    assert event.version == change.order.version == 2


@pytest.mark.parametrize(("amount", "currency"), [(2949, "EUR"), (2950, "USD"), (0, "EUR")])
def test_less_or_another_currency_goes_to_review_and_keeps_the_stock(amount: int, currency: str) -> None:
    for change in (
        after_capture(ORDER, capture(ORDER, amount, currency=currency)),
        after_authorization(ORDER, promise(ORDER, amount, currency=currency)),
    ):
        assert (sure(change).order.state, sure(change).event, sure(change).returned, sweep_due(sure(change).order)) == (
            "review",
            None,
            {},
            None,
        )


def test_a_partial_capture_that_becomes_whole_pays_the_order() -> None:
    part = sure(after_capture(ORDER, capture(ORDER, 1000)))
    assert sure(after_capture(part.order, capture(ORDER, version=3))).order.state == "paid"


def test_what_was_captured_too_much_is_owed_back() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER, 3000)))
    back = sure(next_refund_owed(paid.order))
    assert isinstance(back.event, RefundRequested)
    assert (back.event.amount, next_refund_owed(back.order)) == (50, None)


def test_a_second_payment_for_a_paid_order_is_owed_back_whole() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER)))
    twice = sure(after_capture(paid.order, capture(ORDER, payment_id="pay_two")))
    back = sure(next_refund_owed(twice.order)).event
    assert isinstance(back, RefundRequested)
    assert (back.payment_id, back.amount, twice.order.paid_by) == ("pay_two", ORDER.total, paid.order.paid_by)


def test_a_cancelled_review_owes_what_was_captured_in_its_own_currency() -> None:
    held = sure(after_capture(ORDER, capture(ORDER, 2000, currency="USD")))
    back = sure(next_refund_owed(cancelled(held.order))).event
    assert isinstance(back, RefundRequested)
    assert (back.amount, back.currency) == (2000, "USD")


def test_a_promise_for_a_cancelled_order_is_called_off_and_takes_no_stock() -> None:
    gone = sure(cancellation(ORDER, "shopper", NOON))
    change = sure(after_authorization(gone.order, promise(ORDER)))
    assert isinstance(change.event, OrderCancelled)
    assert (change.event.payment_id, change.returned, change.order.state) == (promise(ORDER).payment_id, {}, "cancelled")


def test_older_or_repeated_news_of_a_payment_is_dropped() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER))).order
    assert after_capture(paid, capture(ORDER)) is None
    assert after_authorization(paid, promise(ORDER)) is None


def test_a_later_promise_does_not_forget_what_was_captured() -> None:
    part = sure(after_capture(ORDER, capture(ORDER, 1000))).order
    assert sure(after_authorization(part, promise(ORDER, version=3))).order.payments[0].captured == 1000


@pytest.mark.parametrize("news", list(permutations([promise(ORDER), capture(ORDER), capture(ORDER), promise(ORDER)])))
def test_news_in_any_order_pays_the_order_once(news: tuple[object, ...]) -> None:
    order, events = ORDER, []
    for message in news:
        change = after_authorization(order, message) if isinstance(message, PaymentAuthorized) else after_capture(order, message)
        order, events = (change.order, [*events, change.event]) if change else (order, events)
    assert order.state == "paid"
    assert [type(e) for e in events if e].count(OrderPaid) == 1


def test_a_refund_paid_out_says_which_units_and_how_much_shipping_came_back() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER))).order
    asked = sure(next_refund_owed(cancelled(paid)))
    assert isinstance(asked.event, RefundRequested)
    done = sure(after_refund(asked.order, payout(ORDER, asked.event)))
    assert isinstance(done.event, OrderRefunded)
    assert ([line.quantity for line in done.event.lines], done.event.shipping, done.event.amount) == ([2], 450, 2950)
    assert after_refund(done.order, payout(ORDER, asked.event)) is None


def test_a_refund_that_nobody_asked_for_is_left_to_a_person() -> None:
    asked = RefundRequested(version=1, order_id="ord_1", storefront_id=STOREFRONT, account_id=ACCOUNT, currency="EUR",
                            refund_id="ref_x", payment_id="pay_1", amount=5)  # fmt: skip
    with pytest.raises(UnknownRefund):
        after_refund(ORDER, payout(ORDER, asked))


def test_a_refund_of_another_amount_than_was_asked_for_is_left_to_a_person() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER))).order
    asked = sure(next_refund_owed(cancelled(paid)))
    assert isinstance(asked.event, RefundRequested)
    with pytest.raises(UnknownRefund):
        after_refund(asked.order, payout(ORDER, asked.event.model_copy(update={"amount": 2949})))


@given(
    strategies.lists(strategies.tuples(strategies.integers(1, 6), strategies.integers(0, 6000), strategies.sampled_from("ab")), max_size=8)
)
def test_of_all_that_was_captured_the_order_keeps_its_total_and_owes_the_rest(news: list[tuple[int, int, str]]) -> None:
    order = ORDER
    for version, amount, payment_id in news:
        change = after_capture(order, capture(ORDER, amount, version, payment_id))
        order = change.order if change else order
        while back := next_refund_owed(order):
            order = back.order
    if order.state == "paid":
        asked = {p.id: sum(r.amount for r in order.refunds if r.payment_id == p.id) for p in order.payments}
        for p in order.payments:
            assert asked[p.id] >= p.captured - (ORDER.total if p.id == order.paid_by else 0)
    else:
        assert order.refunds == ()


def in_test_mode(message: Any) -> Any:
    return message.model_copy(update={"test": True})


def test_an_order_becomes_test_with_its_payment_and_all_its_events_say_so() -> None:
    accepted = sure(after_authorization(ORDER, in_test_mode(promise(ORDER))))
    paid = sure(after_capture(accepted.order, in_test_mode(capture(ORDER))))
    question = sure(cancellation(paid.order, "shopper", NOON))
    gone = sure(after_released(question.order, released(ORDER, question.order.withdrawals[0]), NOON))
    asked = sure(next_refund_owed(gone.order))
    refunded = sure(after_refund(asked.order, in_test_mode(payout(ORDER, asked.event))))
    for change in (accepted, paid, question, gone, asked, refunded):
        assert change.order.test
        assert change.event is not None
        assert change.event.model_dump()["test"] is True
    assert sure(after_capture(ORDER, capture(ORDER))).event.model_dump()["test"] is False


@pytest.mark.parametrize("real_first", [True, False])
def test_money_of_the_other_mode_never_pays_an_order_and_goes_back_where_it_came_from(real_first: bool) -> None:
    first, second = (promise(ORDER), in_test_mode(capture(ORDER, payment_id="pay_2")))
    if not real_first:
        first, second = in_test_mode(first), capture(ORDER, payment_id="pay_2")
    accepted = sure(after_authorization(ORDER, first)).order
    beside = sure(after_capture(accepted, second))
    assert (beside.order.state, beside.order.test, beside.event) == ("accepted", not real_first, None)
    paid = sure(after_capture(beside.order, capture(ORDER).model_copy(update={"test": not real_first}))).order
    back = sure(next_refund_owed(paid)).event
    assert isinstance(back, RefundRequested)
    assert (paid.state, paid.paid_by, back.payment_id, back.amount, back.test) == ("paid", PAYMENT, "pay_2", 2950, real_first)


def test_after_a_test_payment_that_came_to_nothing_real_money_makes_the_order_real() -> None:
    dead = ORDER.model_copy(
        update={"test": True, "payments": (Payment(id="pay_0", plugin="stripe", version=1, currency="EUR", test=True),)}
    )
    assert sure(after_capture(dead, capture(ORDER))).order.test is False
