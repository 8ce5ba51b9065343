"""Stripe's hosted page: the plug-in and the core around it, against a stand-in that holds requests to Stripe's published OpenAPI."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from conformance.proxy import Fault, Proxy
from functions.payments.lifecycle.lookup_schedule import GRACE
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.plugins.stripe.client import Client
from functions.payments.plugins.stripe.sessions import CHECKOUT
from functions.payments.plugins.stripe.tests.test_stripe import signed
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import reconcile
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Shopper, State
from monsoon_plugin.standin import Asked, Reply, as_json, serving
from tests.unit.payments.kit import SECRETS, Shop

BACK = "https://shop.example/pay/return?token=x"
VISA, DECLINED, LATER = "pm_card_visa", "pm_card_chargeCustomerFail", "later"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """The shop is not there: stay where it would lead to."""


def pay(payment: Payment, card: str = VISA) -> str:
    """What the shopper does on Stripe's page; where it then leads, empty if it stays."""
    assert payment.next_action is not None
    try:
        build_opener(_Stay).open(payment.next_action["url"], urlencode({"card": card}).encode()).close()
    except OSError as moved:
        return str(getattr(moved, "headers", {}).get("Location", "refused"))
    return ""


def completed(payment: Payment, kind: str = "completed", **more: Any) -> dict[str, Any]:
    metadata = {"payment_id": payment.id, "order_id": payment.order_id}
    session = {"id": payment.provider_ref, "object": "checkout.session", "metadata": metadata, **more}
    return {"id": f"evt_{kind}", "object": "event", "type": f"checkout.session.{kind}", "data": {"object": session}}


def begun(shop: Shop, **more: Any) -> Payment:
    return shop.pay(**{"method": CHECKOUT, "return_url": BACK, **more})


def test_the_shopper_is_sent_to_stripes_page_and_has_paid_when_it_leads_back(shop: Shop, proxy: Proxy) -> None:
    payment = begun(shop)
    assert (payment.state, payment.next_action and payment.next_action["type"]) == (State.REQUIRES_ACTION, "redirect")
    assert pay(payment) == BACK
    payment = reconcile(shop.runner, payment)
    assert (payment.state, payment.captured, payment.next_action) == (State.CAPTURED, 1250, None)
    assert re.fullmatch(r"cs_test_\w+/pi_\w+", payment.provider_ref)
    assert [sent.path for sent in proxy.changed] == ["/v1/checkout/sessions"]


def test_what_is_asked_names_the_payment_its_end_the_language_and_who_pays(shop: Shop, proxy: Proxy) -> None:
    payment = begun(shop, shopper=Shopper(email="ada@example.com", locale="zh-CN"), description="Mugs")
    (sent,) = proxy.changed
    form = {name: value for name, (value,) in parse_qs(sent.body.decode()).items()}
    assert sent.headers["idempotency-key"] == payment.operations[0].key(payment.id)
    assert (form["client_reference_id"], form["metadata[payment_id]"]) == (payment.id, payment.id)
    assert form["payment_intent_data[metadata][payment_id]"] == payment.id
    assert (form["success_url"], form["cancel_url"], form["locale"], form["customer_email"]) == (BACK, BACK, "zh", "ada@example.com")
    assert 1800 <= int(form["expires_at"]) - shop.clock().timestamp() <= 86400
    assert form["adaptive_pricing[enabled]"] == "false"


def test_a_currency_without_decimals_is_asked_in_its_own_units(shop: Shop) -> None:
    payment = begun(shop, amount=980, currency="JPY")
    pay(payment)
    assert reconcile(shop.runner, payment).captured == 980


def test_three_declined_cards_kill_nothing_and_the_fourth_pays_once(shop: Shop, proxy: Proxy) -> None:
    payment = begun(shop)
    for _ in range(3):
        assert pay(payment, DECLINED) == ""
        payment = reconcile(shop.runner, payment)
        assert (payment.state, payment.next_action and payment.next_action["type"]) == (State.REQUIRES_ACTION, "redirect")
    pay(payment)
    assert (reconcile(shop.runner, payment).captured, len(proxy.changed)) == (1250, 1)


