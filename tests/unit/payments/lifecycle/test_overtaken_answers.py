"""A notice may be handled before the answer to the very call is: what it told stays, whatever the answer says."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.payments.lifecycle.answers import with_answer, with_refusal
from functions.payments.lifecycle.operation import NEVER_ARRIVED, Operation, Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable, with_refund_outcome
from functions.payments.reconciliation.provider_webhooks import receive_notice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import CaptureView, OperationKind, PaymentView, RefundView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.messages import PaymentCaptured, PaymentRefunded, PaymentRefundFailed
from tests.fakes import NOON
from tests.unit.payments.kit import Shop
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE
from tests.unit.payments.remote import Remote

LOST = PluginError(ErrorKind.OUTCOME_UNKNOWN, "timed out")
SENT = Operation(id="confirm-1", kind=OperationKind.CONFIRM, amount=1000, phase=Phase.SENT, at="2026-11-01T12:00:00.000Z", tries=1)
PROMISE = PaymentView(provider_ref="x", state=State.AUTHORIZED, amount=PRICE, authorized=1000)


def heard(shop: Shop, payment: Payment) -> None:
    receive_notice(shop.runner, payment.installation_id, RawWebhook(b"sesame", {}))


def overtaking(shop: Shop, remote: Remote, payment: Payment, state: str, lost: bool = False) -> Callable[[str], None]:
    """For `after`: the notice of the refund that is being made is handled before its answer comes, or is lost."""

    def tell(call: str) -> None:
        if call == "refund":
            remote.tell_of_refund(payment, state)
            heard(shop, payment)
            if lost:
                raise LOST

    return tell


@pytest.mark.parametrize("lost", [False, True])
def test_a_refund_that_a_notice_calls_paid_before_its_answer_stays_paid_and_is_sent_once(
    shop: Shop, remote: Remote, paid: Payment, lost: bool
) -> None:  # fmt: skip
    remote.tell_by_notices_alone()
    remote.refund_state, remote.after = "pending", overtaking(shop, remote, paid, "succeeded", lost)
    after = shop.payments.refund(paid, "ref_1", 300)
    assert (after.operations[-1].phase, after.refunded, after.awaited) == (Phase.SUCCEEDED, 300, False)
    for _ in range(3):
        shop.swept()
    assert (remote.done.count("refund"), [type(told) for told in shop.store.told]) == (1, [PaymentRefunded])


def test_a_refund_that_comes_back_after_an_overtaken_answer_is_told_as_paid_before(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.tell_by_notices_alone()
    remote.refund_state, remote.after = "pending", overtaking(shop, remote, paid, "succeeded")
    shop.payments.refund(paid, "ref_1", 300)
    remote.tell_of_refund(paid, "failed", reason="account_closed")
    heard(shop, paid)
    failed = shop.store.told[-1]
    assert isinstance(failed, PaymentRefundFailed)
    assert (failed.was_paid, shop.reread(paid).refunded, refundable(shop.reread(paid))) == (True, 0, 1000)


@pytest.mark.parametrize(
    ("told", "phase"),
    [
        (("failed", "pending"), Phase.FAILED),
        (("pending", "succeeded"), Phase.SUCCEEDED),
        (("pending", "pending"), Phase.ACCEPTED),
    ],
)
def test_of_a_notice_and_the_answer_the_further_counts(
    shop: Shop, remote: Remote, paid: Payment, told: tuple[str, str], phase: Phase
) -> None:
    notice, answer = told
    remote.tell_by_notices_alone()
    remote.refund_state, remote.after = answer, overtaking(shop, remote, paid, notice)
    assert shop.payments.refund(paid, "ref_1", 300).operations[-1].phase is phase


def test_a_capture_that_a_notice_tells_before_its_answer_counts_once(shop: Shop, remote: Remote) -> None:
    promised = shop.pay(amount=1000)
    remote.tell_by_notices_alone()

    def tell(call: str) -> None:
        key = shop.reread(promised).operations[-1].key(promised.id)
        view = PaymentView(provider_ref="", state=State.AUTHORIZED, amount=PRICE, captures=(CaptureView(key, PRICE, "succeeded", "P1"),))
        remote.notice = WebhookResult("evt_1", promised.id, promised.order_id, view=view)
        heard(shop, promised)
        remote.accounts[promised.id].captured, remote.accounts[promised.id].state = 0, State.AUTHORIZED
        raise LOST

    remote.after = tell
    after = shop.payments.capture(promised)
    assert (after.captured, after.operations[-1].phase, after.awaited) == (1000, Phase.SUCCEEDED, False)
    assert [type(told) for told in shop.store.told].count(PaymentCaptured) == 1


def test_an_answer_does_not_bring_back_what_has_ended_since_unless_with_money() -> None:
    ended = replace(NEW, state=State.CANCELED, operations=(SENT.succeeded(),))
    assert with_answer(ended, SENT, PROMISE) == ended
    paid = with_answer(ended, SENT, replace(PROMISE, state=State.CAPTURED, captured=1000))
    assert (paid.captured, paid.late) == (1000, True)


def test_what_the_shopper_must_do_is_taken_from_an_answer_that_a_notice_has_overtaken() -> None:
    start = replace(SENT, id="start", kind=OperationKind.START)
    told = replace(NEW, state=State.PENDING, operations=(start.succeeded(),))
    page = PaymentView(provider_ref="x", state=State.REQUIRES_ACTION, amount=PRICE, next_action={"type": "redirect"})
    after = with_answer(told, start, page)
    assert (after.provider_ref, after.next_action, after.state) == ("x", {"type": "redirect"}, State.PENDING)


def test_an_answer_proves_that_the_request_arrived_though_a_look_up_had_not_found_it() -> None:
    for concluded in (SENT.failed(NEVER_ARRIVED), SENT.failed(NEVER_ARRIVED).sent(NOON)):
        after = with_answer(replace(NEW, operations=(concluded,)), SENT, PROMISE)
        assert (after.state, after.operations[0].phase) == (State.AUTHORIZED, Phase.SUCCEEDED)


@pytest.mark.parametrize("since", [SENT.succeeded(), SENT.accepted(), SENT.failed(NEVER_ARRIVED).sent(NOON)])
def test_a_lost_answer_says_nothing_of_what_was_told_since(since: Operation) -> None:
    told = replace(NEW, operations=(since,))
    assert with_refusal(told, SENT, LOST) == told


def test_a_look_up_that_does_not_tell_of_a_refund_says_nothing_of_one_that_was_told_of_meanwhile() -> None:
    sent = replace(SENT, id="ref_1", kind=OperationKind.REFUND)
    told = replace(NEW, captured=1000, operations=(sent.succeeded(),))
    assert with_refund_outcome(told, sent, PROMISE, sent.failed(NEVER_ARRIVED)) == told


def test_the_answer_to_a_refund_keeps_what_another_try_of_it_was_told() -> None:
    first = replace(SENT, id="ref_1", kind=OperationKind.REFUND)
    again = first.failed(NEVER_ARRIVED).sent(NOON)
    paid = with_answer(replace(NEW, captured=1000, operations=(again,)), first, RefundView(first.key(NEW.id), PRICE))
    assert (paid.operations[0].phase, paid.operations[0].tries, with_refusal(paid, again, LOST)) == (Phase.SUCCEEDED, 2, paid)
