"""Refunds are machines of their own: pending, paid, failed, sent back; none keeps another back, each is paid once."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.payments.lifecycle.operation import TRIES, Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.errors import ErrorKind
from shared.messages import PaymentRefunded, PaymentRefundFailed
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes, failing


@pytest.fixture
def remote() -> Remote:
    return Remote()


@pytest.fixture
def shop(make_table: Callable[[str], str], remote: Remote) -> Shop:
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {})
    return shop


@pytest.fixture
def paid(shop: Shop) -> Payment:
    captured = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    return captured


def refund(payment: Payment, refund_id: str) -> Any:
    found = payment.operation(refund_id)
    assert found is not None
    return found


def test_a_pending_refund_is_not_told_until_the_provider_has_paid_it(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.refund_state = "pending"
    waiting = shop.payments.refund(paid, "ref_1", 400)
    assert (refund(waiting, "ref_1").phase, waiting.refunded, shop.store.told) == (Phase.ACCEPTED, 0, [])
    for _ in range(3):
        shop.swept()
    assert refund(shop.reread(paid), "ref_1").phase is Phase.ACCEPTED
    remote.settle_refund(paid.id, "succeeded")
    shop.clock.tick(days=1)
    shop.swept()
    after = shop.reread(paid)
    assert (refund(after, "ref_1").phase, after.refunded, after.next_lookup) == (Phase.SUCCEEDED, 400, None)
    assert [type(told) for told in shop.store.told] == [PaymentRefunded]
    assert remote.done.count("refund") == 1


def test_a_pending_refund_keeps_no_other_back_but_counts_against_what_is_left(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.refund_state = "pending"
    waiting = shop.payments.refund(paid, "ref_1", 600)
    remote.refund_state = "succeeded"
    second = shop.payments.refund(waiting, "ref_2", 400)
    assert (refund(second, "ref_2").phase, second.refunded) == (Phase.SUCCEEDED, 400)
    third = shop.payments.refund(second, "ref_3", 1)
    assert refund(third, "ref_3").code == "exceeds_captured"


@pytest.mark.parametrize("kind", [ErrorKind.DECLINED, ErrorKind.INVALID, ErrorKind.CONFIG])
def test_a_failed_refund_is_told_counts_for_nothing_and_keeps_no_other_back(
    shop: Shop, remote: Remote, paid: Payment, kind: ErrorKind
) -> None:  # fmt: skip
    remote.before = failing("refund", kind, times=1)
    failed = shop.payments.refund(paid, "ref_1", 1000)
    (told,) = shop.store.told
    assert isinstance(told, PaymentRefundFailed)
    assert (told.refund_id, told.amount.amount, told.was_paid) == ("ref_1", 1000, False)
    assert shop.payments.refund(failed, "ref_2", 1000).refunded == 1000


def test_a_refund_that_fails_for_a_while_is_sent_again_and_told_once(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.before = failing("refund", ErrorKind.RATE_LIMITED, times=2)
    shop.payments.refund(paid, "ref_1", 1000)
    assert shop.store.told == []
    shop.swept()
    shop.swept()
    assert (shop.reread(paid).refunded, remote.done.count("refund")) == (1000, 1)
    assert [type(told) for told in shop.store.told] == [PaymentRefunded]


@pytest.mark.parametrize("kind", [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL])
def test_a_refund_whose_answer_was_lost_is_found_and_not_sent_again(
    shop: Shop, remote: Remote, paid: Payment, kind: ErrorKind
) -> None:  # fmt: skip
    remote.after = failing("refund", kind, times=1)
    lost = shop.payments.refund(paid, "ref_1", 300)
    assert (refund(lost, "ref_1").phase, lost.refunded) == (Phase.UNKNOWN, 0)
    shop.swept()
    assert (shop.reread(paid).refunded, remote.done.count("refund")) == (300, 1)


def test_a_paid_refund_that_comes_back_is_told_and_its_money_can_be_refunded_again(shop: Shop, remote: Remote, paid: Payment) -> None:
    shop.payments.refund(paid, "ref_1", 1000)
    remote.settle_refund(paid.id, "failed", "account_closed")
    lost = shop.payments.refund(shop.reread(paid), "ref_2", 1)
    assert refund(lost, "ref_2").code == "exceeds_captured"
    shop.store.told.clear()
    for _ in range(2):
        after = reconcile(shop.runner, shop.reread(paid))
    (told,) = shop.store.told
    assert isinstance(told, PaymentRefundFailed)
    assert (told.was_paid, "account_closed" in told.reason, after.refunded) == (True, True, 0)
    assert shop.payments.refund(after, "ref_3", 1000).refunded == 1000


def test_a_refund_that_the_provider_calls_a_conflict_because_it_has_been_paid_is_found_at_once(
    shop: Shop, remote: Remote, paid: Payment
) -> None:  # fmt: skip
    remote.after = failing("refund", ErrorKind.CONFLICT, times=1)
    assert (shop.payments.refund(paid, "ref_1", 300).refunded, remote.done.count("refund")) == (300, 1)


def test_a_refund_that_the_provider_keeps_refusing_as_a_conflict_fails_in_the_end(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.before = failing("refund", ErrorKind.CONFLICT)
    shop.payments.refund(paid, "ref_1", 300)
    for _ in range(2 * TRIES):
        shop.clock.tick(hours=7)
        shop.swept()
    after = shop.reread(paid)
    assert (refund(after, "ref_1").tries, after.refunded, after.next_lookup) == (TRIES, 0, None)
    assert [type(told) for told in shop.store.told] == [PaymentRefundFailed]