@pytest.mark.parametrize("fault", ["lose", "html", "error"])
@pytest.mark.parametrize("tried", [VISA, DECLINED, ""])
def test_a_session_whose_answer_was_lost_is_found_and_never_started_twice(shop: Shop, proxy: Proxy, fault: Fault, tried: str) -> None:
    proxy.fault = fault
    payment = begun(shop)
    assert payment.operations[0].phase is Phase.UNKNOWN
    proxy.fault = ""
    if fault == "error":
        shop.clock.tick(seconds=GRACE.total_seconds() + 1)
        assert reconcile(shop.runner, payment).state is State.FAILED
        return
    found = reconcile(shop.runner, payment)
    assert found.state is State.REQUIRES_ACTION
    assert begun(shop) == found
    if tried:
        pay(found, tried)
        assert reconcile(shop.runner, payment).state is (State.CAPTURED if tried == VISA else State.REQUIRES_ACTION)
    assert len(proxy.changed) == 1


def test_a_payment_by_card_whose_answer_was_lost_is_found_beside_sessions(shop: Shop, proxy: Proxy) -> None:
    pay(begun(shop, order_id="ord_2", key="k2"))
    proxy.fault = "lose"
    payment = shop.pay(data={"payment_method": VISA})
    proxy.fault = ""
    assert reconcile(shop.runner, payment).provider_ref.startswith("pi_")


def test_what_is_given_up_is_expired_and_can_be_paid_no_more(shop: Shop) -> None:
    payment = begun(shop)
    pay(payment, DECLINED)
    page = payment
    assert shop.payments.cancel(payment).state is State.CANCELED
    assert pay(page) == "refused"
    assert begun(shop, key="k2").state is State.REQUIRES_ACTION


def test_money_that_came_before_it_was_given_up_is_found(shop: Shop) -> None:
    payment = begun(shop)
    pay(payment)
    payment = shop.payments.cancel(payment)
    assert (payment.state, payment.captured) == (State.CAPTURED, 1250)


def test_money_that_is_held_is_captured_in_part_or_given_back(manual: Shop) -> None:
    first, second = begun(manual), begun(manual, order_id="ord_2", key="k2")
    for payment in (first, second):
        pay(payment)
    assert manual.payments.capture(reconcile(manual.runner, first), 1000).captured == 1000
    assert manual.payments.cancel(second).state is State.CANCELED


def test_what_was_paid_is_paid_back_by_its_intent(shop: Shop, proxy: Proxy) -> None:
    payment = begun(shop)
    pay(payment)
    payment = shop.payments.refund(reconcile(shop.runner, payment), "ref_1", 300)
    assert (payment.refunded, reconcile(shop.runner, payment).refunded) == (300, 300)


def test_a_bank_that_answers_later_is_pending_and_its_word_counts(shop: Shop, localstripe: str) -> None:
    for order, paid, state in (("ord_1", "true", State.CAPTURED), ("ord_2", "false", State.FAILED)):
        payment = begun(shop, order_id=order, key=order)
        pay(payment, LATER)
        payment = reconcile(shop.runner, payment)
        assert payment.state is State.PENDING
        intent = payment.provider_ref.partition("/")[2]
        form = urlencode({"paid": paid}).encode()
        build_opener().open(Request(f"{localstripe}/_config/settled/{intent}", form, {"Authorization": f"Bearer {SECRETS[0]}"})).close()
        kind = "async_payment_succeeded" if paid == "true" else "async_payment_failed"
        receive_notice(shop.runner, payment.installation_id, signed(completed(payment, kind), shop))
        assert shop.reread(payment).state is state


@pytest.mark.parametrize("kind", ["completed", "expired"])
def test_a_notice_makes_the_session_be_looked_up(shop: Shop, kind: str) -> None:
    payment = begun(shop)
    if kind == "completed":
        pay(payment)
    receive_notice(shop.runner, payment.installation_id, signed(completed(payment, kind), shop))
    assert shop.reread(payment).state is (State.CAPTURED if kind == "completed" else State.REQUIRES_ACTION)


@pytest.mark.parametrize("status", [403, 401])
def test_a_key_that_may_not_read_sessions_has_begun_none_and_one_that_is_not_known_says_nothing(shop: Shop, status: int) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/v1/checkout/sessions"):
            return as_json({"error": {"type": "invalid_request_error", "message": "no"}}, status)
        return as_json({"object": "list", "data": [], "has_more": False, "url": "/v1/payment_intents"})

    with serving(answer) as address:
        client = Client(SECRETS[0], address, 3)
        if status == 403:
            assert client.find("pay_1", shop.clock()) is None
        else:
            with pytest.raises(PluginError) as caught:
                client.find("pay_1", shop.clock())
            assert caught.value.kind is ErrorKind.CONFIG


def test_without_an_address_to_come_back_to_nothing_is_asked(shop: Shop, proxy: Proxy) -> None:
    payment = begun(shop, return_url=None)
    assert (payment.state, payment.operations[0].code, proxy.changed) == (State.FAILED, "return_url", [])
