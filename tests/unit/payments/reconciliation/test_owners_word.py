"""An owner says what the provider's console shows, where the provider never told: once, for what was asked, within the payment's bounds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.reconciliation.owners_word import PATIENCE, OutcomeKnown, StillAwaited, Word, with_word
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.views import PaymentView
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import OperationKind, State
from monsoon_plugin.plugin import RawWebhook
from shared.errors import Invalid, NotFound, Problem
from shared.messages import PaymentAuthorized, PaymentCaptured, PaymentRefunded, PaymentRefundFailed
from tests.fakes import NOON
from tests.unit.payments.kit import Shop
from tests.unit.payments.lifecycle.test_payment import NEW
from tests.unit.payments.reconciliation.test_untold_outcomes import NEITHER
from tests.unit.payments.remote import Remote, failing

DONE = Word(True, 300, "re_console", "acc_1")
NOT_DONE = Word(False, None, "", "acc_1")


@pytest.fixture
def remote() -> Remote:
    remote = Remote()
    remote.tell_by_notices_alone()
    return remote


@pytest.fixture
def untold(shop: Shop, remote: Remote) -> Payment:
    """A payment of 1000, of which 300 were to be paid back; nobody tells whether they were."""
    paid = shop.payments.capture(shop.pay(amount=1000))
    remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    lost = shop.payments.refund(paid, "ref_1", 300)
    shop.swept()
    shop.store.told.clear()
    return shop.reread(lost)


def test_what_is_untold_is_shown_with_what_its_owner_needs_to_say_it(untold: Payment) -> None:
    (shown,) = PaymentView.of(untold).awaited
    assert (shown.operation_id, shown.operation, shown.amount, shown.untold) == ("ref_1", "refund", 300, True)


@pytest.mark.parametrize(("word", "told", "left"), [(DONE, PaymentRefunded, 700), (NOT_DONE, PaymentRefundFailed, 1000)])
def test_a_refund_counts_as_its_owner_says_once_and_is_told_as_if_the_provider_had(
    shop: Shop, untold: Payment, word: Word, told: Any, left: int
) -> None:
    for _ in range(3):
        after = shop.payments.say(shop.reread(untold), "ref_1", word)
    assert [type(event) for event in shop.store.told] == [told]
    assert (refundable(after), after.awaited, PaymentView.of(after).awaited) == (left, False, [])
    (said,) = PaymentView.of(shop.reread(after)).said
    assert (said.said, said.said_by, said.said_at != "") == (word.text, "acc_1", True), "the record says who said what, and when"
    with pytest.raises(OutcomeKnown):
        shop.payments.say(after, "ref_1", NOT_DONE if word is DONE else DONE)


def test_the_providers_own_word_that_comes_later_is_the_same_refund_and_moves_nothing_more(
    shop: Shop, remote: Remote, untold: Payment
) -> None:
    shop.payments.say(untold, "ref_1", DONE)
    remote.tell_of_refund(untold, "succeeded")
    receive_notice(shop.runner, untold.installation_id, RawWebhook(b"sesame", {}))
    assert (len(shop.store.told), shop.reread(untold).refunded) == (1, 300)


def test_what_the_console_calls_it_is_the_same_refund_when_a_notice_tells_of_it_without_our_key(
    shop: Shop, remote: Remote, untold: Payment
) -> None:
    shop.payments.say(untold, "ref_1", replace(DONE, reference="re_1"))
    remote.tell_of_refund(untold, "succeeded", op_key="")
    receive_notice(shop.runner, untold.installation_id, RawWebhook(b"sesame", {}))
    assert (len(shop.store.told), shop.reread(untold).refunded) == (1, 300)
    remote.tell_of_refund(untold, "failed", op_key="")
    receive_notice(shop.runner, untold.installation_id, RawWebhook(b"sesame", {}))
    assert [type(event) for event in shop.store.told] == [PaymentRefunded, PaymentRefundFailed]
    assert shop.reread(untold).refunded == 0


def test_a_refund_that_the_provider_says_has_failed_is_owed_again_whatever_its_owner_said(
    shop: Shop, remote: Remote, untold: Payment
) -> None:
    shop.payments.say(untold, "ref_1", DONE)
    remote.tell_of_refund(untold, "failed")
    receive_notice(shop.runner, untold.installation_id, RawWebhook(b"sesame", {}))
    assert [type(event) for event in shop.store.told] == [PaymentRefunded, PaymentRefundFailed]
    assert shop.reread(untold).refunded == 0


@pytest.mark.parametrize(
    ("word", "pointer"),
    [
        (replace(DONE, amount=301), "/amount"),
        (replace(DONE, amount=None), "/amount"),
        (replace(DONE, reference=""), "/reference"),
    ],
)
def test_a_word_that_is_not_of_what_was_asked_for_is_refused_by_its_field(shop: Shop, untold: Payment, word: Word, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        shop.payments.say(untold, "ref_1", word)
    assert refused.value.errors[0].pointer == pointer
    assert shop.reread(untold) == untold


def test_a_refund_by_hand_that_counts_already_is_not_counted_as_ours_too(shop: Shop, untold: Payment) -> None:
    known = shop.runner.update(untold, lambda p: replace(p, elsewhere=(Elsewhere("re_console", "refund", 300),), refunded=300))
    with pytest.raises(Invalid) as refused:
        shop.payments.say(known, "ref_1", DONE)
    assert refused.value.errors[0].pointer == "/reference"


def test_no_word_pays_back_more_than_is_captured(shop: Shop, untold: Payment) -> None:
    fallen = shop.runner.update(untold, lambda p: replace(p, captured=200, elsewhere=(Elsewhere("fall-1", "fall", 800),)))
    with pytest.raises(Invalid) as refused:
        shop.payments.say(fallen, "ref_1", DONE)
    assert (refused.value.errors[0].pointer, shop.reread(untold).refunded) == ("/done", 0)


def test_what_the_provider_may_still_tell_nobody_else_says(shop: Shop, remote: Remote) -> None:
    remote.refund_state = "pending"
    paid = shop.payments.refund(shop.payments.capture(shop.pay(amount=1000)), "ref_1", 300)
    with pytest.raises(StillAwaited):
        shop.payments.say(paid, "ref_1", DONE)
    shop.clock.now += PATIENCE
    assert shop.payments.say(shop.reread(paid), "ref_1", DONE).refunded == 300, "it was taken on a week ago, and nothing came"
    with pytest.raises(NotFound):
        shop.payments.say(shop.reread(paid), "ref_9", DONE)


@pytest.mark.parametrize(("done", "state", "told"), [(True, State.CAPTURED, [PaymentCaptured]), (False, State.AUTHORIZED, [])])
def test_a_capture_of_which_nobody_can_tell_keeps_nothing_back_once_its_owner_has_said(
    shop: Shop, remote: Remote, done: bool, state: State, told: list[Any]
) -> None:
    promised = shop.pay(amount=1000)
    remote.before = failing("capture", ErrorKind.OUTCOME_UNKNOWN, times=1)
    shop.payments.capture(promised)
    shop.swept()
    shop.store.told.clear()
    word = Word(done, 1000 if done else None, "psp_1" if done else "", "acc_1")
    stuck = shop.reread(promised)
    for _ in range(2):
        after = shop.payments.say(stuck, stuck.unsettled[0].id, word) if stuck.unsettled else shop.reread(stuck)
        stuck = shop.reread(promised)
    assert (after.state, [type(event) for event in shop.store.told], after.blocking) == (state, told, ())
    if not done:
        assert shop.payments.capture(after).captured == 1000


OPEN = Operation(id="o", kind=OperationKind.CANCEL, amount=1000, phase=Phase.UNKNOWN, code="untold", at="2026-11-01T11:00:00.000Z")


@pytest.mark.parametrize(
    ("kind", "captured", "state", "told"),
    [
        (OperationKind.CANCEL, 0, State.CANCELED, []),
        (OperationKind.CANCEL, 1000, None, []),
        (OperationKind.CONFIRM, 0, State.AUTHORIZED, [PaymentAuthorized]),
    ],
)
def test_a_cancellation_or_confirmation_counts_unless_the_money_was_taken(
    shop: Shop, kind: OperationKind, captured: int, state: State | None, told: list[Any]
) -> None:
    now = State.PENDING if kind is OperationKind.CONFIRM else State.CAPTURED if captured else State.AUTHORIZED
    open_ = shop.runner.update(
        shop.pay(amount=1000), lambda p: replace(p, state=now, captured=captured, operations=(replace(OPEN, kind=kind),))
    )
    shop.store.told.clear()
    if state is None:
        with pytest.raises(Invalid):
            shop.payments.say(open_, "o", Word(True, None, "", "acc_1"))
        return
    after = shop.payments.say(open_, "o", Word(True, None, "", "acc_1"))
    assert after.state is state
    assert [type(e) for e in shop.store.told if isinstance(e, PaymentAuthorized)] == told


@given(st.lists(st.sampled_from([DONE, NOT_DONE, replace(DONE, reference="other"), replace(DONE, amount=700)]), max_size=6))
def test_whatever_is_said_in_whatever_order_the_first_word_alone_counts(words: list[Word]) -> None:
    refund = replace(OPEN, id="ref_1", kind=OperationKind.REFUND, amount=300)
    payment = replace(NEW, state=State.CAPTURED, captured=1000, operations=(refund,))
    heard = []
    for word in words:
        try:
            payment = with_word(payment, "ref_1", word, NOON, NEITHER)
            heard.append(word)
        except Problem:
            continue
    assert len(set(heard)) <= 1
    assert payment.refunded == (300 if heard and heard[0].done else 0)
