"""The provider's books win: what it did without our asking counts, once, however it is told; amounts fall as well as rise."""

from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.lifecycle.captures import with_capture
from functions.payments.lifecycle.elsewhere import refunds_elsewhere, with_refund_elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ELSEWHERE, Payment, merge
from functions.payments.lifecycle.refunds import refundable
from functions.payments.operation_runner import OperationRunner
from functions.payments.payment_start import PaymentExists
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import CaptureView, OperationKind, PaymentView, RefundView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.errors import Unavailable
from shared.messages import PaymentCaptured, PaymentRefunded, PaymentRefundFailed
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCaptureReversed, PaymentRefundedElsewhere
from tests.unit.payments.kit import Shop
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE
from tests.unit.payments.remote import Remote, failing
from tests.unit.payments.test_crashes import Axe, Killed

SIGNED = RawWebhook(b"sesame", {})
CONSOLE = RefundView("", Money(400, "EUR"), "succeeded", "re_console")
CAPTURE = Operation(id="capture-1", kind=OperationKind.CAPTURE, amount=1000, phase=Phase.ACCEPTED, at="2026-11-01T12:00:00.000Z")
BY_HAND = replace(NEW, state=State.AUTHORIZED, authorized=1000, operations=(CAPTURE,))
KEY = CAPTURE.key(NEW.id)
TAKEN = CaptureView(KEY, PRICE, "succeeded", "psp_1")
TAKEN_BACK = replace(TAKEN, state="failed", reason="rejected by the scheme")


def told(shop: Shop) -> list[Any]:
    return [type(event) for event in shop.store.told]


