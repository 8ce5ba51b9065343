"""Refunds are machines of their own: pending, paid, failed, sent back; none keeps another back, each is paid once."""

from dataclasses import replace
from typing import Any

import pytest

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, State
from shared.messages import PaymentRefunded, PaymentRefundFailed
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing


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


@pytest.mark.parametrize("kind", [ErrorKind.CONFLICT, ErrorKind.INVALID])
def test_a_final_refusal_is_told_at_once_in_the_providers_words_and_sent_once(
    shop: Shop, remote: Remote, paid: Payment, kind: ErrorKind
) -> None:
    asked: list[str] = []

    def refuse(call: str) -> None:
        asked.append(call)
        if call == "refund":
            raise PluginError(kind, "it cannot be refunded", "charge_disputed")

    remote.before = refuse
    failed = shop.payments.refund(paid, "ref_1", 300)
    (told,) = shop.store.told
    assert isinstance(told, PaymentRefundFailed)
    assert (told.reason, failed.next_lookup) == ("it cannot be refunded charge_disputed", None)
    for _ in range(3):
        shop.clock.tick(hours=7)
        shop.swept()
    assert asked == ["refund", "fetch"]


def test_a_refusal_stays_open_while_the_provider_cannot_be_asked_and_then_ends_in_its_words(
    shop: Shop, remote: Remote, paid: Payment
) -> None:
    def refuse(call: str) -> None:
        raise PluginError(ErrorKind.CONFLICT if call == "refund" else ErrorKind.UNAVAILABLE, "no", "charge_disputed")

    remote.before = refuse
    waiting = shop.payments.refund(paid, "ref_1", 300)
    assert (refund(waiting, "ref_1").phase, shop.store.told) == (Phase.UNKNOWN, [])
    remote.before = lambda call: None
    shop.swept()
    after = shop.reread(paid)
    assert (refund(after, "ref_1").code, refund(after, "ref_1").phase, remote.done) == (
        "charge_disputed",
        Phase.FAILED,
        ["start", "capture"],
    )


def test_while_the_breaker_is_open_a_refund_is_written_down_and_the_sweep_pays_it_once(shop: Shop, remote: Remote, paid: Payment) -> None:
    installation = shop.installations.get(paid.tenant, paid.installation_id)
    shop.installations.store.set_circuit(installation, installation.circuit.tripped(shop.clock()), shop.clock())
    for _ in range(2):
        waiting = shop.payments.refund(shop.reread(paid), "ref_1", 400)
    assert (refund(waiting, "ref_1").tries, refund(waiting, "ref_1").resendable, remote.done) == (0, True, ["start", "capture"])
    assert refundable(waiting) == 600
    shop.swept()
    after = shop.reread(paid)
    assert (after.refunded, after.next_lookup, remote.done) == (400, None, ["start", "capture", "refund"])
    assert [type(told) for told in shop.store.told] == [PaymentRefunded]


def test_a_refund_beside_a_request_whose_outcome_is_not_known_waits_for_it(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.after, remote.before = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1), failing("fetch", ErrorKind.UNAVAILABLE, times=1)
    lost = shop.payments.refund(paid, "ref_1", 300)
    waiting = shop.payments.refund(lost, "ref_2", 500)
    assert (refund(waiting, "ref_2").resendable, remote.done.count("refund")) == (True, 1)
    shop.swept()
    assert (shop.reread(paid).refunded, remote.done.count("refund")) == (800, 2)


def test_a_refund_that_the_plug_in_cannot_make_is_told_as_failed(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.able = remote.able.model_copy(update={"operations": [OperationKind.START]})
    shop.payments.refund(paid, "ref_1", 300)
    assert [type(told) for told in shop.store.told] == [PaymentRefundFailed]


@pytest.mark.parametrize("kind", [OperationKind.REFUND, OperationKind.CANCEL])
def test_what_was_written_down_and_the_plug_in_can_do_no_more_ends_and_is_not_asked_for_again(
    shop: Shop, remote: Remote, kind: OperationKind
) -> None:
    promised = shop.pay(amount=1000)
    paid = shop.payments.capture(promised) if kind is OperationKind.REFUND else promised
    installation = shop.installations.get(paid.tenant, paid.installation_id)
    shop.installations.store.set_circuit(installation, installation.circuit.tripped(shop.clock()), shop.clock())
    waiting = shop.payments.cancel(paid) if kind is OperationKind.CANCEL else shop.payments.refund(paid, "ref_1", 300)
    assert waiting.resendable
    remote.able = remote.able.model_copy(update={"operations": [OperationKind.START]})
    shop.swept()
    after = shop.reread(paid)
    assert (after.operations[-1].error, after.awaited, remote.done.count(kind)) == ("unsupported", False, 0)
    assert PaymentRefundFailed in map(type, shop.store.told) or kind is not OperationKind.REFUND


@pytest.mark.parametrize("amount", [Money(290, "EUR"), Money(300, "USD")])
def test_a_paid_refund_that_comes_back_with_another_amount_is_taken_off_with_its_own(
    shop: Shop, remote: Remote, paid: Payment, amount: Money
) -> None:
    shop.payments.refund(paid, "ref_1", 300)
    ours = remote.accounts[paid.id].refunds
    ours[:] = [replace(ours[0], state="failed", amount=amount)]
    after = reconcile(shop.runner, shop.reread(paid))
    failed = shop.store.told[-1]
    assert isinstance(failed, PaymentRefundFailed)
    assert (failed.was_paid, failed.amount.amount, after.refunded, refundable(after)) == (True, 300, 0, 1000)


def test_a_payment_that_cannot_be_cancelled_now_is_cancelled_by_the_sweep(shop: Shop, remote: Remote) -> None:
    promised = shop.pay("ord_2", amount=1000, key="k2")
    remote.before = failing("cancel", ErrorKind.UNAVAILABLE, times=1)
    shop.payments.cancel(promised)
    installation = shop.installations.get(promised.tenant, promised.installation_id)
    shop.installations.store.set_circuit(installation, installation.circuit.tripped(shop.clock()), shop.clock())
    for _ in range(2):
        shop.payments.cancel(shop.reread(promised))
    shop.swept()
    assert (shop.reread(promised).state, remote.done.count("cancel")) == (State.CANCELED, 1)


def test_of_two_refunds_asked_for_at_once_no_more_is_paid_than_is_left(shop: Shop, remote: Remote, paid: Payment) -> None:
    for refund_id in ("ref_1", "ref_2"):
        shop.payments.refund(paid, refund_id, 800)
    for _ in range(2):
        shop.swept()
    after = shop.reread(paid)
    assert (after.refunded, refund(after, "ref_2").code, remote.done.count("refund")) == (800, "exceeds_captured", 1)
    assert [type(told) for told in shop.store.told] == [PaymentRefunded, PaymentRefundFailed]


def test_nothing_is_sent_beside_a_request_that_was_sent_a_moment_ago(shop: Shop, remote: Remote, paid: Payment) -> None:
    remote.after = failing("refund", ErrorKind.OUTCOME_UNKNOWN, times=1)
    shop.payments.refund(paid, "ref_1", 300)
    waiting = shop.payments.refund(paid, "ref_2", 500)
    assert (refund(waiting, "ref_2").resendable, remote.done.count("refund")) == (True, 1)
    shop.swept()
    assert (shop.reread(paid).refunded, remote.done.count("refund")) == (800, 2)
