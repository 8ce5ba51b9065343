"""Adyen's plug-in and SDK against an Adyen behind Prism, which refuses every request that Adyen's published OpenAPI does not allow."""

import json
from typing import Any

import pytest

from conformance.proxy import DOES_NOTHING, LOSES_THE_ANSWER, Fault
from conformance.standins.prism.serve import prism
from functions.payments.lifecycle.operation import UNCERTAIN
from functions.payments.lifecycle.payment import Payment, merge
from functions.payments.plugins.adyen.plugin import Adyen, AdyenConfig, _client
from functions.payments.plugins.adyen.standin import API_KEY, charges, pay
from functions.payments.plugins.adyen.tests.conftest import CONFIG, Shop, context
from functions.payments.plugins.adyen.translate import Place, error_of, payment_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, ConfirmationData, PaymentView, StartPayment, State
from tests.conftest import absent
from tests.plugins.paying import amend


def refusal(call: Any, *args: Any) -> PluginError:
    with pytest.raises(PluginError) as raised:
        call(*args)
    return raised.value


def test_a_start_answers_the_amount_and_the_page_and_is_done_once_by_its_key(shop: Shop) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    assert (view.state, view.amount) == (State.REQUIRES_ACTION, request.amount)
    assert view.next_action == {"type": "redirect", "url": f"https://test.adyen.link/{view.provider_ref}"}
    assert shop.plugin.start(shop.ctx, request) == view
    assert {sent.headers["idempotency-key"] for sent in shop.proxy.changed} == {request.op_key}


@pytest.mark.parametrize(("capture", "state", "captured"), [("automatic", State.CAPTURED, 1250), ("manual", State.AUTHORIZED, 0)])
def test_what_the_shopper_paid_is_told_by_the_notice_and_by_the_link(
    capture: str, state: State, captured: int, proxy: Any, adyen: Any
) -> None:  # fmt: skip
    shop = Shop(proxy, adyen, capture=capture)
    request = shop.order()
    view = shop.paid(request)
    assert (view.state, view.authorized, view.captured, view.amount) == (state, 1250, captured, request.amount)
    assert shop.told().payment_id == request.payment_id
    assert shop.told().order_id == request.order_id
    assert shop.plugin.fetch(shop.ctx, request.payment_id, view.provider_ref, shop.ctx.now) == view


def test_the_notice_counts_as_the_payment_was_begun_whatever_the_config_says_since(shop: Shop, manual: Shop) -> None:
    request = manual.order()
    pay(manual.proxy.target, manual.plugin.start(manual.ctx, request).provider_ref)
    assert shop.view().state is State.AUTHORIZED


def test_until_the_notice_has_come_a_capture_waits_without_a_request(manual: Shop) -> None:
    request = manual.order()
    view = manual.plugin.start(manual.ctx, request)
    assert refusal(manual.plugin.capture, manual.ctx, amend(request, view, "capture")).kind is ErrorKind.UNAVAILABLE
    assert len(manual.proxy.changed) == 1