def test_a_refund_made_in_the_console_counts_once_and_leaves_less_to_refund(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.accounts[paid.id].refunds.append(CONSOLE)
    for _ in range(3):
        paid = reconcile(shop.runner, paid)
    (event,) = shop.store.told
    assert isinstance(event, PaymentRefundedElsewhere)
    assert (event.amount.amount, event.provider_ref, paid.refunded, refundable(paid)) == (400, "re_console", 400, 600)
    assert event.captured == 1000, "whoever hears the refund before the capture knows what is still to come"
    assert shop.reread(paid).elsewhere == paid.elsewhere
    shop.payments.refund(paid, "ref_1", 601)
    assert remote.done.count("refund") == 0, "more than is left was asked for"
    assert shop.payments.refund(shop.reread(paid), "ref_2", 600).refunded == 1000


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_a_process_heard_of_and_died_before_it_was_written_is_no_longer_paid_back_when_it_came_back_meanwhile(
    shop: Shop, remote: Remote, paid: Payment, at: int, ours: bool
) -> None:
    """Seed 927: the provider's total was kept at once, its refund never; when that came back, nobody took it off again."""
    if ours:
        remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
        paid = shop.payments.refund(paid, "ref_1", 400)
    else:
        remote.accounts[paid.id].refunds.append(CONSOLE)
    axe = Axe(at, late=False)
    runner = OperationRunner(shop.installations, axe.over(shop.store, {"save"}), shop.clock, shop.runner.time_left)
    with suppress(Killed):
        reconcile(runner, shop.reread(paid))
    remote.settle_refund(paid.id, "failed")
    after = reconcile(shop.runner, shop.reread(paid))
    assert (after.refunded, refundable(after)) == (0, 1000)


def test_a_refund_made_elsewhere_that_comes_back_can_be_paid_again(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.accounts[paid.id].refunds.append(CONSOLE)
    paid = reconcile(shop.runner, paid)
    remote.settle_refund(paid.id, "failed")
    for _ in range(2):
        paid = reconcile(shop.runner, paid)
    first, second = shop.store.told
    assert (type(second), second.refund_id, second.was_paid) == (PaymentRefundFailed, first.refund_id, True)
    assert (paid.refunded, refundable(paid)) == (0, 1000)


def test_a_refund_that_the_provider_paid_twice_for_one_key_is_told_the_second_time_as_elsewhere(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    paid = shop.payments.refund(paid, "ref_1", 300)
    (ours,) = remote.accounts[paid.id].refunds
    remote.accounts[paid.id].refunds[:] = [replace(ours, provider_ref="re_2"), replace(ours, provider_ref="re_1")]
    for _ in range(2):
        paid = reconcile(shop.runner, paid)
    assert told(shop) == [PaymentRefunded, PaymentRefundedElsewhere]
    assert refundable(paid) == 400


def test_a_refund_that_was_told_as_failed_and_that_the_provider_paid_all_the_same_is_heard(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    remote.before = failing("refund", ErrorKind.DECLINED, times=1)
    failed = shop.payments.refund(paid, "ref_1", 300)
    key = failed.operations[-1].key(paid.id)
    remote.accounts[paid.id].refunds.append(RefundView(key, Money(300, "EUR"), "succeeded", "re_late"))
    paid = reconcile(shop.runner, failed)
    assert (told(shop), refundable(paid)) == ([PaymentRefundFailed, PaymentRefundedElsewhere], 700)


def test_a_notice_names_a_refund_that_the_provider_must_be_asked_for(shop: Shop, remote: Remote, paid: Payment) -> None:
    asked: list[Any] = []

    def fetch(ctx: Any, payment_id: str, provider_ref: str, since: Any, refunds: Any = ()) -> PaymentView:
        asked.append(list(refunds))
        found = (replace(CONSOLE, op_key="in the console", provider_ref=""),) if "in the console" in refunds else ()
        return replace(remote.accounts[payment_id].view(payment_id), refunds=found)

    remote.fetch = fetch  # type: ignore[method-assign]
    remote.notice = WebhookResult("evt_1", paid.id, paid.order_id, refunds=("in the console",))
    receive_notice(shop.runner, paid.installation_id, SIGNED)
    assert (asked, told(shop), shop.reread(paid).refunded) == ([["in the console"]], [PaymentRefundedElsewhere], 400)


@given(st.permutations([CONSOLE, CONSOLE, replace(CONSOLE, provider_ref="re_2"), replace(CONSOLE, amount=Money(5, "USD"))]))
def test_refunds_made_elsewhere_count_alike_in_any_order(news: list[RefundView]) -> None:
    payment = replace(NEW, state=State.CAPTURED, captured=1000)
    for refund in news:
        view = PaymentView(provider_ref="x", state=State.CAPTURED, amount=PRICE, refunds=(refund,))
        for found in refunds_elsewhere(payment, view):
            payment = with_refund_elsewhere(payment, found)
    assert (payment.refunded, {e.ref for e in payment.elsewhere}) == (800, {"re_console", "re_2"})


def test_what_happened_elsewhere_is_bounded() -> None:
    payment = replace(NEW, state=State.CAPTURED, captured=1000)
    for n in range(MOST_ELSEWHERE + 5):
        payment = with_refund_elsewhere(payment, replace(CONSOLE, amount=Money(1, "EUR"), provider_ref=f"re_{n}"))
        payment = with_capture(payment, CaptureView("", Money(1, "EUR"), "failed", f"c_{n}"))
    assert len(payment.elsewhere) == MOST_ELSEWHERE


def test_a_capture_taken_back_after_it_succeeded_is_not_captured_and_may_be_captured_again() -> None:
    captured = with_capture(BY_HAND, TAKEN)
    back = with_capture(captured, TAKEN_BACK)
    assert (captured.captured, captured.state, back.captured, back.state) == (1000, State.CAPTURED, 0, State.AUTHORIZED)
    assert (back.operations[0].phase, back.operations[0].code) == (Phase.FAILED, "rejected by the scheme")
    assert with_capture(with_capture(back, TAKEN_BACK), TAKEN) == back, "older news brought it back"
    again = with_capture(back, replace(TAKEN, provider_ref="psp_1:again"))
    assert (again.captured, again.state) == (1000, State.CAPTURED)
    assert with_capture(again, replace(TAKEN, provider_ref="psp_1:again")) == again


def test_a_captures_failure_that_is_heard_before_its_success_stands() -> None:
    for payment in (with_capture(BY_HAND, TAKEN_BACK), with_capture(with_capture(BY_HAND, TAKEN_BACK), TAKEN)):
        assert (payment.captured, payment.state, payment.operations[0].phase) == (0, State.AUTHORIZED, Phase.FAILED)


@pytest.mark.parametrize("order", [*permutations(["paid", "taken back", "paid"])])
def test_what_was_captured_at_once_and_taken_back_is_not_captured_in_whatever_order_it_is_heard(order: tuple[str, ...]) -> None:
    payment = replace(NEW, state=State.REQUIRES_ACTION)
    paid = PaymentView(provider_ref="x", state=State.CAPTURED, amount=PRICE, authorized=1000, captured=1000)
    for news in order:
        payment = merge(payment, paid) if news == "paid" else with_capture(payment, CaptureView("", PRICE, "failed", "psp_9", "why"))
    assert (payment.captured, payment.live) == (0, False)


def test_a_capture_taken_back_is_told_with_what_is_left(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.able = remote.able.model_copy(update={"lookup": False})
    view = PaymentView(
        provider_ref="", state=State.AUTHORIZED, amount=PRICE, captures=(CaptureView("", Money(300, "EUR"), "failed", "r1"),)
    )
    for n in range(3):
        remote.notice = WebhookResult(f"evt_{n}", paid.id, paid.order_id, view=view)
        receive_notice(shop.runner, paid.installation_id, SIGNED)
    (event,) = shop.store.told
    assert isinstance(event, PaymentCaptureReversed)
    assert (event.amount.amount, event.captured, event.reversal_ref) == (300, 700, "r1")
    assert (shop.reread(paid).captured, refundable(shop.reread(paid))) == (700, 700)


@pytest.mark.parametrize("op_key", ["ours", ""])
def test_a_payment_captured_by_hand_that_was_taken_back_whole_lets_its_order_be_paid_anew(
    shop: Shop, remote: Remote, paid: Payment, op_key: str
) -> None:
    remote.able = remote.able.model_copy(update={"lookup": False})
    key = paid.operations[-1].key(paid.id) if op_key else ""
    view = PaymentView(provider_ref="", state=State.CREATED, amount=PRICE, captures=(CaptureView(key, PRICE, "failed", "r1"),))
    with pytest.raises(PaymentExists):
        shop.pay(amount=1000, key="k2")
    remote.notice = WebhookResult("evt", paid.id, paid.order_id, view=view)
    receive_notice(shop.runner, paid.installation_id, SIGNED)
    assert (shop.reread(paid).state, shop.reread(paid).captured) == (State.AUTHORIZED, 0)
    anew = shop.payments.capture(shop.pay(amount=1000, key="k2"))
    assert (anew.id != paid.id, anew.attempt, anew.captured) == (True, 2, 1000)
    assert shop.payments.capture(shop.reread(paid)).captured == 1000, "it may be captured again: the order pays that back"


def test_a_capture_that_never_was_keeps_its_promise_and_no_second_payment_is_begun(shop: Shop, remote: Remote) -> None:
    promised = shop.pay(amount=1000)
    remote.able = remote.able.model_copy(update={"lookup": False})
    view = PaymentView(provider_ref="", state=State.CREATED, amount=PRICE, captures=(CaptureView("", PRICE, "failed", "r1"),))
    remote.notice = WebhookResult("evt", promised.id, promised.order_id, view=view)
    receive_notice(shop.runner, promised.installation_id, SIGNED)
    with pytest.raises(PaymentExists):
        shop.pay(amount=1000, key="k2")


def test_a_look_up_that_finds_less_captured_is_believed_and_told_once(shop: Shop, remote: Remote, paid: Payment) -> None:
    shop.clock.tick(hours=1)
    remote.accounts[paid.id].captured = 400
    for _ in range(2):
        after = reconcile(shop.runner, shop.reread(paid))
    (event,) = shop.store.told
    assert isinstance(event, PaymentCaptureReversed)
    assert (event.amount.amount, event.captured, after.captured, after.state) == (600, 400, 400, State.CAPTURED)
    remote.accounts[paid.id].captured = 1000
    assert (reconcile(shop.runner, after).captured, told(shop)[-1]) == (1000, PaymentCaptured)


def test_money_taken_back_while_a_refund_was_open_is_heard_by_the_look_up_that_settles_the_refund(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    remote.before = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    shop.payments.refund(paid, "ref_1", 300)
    shop.clock.tick(hours=1)
    remote.accounts[paid.id].captured = 0
    remote.notice = WebhookResult("evt_1", paid.id, paid.order_id)
    receive_notice(shop.runner, paid.installation_id, SIGNED)
    assert (shop.reread(paid).captured, PaymentCaptureReversed in told(shop)) == (0, True)


def test_a_notice_of_money_taken_back_that_cannot_be_believed_yet_is_taken_when_it_comes_again(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    remote.accounts[paid.id].captured = 0
    remote.notice = WebhookResult("evt_1", paid.id, paid.order_id)
    with pytest.raises(Unavailable, match="less than"):
        receive_notice(shop.runner, paid.installation_id, SIGNED)
    assert (shop.reread(paid).captured, told(shop)) == (1000, []), "what was captured a moment ago may not be seen yet"
    shop.clock.tick(hours=1)
    receive_notice(shop.runner, paid.installation_id, SIGNED)
    assert (shop.reread(paid).captured, told(shop)) == (0, [PaymentCaptureReversed])


def test_a_look_up_that_was_put_before_the_capture_takes_nothing_back(shop: Shop, remote: Remote) -> None:
    promised = shop.pay(amount=1000)
    usual, seen = remote.fetch, []

    def slow(*asked: Any, **more: Any) -> PaymentView | None:
        view = usual(*asked, **more)
        if not seen:
            seen.append(view)
            shop.payments.capture(shop.reread(promised))
            shop.clock.tick(hours=1)
        return view

    remote.fetch = slow  # type: ignore[method-assign]
    reconcile(shop.runner, promised)
    assert (shop.reread(promised).captured, PaymentCaptureReversed in told(shop)) == (1000, False)


@pytest.mark.parametrize("ended", [State.EXPIRED, State.CANCELED])
def test_an_authorization_that_ends_at_the_provider_is_told(shop: Shop, remote: Remote, ended: State) -> None:
    promised = shop.pay(amount=1000)
    remote.accounts[promised.id].state = ended
    remote.notice = WebhookResult("evt_1", promised.id, promised.order_id)
    receive_notice(shop.runner, promised.installation_id, SIGNED)
    event = shop.store.told[-1]
    assert isinstance(event, PaymentAuthorizationEnded)
    assert (event.ended, event.amount.amount, shop.reread(promised).live) == (ended, 1000, False)


def test_a_refund_of_another_amount_than_was_asked_for_is_counted_as_what_the_provider_paid(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    lost = shop.payments.refund(paid, "ref_1", 300)
    (ours,) = remote.accounts[paid.id].refunds
    remote.accounts[paid.id].refunds[:] = [replace(ours, amount=Money(350, "EUR"), provider_ref="re_1")]
    after = reconcile(shop.runner, lost)
    assert (told(shop), refundable(after)) == ([PaymentRefundFailed, PaymentRefundedElsewhere], 650)


def test_an_error_of_the_provider_takes_nothing_back(shop: Shop, remote: Remote, paid: Payment) -> None:
    def fail(call: str) -> None:
        raise PluginError(ErrorKind.UNAVAILABLE, "not now")

    remote.before = fail
    with pytest.raises(Exception, match="cannot say"):
        reconcile(shop.runner, paid)
    assert shop.reread(paid) == paid
