"""Silence means that a request never arrived only where it can mean that: the provider tells everything, or knows our keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.payments.lifecycle.operation import NEVER_ARRIVED, TRIES, Operation, Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.views import PaymentView
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import Capability, OperationKind, State
from monsoon_plugin.plugin import RawWebhook
from shared.errors import Problem
from shared.messages import PaymentRefunded, PaymentRefundFailed
from tests.fakes import NOON
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes, failing

LOOKS_UP = Capability(methods=["card"], operations=list(OperationKind), captures="by_hand", confirmed_by="shopper")
NEITHER = LOOKS_UP.model_copy(update={"lookup": False})
KEYS = NEITHER.model_copy(update={"native_idempotency": True})


@pytest.fixture
def remote() -> Remote:
    remote = Remote()
    remote.tell_by_notices_alone()
    return remote


@pytest.fixture
def lost(shop: Shop, remote: Remote) -> Payment:
    """A payment of 1000, of which 300 were to be paid back; the answer was lost."""
    paid = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    return shop.payments.refund(paid, "ref_1", 300)


def sent(kind: OperationKind, tries: int = 1) -> Operation:
    return Operation(id="o", kind=kind, amount=1, phase=Phase.SENT, at="2026-11-01T11:00:00.000Z", tries=tries)


REFUND, CAPTURE, CANCEL, CONFIRM, START = (
    OperationKind.REFUND,
    OperationKind.CAPTURE,
    OperationKind.CANCEL,
    OperationKind.CONFIRM,
    OperationKind.START,
)


@pytest.mark.parametrize(
    ("operation", "can", "arrived"),
    [
        *((sent(kind), LOOKS_UP, "never") for kind in OperationKind),
        *((sent(kind), KEYS, "never") for kind in (REFUND, CAPTURE, CANCEL)),
        *((sent(kind), NEITHER, "nobody can tell") for kind in (REFUND, CAPTURE, CANCEL, CONFIRM)),
        (sent(CONFIRM), KEYS, "nobody can tell"),
        (sent(REFUND, TRIES), KEYS, "nobody can tell"),
        (sent(START), NEITHER, "never"),
    ],
)
def test_what_silence_says_of_an_operation(operation: Operation, can: Capability, arrived: str) -> None:
    after = operation.after_lookup(NOON + timedelta(days=1), can)
    assert (after.phase, after.untold) == ((Phase.FAILED, False) if arrived == "never" else (Phase.UNKNOWN, True))
    assert arrived != "never" or after.message == NEVER_ARRIVED.message


def test_where_nobody_can_tell_a_refund_is_sent_once_shown_and_counted_as_if_it_were_paid(
    shop: Shop, remote: Remote, lost: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(4):
        shop.swept()
    after = shop.reread(lost)
    assert (remote.done.count("refund"), shop.store.told, refundable(after)) == (1, [], 700)
    assert "nobody can tell whether ref_1 was done" in caplog.text
    second = shop.payments.refund(after, "ref_2", 700)
    assert second.operations[-1].phase is Phase.SUCCEEDED, "it keeps no other refund back"
    shown = PaymentView.of(second).error
    assert shown is not None
    assert (shown.kind, shown.code) == ("outcome_unknown", "untold")
    assert shop.payments.refund(second, "ref_3", 1).operations[-1].code == "exceeds_captured"


@pytest.mark.parametrize(("state", "told"), [("succeeded", PaymentRefunded), ("failed", PaymentRefundFailed)])
def test_a_notice_settles_what_nobody_could_tell(shop: Shop, remote: Remote, lost: Payment, state: str, told: Any) -> None:
    shop.swept()
    remote.tell_of_refund(lost, state)
    receive_notice(shop.runner, lost.installation_id, RawWebhook(b"sesame", {}))
    assert [type(event) for event in shop.store.told] == [told]
    assert not shop.reread(lost).awaited


def test_where_the_provider_knows_our_keys_the_refund_is_sent_again_with_the_same(shop: Shop, remote: Remote, lost: Payment) -> None:
    remote.able = KEYS
    for _ in range(2):
        shop.swept()
    keys = {refund.op_key for refund in remote.accounts[lost.id].refunds}
    assert (remote.done.count("refund"), keys) == (2, {lost.operations[-1].key(lost.id)})


def test_a_capture_of_which_nobody_can_tell_is_sent_once_and_keeps_everything_else_back(shop: Shop, remote: Remote) -> None:
    promised = shop.pay(amount=1000)
    remote.before = failing("capture", ErrorKind.OUTCOME_UNKNOWN, times=1)
    shop.payments.capture(promised)
    for _ in range(3):
        shop.swept()
    after = shop.reread(promised)
    assert (after.operations[-1].untold, remote.done) == (True, ["start"])
    for again in (shop.payments.capture, shop.payments.cancel):
        try:
            again(after)
        except Problem as problem:
            assert problem.status == 409  # noqa: PT017
    shop.swept()
    assert (shop.reread(promised).state, remote.done) == (State.AUTHORIZED, ["start"])


def test_a_provider_that_knows_nothing_of_money_that_it_told_of_does_not_say_that_a_refund_never_arrived(
    make_table: Callable[[str], str],
) -> None:
    remote = Remote()
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {})
    paid = shop.payments.capture(shop.pay(amount=1000))
    remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    lost = shop.payments.refund(paid, "ref_1", 300)
    own, remote.accounts = remote.accounts, {}  # the keys of another account have been entered
    shop.store.told.clear()
    for _ in range(3):
        shop.swept()
    assert (shop.reread(lost).operations[-1].untold, shop.store.told, remote.done.count("refund")) == (True, [], 1)
    remote.accounts = own
    shop.clock.tick(hours=6)
    shop.swept()
    assert ([type(event) for event in shop.store.told], shop.reread(lost).refunded) == ([PaymentRefunded], 300)
