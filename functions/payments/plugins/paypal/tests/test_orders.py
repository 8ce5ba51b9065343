"""PayPal's plug-in and SDK against a PayPal behind Prism, which refuses every request that PayPal's published OpenAPI does not allow."""

import json
from dataclasses import replace
from typing import Any

import pytest

from conformance.proxy import DOES_NOTHING, LOSES_THE_ANSWER, Fault
from conformance.standins.prism.serve import SPECS
from functions.payments.lifecycle.operation import UNCERTAIN
from functions.payments.plugins.paypal.client import MOST_TOKENS, Tokens
from functions.payments.plugins.paypal.plugin import _client
from functions.payments.plugins.paypal.standin import DECLINED, DOCUMENTS, SECRET, PayPal, _descriptions, charges
from functions.payments.plugins.paypal.tests.conftest import Shop
from functions.payments.plugins.paypal.translate import CURRENCIES, ERRORS, WHOLE, money_of, payment_of, refund_of, value_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, exponent
from monsoon_plugin.payment import ConfirmationData, State
from tests.conftest import absent
from tests.plugins.paying import amend


def refusal(call: Any, *args: Any) -> PluginError:
    with pytest.raises(PluginError) as raised:
        call(*args)
    return raised.value


def test_a_start_answers_the_amount_and_the_link_and_names_our_ids(shop: Shop, paypal: PayPal) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    assert (view.state, view.amount) == (State.REQUIRES_ACTION, request.amount)
    assert view.next_action == {"type": "redirect", "url": f"https://www.sandbox.paypal.com/checkoutnow?token={view.provider_ref}"}
    unit = paypal.orders[view.provider_ref]["purchase_units"][0]
    assert unit["custom_id"] == f"{request.order_id}/{request.payment_id}"
    assert len(unit["custom_id"] + "/" + request.op_key) <= 127
    assert shop.proxy.changed[0].headers["paypal-request-id"] == request.op_key


def test_an_approved_order_is_captured_by_its_confirmation_once(shop: Shop) -> None:
    request = shop.order()
    approved = shop.fetched(shop.approved(request))
    assert (approved.state, approved.next_action) == (State.REQUIRES_ACTION, {"type": "confirm"})
    again = [shop.plugin.confirm(shop.ctx, amend(request, approved, "confirm"), ConfirmationData()) for _ in range(2)]
    assert again[0] == again[1] == shop.fetched(approved)
    assert (again[0].state, again[0].captured, again[0].fee) == (State.CAPTURED, 1250, 79)
    assert charges(shop.proxy.target, request.payment_id) == 1


def test_an_order_that_nobody_approved_is_not_captured(shop: Shop) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    error = refusal(shop.plugin.confirm, shop.ctx, amend(request, view, "confirm"), ConfirmationData())
    assert (error.kind, error.provider_code) == (ErrorKind.CONFLICT, "ORDER_NOT_APPROVED")


def test_a_declined_payment_says_so(shop: Shop) -> None:
    request = shop.order(description=DECLINED)
    error = refusal(shop.paid, request)
    assert (error.kind, error.provider_code) == (ErrorKind.DECLINED, "INSTRUMENT_DECLINED")


