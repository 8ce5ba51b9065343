"""Amounts, totals and limits: what was asked for is what moves, to the unit, and no more than there is."""

import secrets
from collections.abc import Callable

import pytest

from conformance.payment.shop import Shop
from conformance.proxy import Proxy
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import PROMISED, WAITING, Payment
from functions.payments.operation_runner import Unsupported
from functions.payments.provider_routing import NoProvider
from functions.payments.reconciliation.provider_webhooks import receive_notice
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, State
from monsoon_plugin.testing import PaymentTrial
from shared.errors import Invalid
from shared.messages import PaymentCaptured, PaymentRefunded, PaymentRefundFailed
from shared.trade.payment_messages import PaymentRefundedElsewhere

Needs = Callable[[OperationKind], None]


def test_a_payment_that_is_begun_lives_and_bears_its_reference(shop: Shop) -> None:
    payment = shop.start()
    assert payment.state in WAITING | PROMISED
    assert payment.provider_ref
    assert payment.amount == shop.trial.amount
    assert payment.next_action is None or payment.next_action.get("type")


def test_what_is_paid_is_captured_to_the_unit(captured: Payment, shop: Shop) -> None:
    assert (captured.captured, captured.refunded, captured.late) == (shop.trial.amount.amount, 0, False)
    told = [event for event in shop.store.events if isinstance(event, PaymentCaptured)]
    assert [event.amount.money for event in told] == [shop.trial.amount]


def test_a_currency_without_decimals_moves_in_its_own_units(shop: Shop, trial: PaymentTrial) -> None:
    if trial.zero_decimal is None:
        pytest.skip("it takes no such currency")
    assert shop.captured(trial.zero_decimal).captured == trial.zero_decimal.amount


def test_a_currency_of_three_decimals_moves_in_its_own_units(shop: Shop, trial: PaymentTrial) -> None:
    if trial.three_decimal is None:
        pytest.skip("it takes no such currency")
    assert shop.captured(trial.three_decimal).captured == trial.three_decimal.amount


@pytest.mark.parametrize("beyond", [-1, 1])
def test_an_amount_outside_the_limits_never_reaches_the_provider(shop: Shop, beyond: int) -> None:
    capability, currency = shop.capability, shop.trial.amount.currency
    limit = capability.limits.get(currency)
    least, most = (limit.least, limit.most) if limit else (capability.min_amount, capability.max_amount)
    amount = Money(least - 1 if beyond < 0 else most + 1, currency)
    if amount.amount < 1 or amount.amount > 10**12:
        pytest.skip("there is no amount beyond")
    with pytest.raises(NoProvider):
        shop.start(amount)


def test_a_currency_that_is_not_taken_never_reaches_the_provider(shop: Shop) -> None:
    if not shop.capability.currencies:
        pytest.skip("it takes every currency")
    other = next(c for c in ("ZWG", "XPF", "ISK") if c not in shop.capability.currencies)
    with pytest.raises(NoProvider):
        shop.start(Money(1000, other))


def test_an_authorization_is_captured_whole(by_hand: Shop) -> None:
    promised = by_hand.paid()
    assert (promised.state, promised.authorized, promised.captured) == (State.AUTHORIZED, by_hand.trial.amount.amount, 0)
    assert by_hand.finished(by_hand.payments.capture(promised)).captured == by_hand.trial.amount.amount


def test_an_authorization_is_captured_in_part_where_that_is_offered(by_hand: Shop) -> None:
    promised, part = by_hand.paid(), by_hand.trial.amount.amount - 1
    if not by_hand.capability.partial_capture:
        with pytest.raises(Unsupported):
            by_hand.payments.capture(promised, part)
    else:
        assert by_hand.finished(by_hand.payments.capture(promised, part)).captured == part


def test_more_than_was_authorized_is_never_asked_for(by_hand: Shop) -> None:
    with pytest.raises(Invalid):
        by_hand.payments.capture(by_hand.paid(), by_hand.trial.amount.amount + 1)


def test_capturing_twice_captures_once(by_hand: Shop) -> None:
    done = by_hand.finished(by_hand.payments.capture(by_hand.paid()))
    assert by_hand.payments.capture(done).captured == by_hand.trial.amount.amount


