"""Stripe's plug-in and the core around it, against localstripe, which nobody here wrote.

Gaps of the stand-in: it ignores Idempotency-Key, allows over-refunds, and knows no disputes.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import stripe

from conformance.proxy import Fault, Proxy
from functions.payments.lifecycle.lookup_schedule import GRACE
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.plugins.stripe.translate import MISSING
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import reconcile, reconcile_due
from monsoon_plugin.clock import utc_now
from monsoon_plugin.payment import OperationKind, State
from monsoon_plugin.plugin import RawWebhook
from shared.aws.packing import unpacked
from shared.errors import Unavailable
from shared.messages import PaymentRefundFailed
from shared.providers.installations import ConfigRefused
from shared.providers.notices import NoticeRefused
from tests.conftest import aws
from tests.fakes import FakeClock
from tests.unit.payments.kit import SECRETS, STRIPE, Shop

VISA = {"payment_method": "pm_card_visa"}
DECLINED = {"payment_method": "pm_card_chargeCustomerFail"}


def signed(event: dict[str, Any], shop: Shop, secret: str = SECRETS[1], age: int = 0) -> RawWebhook:
    body = json.dumps(event)
    at = int(shop.clock().timestamp()) - age
    header = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return RawWebhook(body.encode(), {"stripe-signature": header})


def succeeded(payment: Payment, event_id: str = "evt_1") -> dict[str, Any]:
    metadata = {"payment_id": payment.id, "order_id": payment.order_id}
    intent = {"id": payment.provider_ref, "object": "payment_intent", "metadata": metadata}
    return {"id": event_id, "object": "event", "type": "payment_intent.succeeded", "data": {"object": intent}}


def confirm_in_browser(payment: Payment, at: str) -> None:
    """What Stripe.js does: confirm without us."""
    url = f"{at}/v1/payment_intents/{payment.provider_ref}/confirm"
    request = Request(url, urlencode(VISA).encode(), {"Authorization": f"Bearer {SECRETS[0]}"}, method="POST")
    urlopen(request).close()


def events(shop: Shop) -> list[str]:
    found = aws("dynamodb").scan(TableName=shop.table)["Items"]
    return [json.loads(unpacked(item["event"]))["type"] for item in found if "event" in item]


def test_a_payment_started_with_a_card_is_captured_by_one_request(shop: Shop, proxy: Proxy) -> None:
    payment = shop.pay(data=VISA)
    assert (payment.state, payment.captured, payment.next_action) == (State.CAPTURED, 1250, None)
    assert [sent.path for sent in proxy.changed] == ["/v1/payment_intents"]
    assert events(shop) == ["monsoon.payment.captured.v1"]


def test_the_shopper_confirms_what_was_started(shop: Shop) -> None:
    payment = shop.pay()
    assert payment.state is State.REQUIRES_ACTION
    assert payment.next_action is not None
    assert set(payment.next_action) == {"type", "client_secret", "publishable_key"}
    assert shop.payments.confirm(payment, VISA, merchant=False).state is State.CAPTURED


def test_a_currency_without_decimals_is_charged_in_its_own_units(shop: Shop) -> None:
    payment = shop.pay(amount=980, currency="JPY", data=VISA)
    assert (payment.captured, payment.amount.currency) == (980, "JPY")


def test_a_declined_card_kills_a_payment_that_it_started_and_the_order_can_be_paid_again(shop: Shop) -> None:
    payment = shop.pay(data=DECLINED)
    assert (payment.state, payment.operations[0].error, payment.operations[0].code) == (State.FAILED, "declined", "card_declined")
    assert shop.pay(key="k2", data=VISA).state is State.CAPTURED


def test_after_a_declined_confirmation_another_card_can_be_tried(shop: Shop) -> None:
    payment = shop.payments.confirm(shop.pay(), DECLINED, merchant=False)
    assert payment.state is State.REQUIRES_ACTION
    assert shop.payments.confirm(payment, VISA, merchant=False).state is State.CAPTURED


@pytest.mark.parametrize("fault", ["lose", "html"])
def test_a_lost_reply_is_unknown_after_one_request_and_fetch_settles_it(shop: Shop, proxy: Proxy, fault: Fault) -> None:
    proxy.fault = fault
    payment = shop.pay(data=VISA)
    assert (payment.state, payment.operations[0].phase) == (State.CREATED, Phase.UNKNOWN)
    proxy.fault = ""
    shop.clock.tick(minutes=6)
    assert reconcile_due(shop.runner, shop.store.due_for_lookup(shop.clock(), 100)) == 1
    payment = shop.reread(payment)
    assert (payment.state, payment.captured, payment.operations[0].phase) == (State.CAPTURED, 1250, Phase.SUCCEEDED)
    assert len(proxy.changed) == 1
    assert list(shop.store.due_for_lookup(shop.clock() + timedelta(days=1), 100)) == []


def test_a_500_is_unknown_and_what_never_arrived_fails_only_after_the_grace(shop: Shop, proxy: Proxy) -> None:
    proxy.fault = "error"
    payment = shop.pay(data=VISA)
    proxy.fault = ""
    assert payment.operations[0].phase is Phase.UNKNOWN
    assert reconcile(shop.runner, payment).operations[0].phase is Phase.UNKNOWN
    shop.clock.tick(seconds=GRACE.total_seconds() + 1)
    assert reconcile(shop.runner, shop.reread(payment)).state is State.FAILED
    assert len(proxy.changed) == 1


def test_a_lost_refund_is_paid_once(shop: Shop, proxy: Proxy) -> None:
    payment = shop.pay(data=VISA)
    proxy.fault = "lose"
    payment = shop.payments.refund(payment, "ref_1", 300)
    proxy.fault = ""
    assert payment.refunded == 0
    payment = reconcile(shop.runner, payment)
    assert (payment.refunded, len(proxy.changed)) == (300, 2)
    assert shop.payments.refund(payment, "ref_1", 300) == payment
    assert events(shop) == ["monsoon.payment.refunded.v1"]


def test_a_busy_provider_is_asked_again_with_the_same_key(shop: Shop, proxy: Proxy) -> None:
    payment = shop.pay(data=VISA)
    proxy.fault = "busy"
    payment = shop.payments.refund(payment, "ref_1", 300)
    assert payment.operation("ref_1").phase is Phase.FAILED  # type: ignore[union-attr]
    proxy.fault = ""
    shop.clock.tick(minutes=10)
    reconcile_due(shop.runner, shop.store.due_for_lookup(shop.clock(), 100))
    assert shop.reread(payment).refunded == 300
    assert len({sent.headers["idempotency-key"] for sent in proxy.changed[-2:]}) == 1


def test_partial_refunds_add_up_and_never_exceed_what_was_captured(shop: Shop, proxy: Proxy) -> None:
    payment = shop.pay(data=VISA)
    payment = shop.payments.refund(payment, "ref_1", 1000)
    payment = shop.payments.refund(payment, "ref_2", 250)
    asked = len(proxy.changed)
    payment = shop.payments.refund(payment, "ref_3", 1)
    assert (payment.refunded, payment.operations[-1].code, len(proxy.changed)) == (1250, "exceeds_captured", asked)
    assert reconcile(shop.runner, payment).refunded == 1250


def test_an_authorization_is_captured_in_part(manual: Shop) -> None:
    payment = manual.pay(data=VISA)
    assert (payment.state, payment.authorized) == (State.AUTHORIZED, 1250)
    payment = manual.payments.capture(payment, 1000)
    assert (payment.state, payment.captured) == (State.CAPTURED, 1000)


def test_an_authorization_is_given_back(manual: Shop) -> None:
    assert manual.payments.cancel(manual.pay(data=VISA)).state is State.CANCELED


def test_money_that_came_before_the_cancel_is_found(shop: Shop, localstripe: str) -> None:
    payment = shop.pay()
    confirm_in_browser(payment, localstripe)
    payment = shop.payments.cancel(payment)
    assert (payment.state, payment.captured, payment.operations[-1].kind) == (State.CAPTURED, 1250, OperationKind.CANCEL)
    assert payment.operations[-1].error == "conflict"


def test_a_notice_settles_what_the_shopper_did_in_the_browser(shop: Shop, localstripe: str) -> None:
    payment = shop.pay()
    confirm_in_browser(payment, localstripe)
    receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop))
    assert shop.reread(payment).state is State.CAPTURED


def test_a_doubled_notice_changes_nothing_and_asks_nobody(shop: Shop) -> None:
    payment = shop.pay()
    for _ in range(2):
        receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop))
    keys = {"pk": {"S": f"notice#{payment.installation_id}"}, "sk": {"S": "evt_1"}}
    kept = aws("dynamodb").get_item(TableName=shop.table, Key=keys)["Item"]
    assert int(kept["expires_at"]["N"]) >= (shop.clock() + timedelta(hours=76)).timestamp()
    assert shop.store.was_handled(payment.installation_id, "evt_1")


def test_a_notice_whose_payment_cannot_be_asked_for_counts_again(shop: Shop, localstripe: str) -> None:
    payment = shop.pay()
    confirm_in_browser(payment, localstripe)
    shop.installations.places.bases["stripe"] = "http://127.0.0.1:9"  # type: ignore[index]
    with pytest.raises(Unavailable):
        receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop))
    shop.installations.places.bases["stripe"] = localstripe  # type: ignore[index]
    receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop))
    assert shop.reread(payment).state is State.CAPTURED


@pytest.mark.parametrize("age", [301, -301])
def test_a_stale_notice_or_one_from_the_future_is_refused(shop: Shop, age: int) -> None:
    payment = shop.pay()
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop, age=age))


@pytest.mark.parametrize("header", ["", "t=1", "t=x,v1=y", "v1=y", "nonsense"])
def test_a_forged_notice_is_refused(shop: Shop, header: str) -> None:
    payment = shop.pay()
    forged = RawWebhook(json.dumps(succeeded(payment)).encode(), {"stripe-signature": header})
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, payment.installation_id, forged)
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, payment.installation_id, signed(succeeded(payment), shop, secret="whsec_another"))


def test_without_a_webhook_secret_every_notice_is_refused(make_table: Callable[[str], str], localstripe: str) -> None:
    shop = Shop(make_table("payments"), localstripe, FakeClock(utc_now()))
    installation = shop.install("stripe", {k: v for k, v in STRIPE.items() if k != "webhook_secret"})
    with pytest.raises(NoticeRefused):
        receive_notice(shop.runner, installation.id, signed({}, shop, secret=""))


def test_a_bad_key_is_refused_when_it_is_installed(make_table: Callable[[str], str]) -> None:
    shop = Shop(make_table("payments"), "http://127.0.0.1:9", FakeClock(utc_now()))
    with pytest.raises(ConfigRefused):
        shop.install("stripe", STRIPE)
    with pytest.raises(ConfigRefused, match="a key is not"):
        shop.install("stripe", STRIPE | {"secret_key": "sk_live_12345678"})


def test_secrets_are_nowhere_in_the_table_nor_in_a_repr(shop: Shop) -> None:
    shop.pay(data=VISA)
    stored = repr(aws("dynamodb").scan(TableName=shop.table)["Items"])
    installation = shop.installations.preferred("acc_1#sf_1")[0]
    config = shop.installations.config(installation)
    told = repr((installation, config, shop.installations.context(installation, shop.clock()), SimpleNamespace(c=config)))
    for secret in SECRETS:
        assert secret not in stored + told


def test_what_the_account_does_not_hold_any_more_ends_its_refund_at_once_and_is_not_asked_for_again(shop: Shop) -> None:
    """The merchant's keys are another account's since, or the stand-in was started anew and has forgotten everything."""
    paid = shop.pay(data=VISA)
    gone = replace(paid, provider_ref="pi_of_another_account", version=paid.version + 1)
    assert shop.store.save(gone, None, shop.clock())
    after = shop.payments.refund(gone, "ref_1", 300)
    assert (after.operations[-1].phase, after.operations[-1].code, after.next_lookup) == (Phase.FAILED, MISSING, None)
    assert [(type(told), told.refund_id) for told in shop.store.told[-1:]] == [(PaymentRefundFailed, "ref_1")]  # type: ignore[attr-defined]
    assert (after.state, after.captured, after.refunded) == (State.CAPTURED, 1250, 0)