def test_an_authorization_is_captured_in_part_once_and_refunded_up_to_that(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    assert (view.state, view.authorized, view.captured) == (State.AUTHORIZED, 1250, 0)
    captured = [manual.plugin.capture(manual.ctx, amend(request, view, "capture", 1000)) for _ in range(2)]
    assert captured[0] == captured[1]
    assert (captured[0].state, captured[0].captured) == (State.CAPTURED, 1000)
    first = amend(request, view, "refund", 300)
    assert manual.plugin.refund(manual.ctx, first) == manual.plugin.refund(manual.ctx, first)
    manual.plugin.refund(manual.ctx, amend(request, view, "second refund", 700))
    error = refusal(manual.plugin.refund, manual.ctx, amend(request, view, "third refund", 1))
    assert error.provider_code in ("REFUND_AMOUNT_EXCEEDED", "CAPTURE_FULLY_REFUNDED")
    told = manual.fetched(view)
    assert (told.state, told.captured, told.refunded) == (State.CAPTURED, 1000, 1000)
    assert next((r.op_key, r.amount.amount, r.state) for r in told.refunds) == (first.op_key, 300, "succeeded")


def test_more_than_was_authorized_is_not_captured(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    assert refusal(manual.plugin.capture, manual.ctx, amend(request, view, "capture", 1251)).kind is ErrorKind.INVALID
    assert manual.fetched(view).captured == 0


def test_an_authorization_is_voided_and_then_not_captured(manual: Shop) -> None:
    request = manual.order()
    view = manual.paid(request)
    for _ in range(2):
        assert manual.plugin.cancel(manual.ctx, amend(request, view, "cancel")).state is State.CANCELED
    assert manual.fetched(view).state is State.CANCELED
    assert refusal(manual.plugin.capture, manual.ctx, amend(request, view, "capture")).kind is ErrorKind.CONFLICT


def test_an_order_that_nobody_approved_is_cancelled_without_asking_for_a_change(shop: Shop) -> None:
    request = shop.order()
    view = shop.plugin.start(shop.ctx, request)
    assert shop.plugin.cancel(shop.ctx, amend(request, view, "cancel")).state is State.CANCELED
    assert len(shop.proxy.changed) == 1


def test_what_was_captured_is_not_cancelled(shop: Shop) -> None:
    request = shop.order()
    view = shop.paid(request)
    assert refusal(shop.plugin.cancel, shop.ctx, amend(request, view, "cancel")).kind is ErrorKind.CONFLICT


def test_an_order_that_paypal_does_not_hold_is_none_and_one_without_a_reference_too(shop: Shop) -> None:
    assert shop.plugin.fetch(shop.ctx, "", "5O999999999999999", shop.ctx.now) is None
    assert shop.plugin.fetch(shop.ctx, shop.order().payment_id, "", shop.ctx.now) is None


@pytest.mark.parametrize("fault", LOSES_THE_ANSWER)
def test_a_capture_whose_answer_is_lost_is_unknown_and_done_once_by_its_key(shop: Shop, fault: Fault) -> None:
    request = shop.order()
    view = shop.approved(request)
    shop.proxy.fault = fault
    confirm = amend(request, view, "confirm")
    assert refusal(shop.plugin.confirm, shop.ctx, confirm, ConfirmationData()).kind in UNCERTAIN
    assert len(shop.proxy.changed) == 2, "one request for one operation"
    shop.proxy.heal()
    assert shop.plugin.confirm(shop.ctx, confirm, ConfirmationData()).captured == 1250
    assert charges(shop.proxy.target, request.payment_id) == 1


@pytest.mark.parametrize("fault", DOES_NOTHING)
def test_a_change_that_did_not_arrive_is_made_by_the_next_try(shop: Shop, fault: Fault) -> None:
    request = shop.order()
    shop.proxy.fault = fault
    wanted = {ErrorKind.RATE_LIMITED} if fault == "busy" else UNCERTAIN
    assert refusal(shop.plugin.start, shop.ctx, request).kind in wanted
    shop.proxy.heal()
    assert shop.plugin.start(shop.ctx, request).amount == request.amount


def test_a_wrong_secret_is_the_configs_fault_and_is_never_shown(proxy: Any) -> None:
    wrong = "EanotherSecretThatIsNotKnown"
    shop = Shop(proxy, client_secret=wrong)
    error = refusal(shop.plugin.check_config, shop.ctx)
    assert error.kind is ErrorKind.CONFIG
    assert wrong not in repr(error) + str(error.__cause__) + repr(shop.ctx) + repr(shop.config)


def test_one_token_serves_many_calls_and_one_that_ended_early_is_replaced(shop: Shop, paypal: PayPal) -> None:
    view = shop.approved(shop.order())
    shop.proxy.sent.clear()
    paypal.valid.clear()
    assert refusal(shop.fetched, view).kind is ErrorKind.UNAVAILABLE
    assert [shop.fetched(view).state for _ in range(3)] == [State.REQUIRES_ACTION] * 3
    assert [sent.path for sent in shop.proxy.sent].count("/v1/oauth2/token") == 1


def test_no_more_than_so_many_tokens_are_held() -> None:
    tokens = Tokens()
    for merchant in range(MOST_TOKENS + 5):
        tokens.keep(str(merchant).encode(), object())
    assert tokens.get(b"4") is None
    assert tokens.get(b"5") is not None


def test_every_test_payment_goes_to_the_sandbox() -> None:
    class AtPayPal:
        address = "https://api-m.paypal.com"

    shop = Shop(AtPayPal())  # type: ignore[arg-type]
    test, live = (_client(replace(shop.ctx, mode=mode))._paypal.config.get_base_uri() for mode in ("test", "live"))
    assert (test, live) == ("https://api-m.sandbox.paypal.com", "https://api-m.paypal.com")


def test_a_yen_has_no_decimals_and_neither_has_a_forint_at_paypal(shop: Shop) -> None:
    yen = shop.order(Money(980, "JPY"))
    assert shop.paid(yen).captured == 980
    assert shop.proxy.changed[0].body.count(b'"value":"980"') + shop.proxy.changed[0].body.count(b'"value": "980"') == 1
    forint = shop.order(Money(499_00, "HUF"))
    assert shop.paid(forint).amount == Money(499_00, "HUF")
    before = len(shop.proxy.changed)
    assert refusal(shop.plugin.start, shop.ctx, shop.order(Money(499_50, "HUF"))).kind is ErrorKind.INVALID
    assert len(shop.proxy.changed) == before


@pytest.mark.parametrize("currency", CURRENCIES)
def test_an_amount_survives_the_way_to_paypal_and_back(currency: str) -> None:
    money = Money(123_00 if currency in WHOLE and exponent(currency) else 123_45, currency)
    assert money_of(value_of(money)) == money


@pytest.mark.parametrize("value", ["1.234", "NaN", "Infinity", "", "1e400", None, 1.5, "12,50"])
def test_an_amount_that_is_no_number_of_minor_units_is_not_understood(value: Any) -> None:
    assert refusal(money_of, {"currency_code": "EUR", "value": value}).kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("status", "payments", "state"),
    [
        ("APPROVED", {}, State.REQUIRES_ACTION),
        ("VOIDED", {}, State.CANCELED),
        ("COMPLETED", {"captures": ["PENDING"]}, State.PENDING),
        ("COMPLETED", {"captures": ["DECLINED"]}, State.FAILED),
        ("COMPLETED", {"captures": ["REFUNDED"], "authorizations": ["CAPTURED"]}, State.CAPTURED),
        ("COMPLETED", {"authorizations": ["PENDING"]}, State.PENDING),
        ("COMPLETED", {"authorizations": ["DENIED"]}, State.FAILED),
        ("COMPLETED", {"authorizations": ["VOIDED"]}, State.CANCELED),
        ("COMPLETED", {"authorizations": ["CAPTURED"], "captures": ["PENDING"]}, State.PENDING),
    ],
)
def test_each_state_of_an_order_is_known(status: str, payments: dict[str, list[str]], state: State) -> None:
    assert payment_of(_order(status, payments)).state is state


@pytest.mark.parametrize(("status", "payments"), [("SAVED", {}), ("COMPLETED", {}), ("COMPLETED", {"captures": ["SETTLED"]})])
def test_an_unknown_state_is_not_taken_for_a_success(status: str, payments: dict[str, list[str]]) -> None:
    assert refusal(payment_of, _order(status, payments)).kind is ErrorKind.PROTOCOL


def _order(status: str, payments: dict[str, list[str]]) -> dict[str, Any]:
    amount = {"currency_code": "EUR", "value": "12.50"}
    made = {kind: [{"id": "X", "status": s, "amount": amount} for s in states] for kind, states in payments.items()}
    return {"id": "5O1", "status": status, "purchase_units": [{"amount": amount, "payments": made}], "links": []}


def test_an_authorization_says_how_long_it_holds() -> None:
    order = _order("COMPLETED", {"authorizations": ["CREATED"]})
    assert payment_of(order).authorized_until == ""
    order["purchase_units"][0]["payments"]["authorizations"][0]["expiration_time"] = "2026-11-30T12:00:00Z"
    assert payment_of(order).authorized_until == "2026-11-30T12:00:00Z"


def test_a_refund_made_by_hand_at_paypal_counts_but_is_not_ours() -> None:
    refund = {"id": "1R", "status": "FAILED", "amount": {"currency_code": "EUR", "value": "1.00"}, "custom_id": "from the desk",
              "status_details": {"reason": "ECHECK"}}  # fmt: skip
    told = refund_of(refund)
    assert (told.op_key, told.state, told.reason) == ("", "failed", "ECHECK")


def test_every_code_in_the_table_is_one_that_paypal_publishes() -> None:
    if not all((SPECS / document).is_file() for document in DOCUMENTS.values()):
        absent("PayPal's published documents are not here")
    published = json.dumps([json.loads((SPECS / document).read_bytes()) for document in DOCUMENTS.values()])
    assert [code for code in ERRORS if f'"{code}"' not in published] == []
    assert len(_descriptions()) > 100


def test_no_secret_leaves_but_for_the_token_request(shop: Shop) -> None:
    shop.paid(shop.order())
    told = [sent for sent in shop.proxy.sent if SECRET.encode() in sent.body or SECRET in str(sent.headers)]
    assert told == []