def test_what_was_not_paid_is_given_up(shop: Shop, needs: Needs) -> None:
    needs(OperationKind.CANCEL)
    payment = shop.start(data=None)
    if payment.state is State.CAPTURED:
        pytest.skip("it captures at once")
    assert shop.finished(shop.payments.cancel(payment)).state is State.CANCELED


def test_an_authorization_is_given_back(by_hand: Shop, needs: Needs) -> None:
    needs(OperationKind.CANCEL)
    assert by_hand.finished(by_hand.payments.cancel(by_hand.paid())).state is State.CANCELED


def test_what_was_captured_is_not_cancelled(captured: Payment, shop: Shop) -> None:
    assert shop.payments.cancel(captured).state is State.CAPTURED


def test_a_whole_refund_pays_all_back(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    assert shop.refund(captured, captured.captured).refunded == captured.captured


def test_partial_refunds_add_up(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    if not shop.capability.partial_refund:
        pytest.skip("it refunds the whole only")
    part = captured.captured // 5
    payment = shop.refund(shop.refund(captured, part), 2 * part)
    assert payment.refunded == 3 * part
    assert [event.amount.amount for event in shop.store.events if isinstance(event, PaymentRefunded)] == [part, 2 * part]


def test_more_than_was_captured_is_never_paid_back(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    payment = shop.refund(captured, captured.captured + 1)
    assert (payment.refunded, shop.last(payment, OperationKind.REFUND).phase) == (0, Phase.FAILED)
    assert isinstance(shop.store.events[-1], PaymentRefundFailed)


def test_what_is_left_is_all_that_a_second_refund_gets(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    if not shop.capability.partial_refund:
        pytest.skip("it refunds the whole only")
    first = shop.refund(captured, captured.captured - 1)
    assert shop.refund(first, 2).refunded == captured.captured - 1
    assert shop.refund(first, 1).refunded == captured.captured


def test_a_failed_refund_keeps_no_other_back(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    assert shop.refund(shop.refund(captured, captured.captured + 1), captured.captured).refunded == captured.captured


def test_one_refund_asked_for_twice_is_paid_once(captured: Payment, shop: Shop, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    refund_id, amount = f"ref_{secrets.token_hex(8)}", captured.captured // 2
    if not shop.capability.partial_refund:
        amount = captured.captured
    shop.refund(captured, amount, refund_id)
    assert shop.refund(shop.reread(captured), amount, refund_id).refunded == amount


def test_a_refund_made_in_the_providers_console_is_heard_once_and_leaves_less_to_refund(captured: Payment, shop: Shop) -> None:
    if shop.trial.console_refund is None:
        pytest.skip("the stand-in has no console")
    by_hand = captured.captured // 5
    notice = shop.trial.console_refund(shop.standin, shop.about(captured), by_hand)
    for _ in range(2):
        if notice is None:
            shop.looked_up(shop.reread(captured))
        else:
            receive_notice(shop.runner, captured.installation_id, notice)
    told = [event.amount.amount for event in shop.store.events if isinstance(event, PaymentRefundedElsewhere)]
    assert (told, shop.reread(captured).refunded) == ([by_hand], by_hand)
    refused = shop.refund(shop.reread(captured), captured.captured - by_hand + 1)
    assert (shop.last(refused, OperationKind.REFUND).phase, refused.refunded) == (Phase.FAILED, by_hand)
    assert shop.refund(refused, captured.captured - by_hand).refunded == captured.captured


def test_a_declined_shopper_is_told_so_and_can_pay_otherwise(shop: Shop, trial: PaymentTrial) -> None:
    if trial.declined is None:
        pytest.skip("the stand-in declines nobody")
    order_id = "ord_00000000000000000000000002"
    payment = shop.start(data=trial.declined, order_id=order_id)
    assert shop.last(payment, OperationKind.START).error == "declined"
    assert payment.captured == 0
    if payment.live:
        shop.payments.cancel(payment)
    assert shop.start(order_id=order_id).id != payment.id


def test_what_the_provider_keeps_is_never_below_nothing(captured: Payment) -> None:
    assert 0 <= captured.fee <= captured.captured


def test_one_request_is_sent_for_one_change(through: Shop, proxy: Proxy, needs: Needs) -> None:
    payment = through.captured()
    needs(OperationKind.REFUND)
    before = len(proxy.changed)
    through.refund(payment, payment.captured)
    assert len(proxy.changed) - before == 1