def test_a_capture_is_taken_on_once_and_its_notice_tells_what_was_captured(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    capture = amend(request, view, "capture", 1000)
    for _ in range(2):
        taken = manual.plugin.capture(manual.ctx, capture)
        assert (taken.accepted, taken.captured, taken.amount) == (True, 0, request.amount)
    assert [(c.op_key, c.amount.amount, c.state) for c in manual.view().captures] == [(capture.op_key, 1000, "succeeded")]
    assert [b'"CAPTURE"' in notice for notice in manual.adyen.notices[-2:]] == [False, True], "one capture for both"


def test_a_capture_of_too_much_fails_by_its_notice(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    capture = amend(request, view, "capture", 1251)
    assert manual.plugin.capture(manual.ctx, capture).accepted
    told = manual.view()
    assert [(c.op_key, c.state, c.reason) for c in told.captures] == [(capture.op_key, "failed", "Insufficient balance on payment")]


def test_refunds_are_pending_until_their_notices_tell(shop: Shop) -> None:
    request = shop.order()
    view = shop.paid(request)
    first, second = amend(request, view, "refund", 1000), amend(request, view, "another", 251)
    assert shop.plugin.refund(shop.ctx, first).state == "pending"
    assert [(r.op_key, r.amount.amount, r.state) for r in shop.view().refunds] == [(first.op_key, 1000, "succeeded")]
    shop.plugin.refund(shop.ctx, second)
    assert [(r.op_key, r.state, r.reason) for r in shop.view().refunds] == [(second.op_key, "failed", "Insufficient balance on payment")]


def test_a_link_that_nobody_paid_is_ended_at_once(shop: Shop) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    for _ in range(2):
        assert shop.plugin.cancel(shop.ctx, amend(request, view, "cancel")).state is State.CANCELED
    found = shop.plugin.fetch(shop.ctx, request.payment_id, view.provider_ref, shop.ctx.now)
    assert found is not None
    assert found.state is State.EXPIRED


def test_an_authorization_is_cancelled_by_notice(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    assert manual.plugin.cancel(manual.ctx, amend(request, view, "cancel")).accepted
    assert manual.view().state is State.CANCELED


def test_a_link_that_was_paid_meanwhile_is_not_ended(shop: Shop) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    pay(shop.proxy.target, view.provider_ref)
    assert refusal(shop.plugin.cancel, shop.ctx, amend(request, view, "cancel")).kind is ErrorKind.INVALID


@pytest.mark.parametrize("fault", LOSES_THE_ANSWER)
def test_a_refund_whose_answer_is_lost_is_unknown_and_done_once_by_its_key(shop: Shop, fault: Fault) -> None:
    request = shop.order()
    view = shop.paid(request)
    refund = amend(request, view, "refund", 500)
    shop.proxy.fault = fault
    before = len(shop.proxy.changed)
    assert refusal(shop.plugin.refund, shop.ctx, refund).kind in UNCERTAIN
    assert len(shop.proxy.changed) == before + 1, "one request for one operation"
    shop.proxy.heal()
    assert shop.plugin.refund(shop.ctx, refund).amount == Money(500, "EUR")
    assert shop.adyen.payments[view.provider_ref.partition("/")[2]]["captured"] == 750
    assert charges(shop.proxy.target, request.payment_id) == 1


@pytest.mark.parametrize("fault", DOES_NOTHING)
def test_a_change_that_did_not_arrive_is_made_by_the_next_try(shop: Shop, fault: Fault) -> None:
    request = shop.order()
    shop.proxy.fault = fault
    wanted = {ErrorKind.RATE_LIMITED} if fault == "busy" else UNCERTAIN
    assert refusal(shop.plugin.start, shop.ctx, request).kind in wanted
    shop.proxy.heal()
    assert shop.plugin.start(shop.ctx, request).amount == request.amount


def test_a_wrong_key_or_account_is_the_configs_fault_and_no_secret_is_shown(proxy: Any, adyen: Any) -> None:
    Shop(proxy, adyen).plugin.check_config(Shop(proxy, adyen).ctx)
    for wrong in ({"api_key": "AQEanother-key-that-is-not-known"}, {"merchant_account": "Another"}):
        shop = Shop(proxy, adyen, **wrong)
        error = refusal(shop.plugin.check_config, shop.ctx)
        assert error.kind is ErrorKind.CONFIG
        assert not any(secret in repr(error) + repr(shop.ctx) for secret in (API_KEY, "AQEanother", CONFIG["hmac_key"]))


@pytest.mark.parametrize("money", [Money(980, "JPY"), Money(12_500, "KWD")])
def test_currencies_without_and_with_three_decimals_are_sent_in_their_own_minor_units(shop: Shop, money: Money) -> None:
    assert shop.plugin.start(shop.ctx, shop.order(money)).amount == money
    assert json.loads(shop.proxy.changed[0].body)["amount"] == {"currency": money.currency, "value": money.amount}


@pytest.mark.parametrize("currency", ["CLP", "CVE", "IDR", "ISK"])
def test_currencies_that_adyen_counts_unlike_iso_are_not_offered(currency: str) -> None:
    with pytest.raises(ValueError, match="not offered"):
        AdyenConfig.model_validate(CONFIG | {"currencies": [currency]})


def test_each_mode_has_its_own_address() -> None:
    own = "https://checkout-test.adyen.com"
    assert _client(context(own))._links.client._base_url == "https://checkout-test.adyen.com/v71"
    live = _client(context(own, mode="live", live_prefix="1797a841fbb37ca7-AdyenDemo"))._links.client._base_url
    assert live == "https://1797a841fbb37ca7-AdyenDemo-checkout-live.adyenpayments.com/checkout/v71"
    assert refusal(_client, context(own, mode="live")).kind is ErrorKind.CONFIG


def test_nothing_is_to_be_confirmed(shop: Shop) -> None:
    request = shop.order()
    call = amend(request, shop.plugin.start(shop.ctx, request), "confirm")
    assert refusal(shop.plugin.confirm, shop.ctx, call, ConfirmationData()).kind is ErrorKind.UNSUPPORTED


@pytest.mark.parametrize("link", [{"status": "reopened"}, {"status": "completed", "amount": {"currency": "EUR", "value": 12.5}}])
def test_what_is_not_known_is_not_taken_for_a_success(link: dict[str, Any]) -> None:
    told = {"id": "PL1", "url": "https://test.adyen.link/PL1", "amount": {"currency": "EUR", "value": 1250}} | link
    assert refusal(payment_of, told).kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (422, '{"errorCode": "138"}', ErrorKind.INVALID),
        (422, '{"errorCode": "704"}', ErrorKind.OUTCOME_UNKNOWN),
        (500, "{}", ErrorKind.OUTCOME_UNKNOWN),
        (302, "", ErrorKind.OUTCOME_UNKNOWN),
        (429, "<html>", ErrorKind.RATE_LIMITED),
        (403, "[]", ErrorKind.CONFIG),
    ],
)
def test_each_refusal_has_its_kind(status: int, text: str, kind: ErrorKind) -> None:
    assert error_of(status, text).kind is kind


def test_a_link_that_expired_says_nothing_of_the_payment_made_through_it() -> None:
    told = {"id": "PL1", "url": "https://test.adyen.link/PL1", "amount": {"currency": "EUR", "value": 1250}, "status": "expired"}
    assert payment_of(told).state is State.EXPIRED
    assert payment_of({**told, "manualCapture": True}, Place("PL1", "PSP1")).state is State.AUTHORIZED


def test_adyens_published_examples_are_understood() -> None:
    """Prism answers the examples of Adyen's own document, whatever is asked: their amounts are answered, never those asked for."""
    request = StartPayment(payment_id="pay_1", order_id="ord_1", tenant="acc#sf", op_key="op_1", amount=Money(1, "EUR"))
    try:
        with prism("mock", "adyen-checkout-71.json") as address:
            plugin, ctx = Adyen(), context(address)
            view = plugin.start(ctx, request)
            assert (view.provider_ref, view.amount, view.state) == ("PLE83C39B0A0DE0C1E", Money(1250, "BRL"), State.REQUIRES_ACTION)
            ended = plugin.fetch(ctx, "pay_1", view.provider_ref, ctx.now)
            assert ended is not None
            assert ended.amount.currency == "EUR", "the example of the other operation"
            change = Amend(
                payment_id="pay_1", provider_ref="PL1/993617894903480A", op_key="op_2", amount=Money(500, "EUR"), paid=Money(500, "EUR")
            )
            refund = plugin.refund(ctx, change)
            assert (refund.state, refund.amount.currency) == ("pending", "EUR")
    except RuntimeError as error:
        absent(str(error))


def test_the_core_completes_a_payments_reference_and_never_replaces_it() -> None:
    payment = Payment(
        id="pay_1",
        tenant="acc#sf",
        order_id="ord_1",
        attempt=1,
        installation_id="ins_1",
        plugin="adyen",
        amount=Money(1250, "EUR"),
        created_at="",
        fingerprint="",
        online=True,
        provider_ref="PL1",
    )
    paid = merge(payment, PaymentView(provider_ref="PL1/8835", state=State.CAPTURED, amount=payment.amount))
    assert paid.provider_ref == "PL1/8835"
    for told in ("PL1", "", "PL2/8836"):
        assert merge(paid, PaymentView(provider_ref=told, state=State.CAPTURED, amount=payment.amount)).provider_ref == "PL1/8835"
