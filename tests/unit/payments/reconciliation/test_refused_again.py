"""A refund that was lost, sent again and refused then: its first request may arrive still, so the refusal is final only after that."""

from collections.abc import Callable

import pytest

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.reconciliation.reconcile import reconcile
from functions.payments.views import PaymentView
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import RefundView, State
from shared.messages import PaymentRefunded, PaymentRefundFailed
from shared.providers.late_requests import LAST_ARRIVAL
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote

LOST = PluginError(ErrorKind.OUTCOME_UNKNOWN, "nobody knows where the request is")
AWAY = PluginError(ErrorKind.UNAVAILABLE, "away")


def answers(call: str, *refusals: PluginError) -> Callable[[str], None]:
    """For `before`: refuses the first tries of that call so, and all after them as the last."""
    left = [*refusals]

    def refuse(now: str) -> None:
        if now == call:
            raise left.pop(0) if len(left) > 1 else left[0]

    return refuse


def refused(kind: ErrorKind) -> PluginError:
    return PluginError(kind, "nothing is left to be paid back", "nothing_left")


def arrives(remote: Remote, payment: Payment) -> None:
    """The request that was lost comes to the provider, which does it."""
    refund = payment.operations[-1]
    remote.accounts[payment.id].refunds.append(RefundView(refund.key(payment.id), Money(refund.amount, "EUR"), "succeeded"))


def refused_again(shop: Shop, remote: Remote, *refusals: PluginError) -> Payment:
    """A payment of 1000, of which 300 were to be paid back; the request was lost, and refused when it was sent again."""
    paid = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    remote.before = answers("refund", *refusals)
    lost = shop.payments.refund(paid, "ref_1", 300)
    shop.swept()
    return shop.reread(lost)


@pytest.mark.parametrize("kind", [ErrorKind.INVALID, ErrorKind.CONFLICT, ErrorKind.DECLINED, ErrorKind.CONFIG, ErrorKind.UNSUPPORTED])
def test_what_arrives_after_the_refusal_of_its_repetition_is_paid_and_told_once(shop: Shop, remote: Remote, kind: ErrorKind) -> None:
    """Seed 90001514: a refund was told as failed, and paid ten hours later."""
    waits = refused_again(shop, remote, LOST, refused(kind))
    assert (waits.operations[-1].phase, shop.store.told) == (Phase.UNKNOWN, [])
    shop.clock.tick(hours=10)
    arrives(remote, waits)
    shop.swept()
    after = shop.reread(waits)
    assert (after.refunded, [type(event) for event in shop.store.told]) == (300, [PaymentRefunded])
    assert not after.awaited


def test_the_refusal_is_final_in_the_providers_own_words_when_nothing_can_arrive_any_more(shop: Shop, remote: Remote) -> None:
    waits = refused_again(shop, remote, LOST, refused(ErrorKind.INVALID))
    sent = len(waits.operations)
    shop.clock.tick(seconds=LAST_ARRIVAL.total_seconds())
    shop.swept()
    after = shop.reread(waits)
    (told,) = shop.store.told
    assert isinstance(told, PaymentRefundFailed)
    assert told.reason == "nothing is left to be paid back nothing_left"
    assert (after.operations[-1].phase, after.operations[-1].tries, len(after.operations), after.awaited) == (Phase.FAILED, 2, sent, False)


def test_meanwhile_it_is_shown_counts_as_if_it_were_paid_and_keeps_no_other_back(shop: Shop, remote: Remote) -> None:
    waits = refused_again(shop, remote, LOST, refused(ErrorKind.INVALID))
    shown = PaymentView.of(waits)
    assert shown.error
    assert (shown.error.kind, shown.error.code) == ("invalid", "nothing_left")
    (awaited,) = shown.awaited
    assert (awaited.operation_id, awaited.refused, awaited.final_at) == ("ref_1", True, "2026-11-03T00:00:00.000Z")
    assert refundable(waits) == 700
    remote.before = lambda call: None
    assert shop.payments.refund(waits, "ref_2", 700).operations[-1].phase is Phase.SUCCEEDED


def test_less_that_the_provider_holds_is_believed_meanwhile(shop: Shop, remote: Remote) -> None:
    """Only what moves captures is waited for: a notice of a capture that was taken back is not sent away for a day and a half."""
    waits = refused_again(shop, remote, LOST, refused(ErrorKind.INVALID))
    remote.accounts[waits.id].captured, remote.accounts[waits.id].state = 0, State.AUTHORIZED
    assert reconcile(shop.runner, waits).captured == 0


def test_a_refusal_of_what_was_never_lost_is_final_at_once(shop: Shop, remote: Remote) -> None:
    after = refused_again(shop, remote, AWAY, refused(ErrorKind.DECLINED))
    assert (after.operations[-1].phase, [type(event) for event in shop.store.told]) == (Phase.FAILED, [PaymentRefundFailed])


@pytest.mark.parametrize("given_up", [AWAY, LOST], ids=["away", "lost"])
def test_what_was_lost_and_then_sent_in_vain_as_often_as_it_is_tried_is_told_as_failed_only_then(
    shop: Shop, remote: Remote, given_up: PluginError
) -> None:
    waits = refused_again(shop, remote, LOST, given_up)
    for _ in range(10):
        shop.clock.tick(hours=2)
        shop.swept()
    after = shop.reread(waits)
    assert (after.operations[-1].tries, after.operations[-1].phase, shop.store.told) == (5, Phase.UNKNOWN, [])
    shop.clock.tick(seconds=LAST_ARRIVAL.total_seconds())
    shop.swept()
    assert [type(event) for event in shop.store.told] == [PaymentRefundFailed]


def test_what_we_send_no_more_because_too_little_is_left_may_arrive_as_well(shop: Shop, remote: Remote) -> None:
    """Its owner pays all back in the console between the two tries."""
    paid = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    remote.before = answers("refund", LOST, AWAY)
    lost = shop.payments.refund(paid, "ref_1", 300)
    shop.swept()
    remote.accounts[lost.id].refunds.append(RefundView("", Money(1000, "EUR"), "succeeded", "by hand"))
    shop.clock.tick(hours=1)
    shop.swept()
    after = shop.reread(lost)
    assert (after.operations[-1].phase, after.operations[-1].code) == (Phase.UNKNOWN, "exceeds_captured")
    assert not [event for event in shop.store.told if isinstance(event, PaymentRefundFailed)]


@pytest.mark.parametrize("asked", ["capture", "cancel"])
def test_a_promise_is_looked_at_when_what_was_lost_of_a_refused_capture_or_cancellation_comes_no_more(
    shop: Shop, remote: Remote, asked: str
) -> None:
    """Such a refusal is told at once, for the shopper waits; what came late is heard of before the promise should have ended."""
    promised = shop.pay(amount=1000)
    remote.before = answers(asked, LOST, refused(ErrorKind.DECLINED))
    getattr(shop.payments, asked)(promised)
    shop.swept()
    refused_now = shop.reread(promised)
    assert (refused_now.operations[-1].phase, refused_now.unsettled) == (Phase.FAILED, ())
    remote.before = lambda call: None
    account = remote.accounts[promised.id]
    account.state, account.captured = (State.CAPTURED, 1000) if asked == "capture" else (State.CANCELED, 0)
    shop.clock.tick(seconds=LAST_ARRIVAL.total_seconds())
    shop.swept()
    assert shop.reread(promised).state is account.state
