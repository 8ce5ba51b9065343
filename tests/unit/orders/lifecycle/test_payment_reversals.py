"""What happens at the provider without our asking: the order hears it once, and never pays back more than the provider holds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.orders.lifecycle.payment_events import UnknownRefund, after_authorization, after_capture, after_failed_refund, after_refund
from functions.orders.lifecycle.payment_reversals import (
    after_ended_authorization,
    after_failed_cancellation,
    after_refund_elsewhere,
    after_reversal,
)
from functions.orders.order import Order, OrderChange
from functions.orders.order_views import OrderView
from functions.orders.refunds.refunds_owed import next_refund_owed
from shared.messages import PaymentRefundFailed
from shared.order_messages import OrderAccepted, OrderPaid, OrderPaymentLost, OrderPromiseRetained, OrderRefunded, RefundRequested
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere
from tests.fakes import caller
from tests.unit.orders.given import MUG, capture, eur, payout, promise
from tests.unit.orders.lifecycle.test_payment_events import ORDER, sure

TOTAL = ORDER.total
PAID = sure(after_capture(ORDER, capture(ORDER))).order
SAID = {"order_id": "ord_1", "storefront_id": ORDER.storefront_id, "account_id": ORDER.account_id, "plugin": "stripe"}


def elsewhere(amount: int, refund_id: str = "ref_console", payment_id: str = "", captured: int = 0) -> PaymentRefundedElsewhere:
    return PaymentRefundedElsewhere(version=9, payment_id=payment_id or capture(ORDER).payment_id, amount=eur(amount), refund_id=refund_id,
                                    provider_ref="re_1", captured=captured, **SAID)  # fmt: skip


def reversal(amount: int, captured: int, version: int = 5) -> PaymentCaptureReversed:
    return PaymentCaptureReversed(version=version, payment_id=capture(ORDER).payment_id, amount=eur(amount), captured=captured,
                                  reversal_ref="r", **SAID)  # fmt: skip


def ended(version: int = 5) -> PaymentAuthorizationEnded:
    return PaymentAuthorizationEnded(version=version, payment_id=capture(ORDER).payment_id, amount=eur(TOTAL), ended="expired", **SAID)


def left_standing(version: int = 4) -> PaymentCancelFailed:
    return PaymentCancelFailed(version=version, payment_id=capture(ORDER).payment_id, amount=eur(TOTAL), reason="not now", **SAID)


def gone(order: Order) -> Order:
    """The order, cancelled: all its units are back."""
    return order.next(state="cancelled", reason="merchant")


def settled(order: Order) -> tuple[Order, list[Any]]:
    """The order after all that it owes by itself was requested and paid, and what it told."""
    told: list[Any] = []
    while change := next_refund_owed(order):
        order = change.order
        told.append(change.event)
        if isinstance(change.event, RefundRequested):
            paid = sure(after_refund(order, payout(order, change.event)))
            order = paid.order
            told.append(paid.event)
    return order, told


def test_a_refund_made_in_the_console_is_one_of_the_orders_without_units_and_puts_nothing_on_sale() -> None:
    change = sure(after_refund_elsewhere(PAID, elsewhere(400)))
    (refund,) = change.order.refunds
    assert (refund.state, refund.amount, refund.lines, refund.elsewhere, change.returned) == ("paid", 400, {}, True, {})
    assert isinstance(change.event, OrderRefunded)
    assert (change.event.amount, change.event.borne, change.event.covered, change.event.lines) == (400, 400, 0, [])
    assert after_refund_elsewhere(change.order, elsewhere(400)) is None
    assert next_refund_owed(change.order) is None
    assert change.order.remaining == {MUG: 2}


@pytest.mark.parametrize("amount", [1, 400, TOTAL - 1])
def test_a_cancelled_order_pays_back_what_the_console_has_left_of_it(amount: int) -> None:
    order, told = settled(gone(sure(after_refund_elsewhere(PAID, elsewhere(amount))).order))
    requested, paid = told
    assert (requested.amount, paid.amount, paid.covered, paid.borne) == (TOTAL - amount, TOTAL - amount, amount, 0)
    assert [line.quantity for line in paid.lines] == [2]
    assert sum(refund.amount for refund in order.valid_refunds) == TOTAL


def test_a_cancelled_order_that_the_console_paid_back_whole_asks_for_nothing_and_tells_that_its_units_are_back() -> None:
    _, told = settled(gone(sure(after_refund_elsewhere(PAID, elsewhere(TOTAL))).order))
    (event,) = told
    assert isinstance(event, OrderRefunded)
    assert (event.amount, event.covered, [line.quantity for line in event.lines]) == (0, TOTAL, [2])


def test_money_beyond_the_total_that_went_back_by_hand_is_owed_no_more_and_nobody_bears_it() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER, TOTAL + 300))).order
    change = sure(after_refund_elsewhere(paid, elsewhere(300)))
    assert isinstance(change.event, OrderRefunded)
    assert (change.event.borne, next_refund_owed(change.order)) == (0, None)
    more = sure(after_refund_elsewhere(change.order, elsewhere(50, "ref_2")))
    assert isinstance(more.event, OrderRefunded)
    assert more.event.borne == 50


def test_a_console_refund_that_comes_back_after_it_covered_others_is_owed_again() -> None:
    order, _ = settled(gone(sure(after_refund_elsewhere(PAID, elsewhere(400))).order))
    back = PaymentRefundFailed(version=10, payment_id=capture(ORDER).payment_id, amount=eur(400), refund_id="ref_console", reason="closed",
                               was_paid=True, **SAID)  # fmt: skip
    order, told = settled(sure(after_failed_refund(order, back)).order)
    assert [event.amount for event in told] == [400, 400]
    assert (told[-1].borne, sum(refund.amount for refund in order.valid_refunds)) == (0, TOTAL), "what the ledger counts had not moved"


def test_a_refund_of_a_payment_that_is_not_known_yet_waits_in_the_queue() -> None:
    with pytest.raises(UnknownRefund):
        after_refund_elsewhere(ORDER, elsewhere(400))


@pytest.mark.parametrize("heard", [0, 500])
def test_a_refund_of_money_whose_capture_was_not_heard_of_yet_waits_for_it(heard: int) -> None:
    promised = sure(after_authorization(ORDER, promise(ORDER, TOTAL + 300))).order
    order = sure(after_capture(promised, capture(ORDER, heard))).order if heard else promised
    with pytest.raises(UnknownRefund):
        after_refund_elsewhere(order, elsewhere(400, captured=TOTAL + 300))
    paid = sure(after_capture(order, capture(ORDER, TOTAL + 300, version=4))).order
    change = sure(after_refund_elsewhere(paid, elsewhere(400, captured=TOTAL + 300)))
    assert isinstance(change.event, OrderRefunded)
    assert (change.event.borne, next_refund_owed(change.order)) == (100, None), "300 of it had never been the order's"


def test_a_refund_of_money_that_was_taken_back_meanwhile_waits_for_nothing() -> None:
    before = sure(after_reversal(PAID, reversal(TOTAL, 0, version=8))).order
    assert sure(after_refund_elsewhere(before, elsewhere(400))).order.refunds, "it was taken back before the refund"
    later = sure(after_reversal(PAID, reversal(TOTAL, 0, version=10))).order
    assert sure(after_refund_elsewhere(later, elsewhere(400, captured=TOTAL))).order.refunds


def test_a_capture_taken_back_puts_a_paid_order_into_review_and_tells_what_is_missing() -> None:
    change = sure(after_reversal(PAID, reversal(TOTAL, 0)))
    assert (change.order.state, change.order.lost) == ("review", TOTAL)
    assert isinstance(change.event, OrderPaymentLost)
    assert (change.event.why, change.event.amount) == ("capture_reversed", TOTAL)
    assert after_reversal(change.order, reversal(TOTAL, 0)) is None
    assert next_refund_owed(change.order) is None
    _, told = settled(gone(change.order))
    assert [(event.amount, event.covered) for event in told] == [(0, TOTAL)], "nothing that the provider does not hold is paid back"


def test_an_order_paid_anew_after_its_capture_was_taken_back_says_so_and_what_it_regained() -> None:
    lost = sure(after_reversal(PAID, reversal(TOTAL, 0))).order
    partly = sure(after_capture(lost, capture(ORDER, 500, version=6)))
    assert isinstance(partly.event, OrderPaymentLost)
    assert (partly.order.state, partly.order.lost, partly.event.amount) == ("review", TOTAL - 500, -500), "so much less is missing"
    change = sure(after_capture(partly.order, capture(ORDER, version=7)))
    assert isinstance(change.event, OrderPaid)
    assert (change.order.state, change.order.lost, change.event.again, change.event.regained) == ("paid", 0, True, TOTAL - 500)


def test_what_went_back_at_the_provider_before_the_rest_was_captured_is_not_counted_as_held() -> None:
    """600 captured, 400 of that refunded in the console, the rest captured: the order is paid, and its owner bears the 400."""
    promised = sure(after_authorization(ORDER, promise(ORDER))).order
    partly = sure(after_capture(promised, capture(ORDER, 600))).order
    refund = sure(after_refund_elsewhere(partly, elsewhere(400, captured=600)))
    assert isinstance(refund.event, OrderRefunded)
    assert (refund.order.state, refund.event.borne) == ("review", 0)
    change = sure(after_capture(refund.order, capture(ORDER, version=10)))
    assert isinstance(change.event, OrderPaid)
    assert (change.order.state, change.event.total, next_refund_owed(change.order)) == ("paid", TOTAL, None)
    assert change.event.at_providers
    assert [(held.plugin, held.amount) for held in change.event.at_providers] == [("stripe", TOTAL - 400)]


@pytest.mark.parametrize("first", ["refund", "capture"])
def test_a_refund_by_hand_of_a_reduced_orders_promise_is_counted_alike_whenever_its_capture_is_heard(first: str) -> None:
    """All of a promise is captured by hand though less is owed still; where only notices tell, the refund may be heard of first."""
    order = sure(after_authorization(ORDER, promise(ORDER, TOTAL + 250))).order.model_copy(update={"state": "accepted"})
    refund, money = elsewhere(400, captured=0), capture(ORDER, TOTAL + 250, version=10)
    counted = 0
    for name in ("refund", "capture") if first == "refund" else ("capture", "refund"):
        change = sure(after_refund_elsewhere(order, refund) if name == "refund" else after_capture(order, money))
        order, event = change.order, change.event
        if isinstance(event, OrderPaid):
            counted += sum(held.amount for held in event.at_providers) if event.at_providers is not None else event.total
        elif isinstance(event, OrderRefunded):
            counted -= event.borne
    assert (order.state, counted, order.held_by(order.payments[0].id)) == ("paid", TOTAL - 150, TOTAL - 150)


def test_a_reversal_that_is_heard_before_its_capture_leaves_the_order_unpaid() -> None:
    order = sure(after_reversal(ORDER, reversal(TOTAL, 0))).order
    assert (order.state, after_capture(order, capture(ORDER))) == ("unpaid", None)


def test_a_part_beyond_the_total_that_is_taken_back_loses_nothing() -> None:
    paid = sure(after_capture(ORDER, capture(ORDER, TOTAL + 300))).order
    change = sure(after_reversal(paid, reversal(300, TOTAL)))
    assert (change.order.state, change.event, next_refund_owed(change.order)) == ("paid", None, None)


def test_an_accepted_order_whose_authorization_ended_is_for_review_until_another_promises_all_of_it() -> None:
    accepted = sure(after_authorization(ORDER, promise(ORDER))).order
    change = sure(after_ended_authorization(accepted, ended()))
    assert change.order.state == "review"
    assert isinstance(change.event, OrderPaymentLost)
    assert (change.event.why, change.event.amount) == ("authorization_ended", 0)
    anew = sure(after_authorization(change.order, promise(ORDER, version=1, payment_id="pay_2")))
    assert (anew.order.state, isinstance(anew.event, OrderAccepted) and anew.event.again) == ("accepted", True)


def test_what_was_captured_and_taken_back_promises_nothing_beside_a_promise_that_ends() -> None:
    promised = sure(after_authorization(ORDER, promise(ORDER, version=1))).order
    lost = sure(after_reversal(sure(after_capture(promised, capture(ORDER))).order, reversal(TOTAL, 0))).order
    anew = sure(after_authorization(lost, promise(ORDER, version=1, payment_id="pay_2"))).order
    news = ended().model_copy(update={"payment_id": "pay_2"})
    change = sure(after_ended_authorization(anew, news, "2026-12-01T00:00:00.000Z"))
    assert (anew.state, change.order.state, type(change.event)) == ("accepted", "review", OrderPaymentLost)


@pytest.mark.parametrize("order", [PAID, gone(ORDER), ORDER])
def test_an_authorization_that_ends_changes_no_order_that_does_not_stand_on_it(order: Order) -> None:
    change = after_ended_authorization(order, ended())
    assert change is None or (change.order.state, change.event) == (order.state, None)


news = st.lists(
    st.one_of(
        st.tuples(st.just("elsewhere"), st.integers(1, TOTAL)),
        st.tuples(st.just("reversed"), st.integers(1, TOTAL)),
        st.tuples(st.just("comes back"), st.just(0)),
        st.tuples(st.just("cancelled"), st.just(0)),
    ),
    max_size=6,
)


@given(news)
def test_whatever_happens_at_the_provider_we_never_ask_it_for_more_than_it_holds(steps: list[tuple[str, int]]) -> None:
    order, captured, asked, by_hand, version = PAID, TOTAL, 0, 0, 10
    for n, (what, amount) in enumerate(steps):
        change: OrderChange | None = None
        if what == "elsewhere" and amount <= captured - asked - by_hand:
            change, by_hand = after_refund_elsewhere(order, elsewhere(amount, f"ref_{n}")), by_hand + amount
        elif what == "reversed":
            taken, version = min(amount, captured), version + 1
            captured -= taken
            change = after_reversal(order, reversal(taken, captured, version)) if taken else None
        elif what == "cancelled":
            order = gone(order)
        elif what == "comes back" and (hand := next((r for r in order.refunds if r.elsewhere and r.state == "paid"), None)):
            by_hand -= hand.amount
            failed = PaymentRefundFailed(version=1, payment_id=hand.payment_id, amount=eur(hand.amount), refund_id=hand.id, reason="",
                                         was_paid=True, **SAID)  # fmt: skip
            change = after_failed_refund(order, failed)
        order = change.order if change else order
        room = captured - asked - by_hand
        order, told = settled(order)
        more = sum(event.amount for event in told if isinstance(event, RefundRequested))
        assert more <= max(room, 0)
        asked += more
        for event in told:
            if isinstance(event, OrderRefunded):
                worth = sum(line.unit_price * line.quantity for line in event.lines) + event.shipping
                assert not worth or event.amount + event.covered == worth
    if order.state == "cancelled" and captured == TOTAL:
        assert asked + by_hand == TOTAL, "all of a cancelled order goes back"


def test_a_promise_that_could_not_be_given_back_is_shown_with_its_cancelled_order_until_it_ends_or_is_taken() -> None:
    order = gone(sure(after_authorization(ORDER, promise(ORDER))).order)
    assert standing(order) == []
    change = sure(after_failed_cancellation(order, left_standing()))
    order, told = change.order, change.event
    assert isinstance(told, OrderPromiseRetained), "endpoints are told"
    assert (told.amount, told.currency, told.reason, told.version) == (TOTAL, "EUR", "not now", order.version)
    assert standing(order) == [(TOTAL, "not now")]
    assert after_failed_cancellation(order, left_standing()) is None, "heard twice"
    assert standing(sure(after_ended_authorization(order, ended())).order) == []
    assert standing(sure(after_capture(order, capture(order, version=6))).order) == []


def test_a_promise_whose_end_was_heard_before_its_failed_cancellation_is_shown_no_more() -> None:
    order = sure(after_ended_authorization(gone(ORDER), ended(version=5))).order
    assert after_failed_cancellation(order, left_standing(version=4)) is None


def standing(order: Order) -> list[tuple[int, str]]:
    shown = OrderView.of(order, caller("acc_1", "storefront")).standing_promises
    return [(promise.amount.amount, promise.reason) for promise in shown]
