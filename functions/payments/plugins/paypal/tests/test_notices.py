"""PayPal's notices: only what PayPal signed, now, for this webhook, with its own certificate, is believed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from functions.payments.plugins.paypal.certificates import MOST, Certificates
from functions.payments.plugins.paypal.notices import Signed, capture_of, notice_of, refund_notice, signer_of
from functions.payments.plugins.paypal.plugin import PayPal, PayPalConfig
from functions.payments.plugins.paypal.standin_signer import CERTIFICATE_URL, SIGNER, Signer, signer
from functions.payments.plugins.paypal.tests.conftest import CONFIG
from functions.payments.plugins.paypal.trial import WEBHOOK_ID
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import WebhookResult
from monsoon_plugin.plugin import Ctx, RawWebhook

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AMOUNT = {"currency_code": "EUR", "value": "12.50"}
CAPTURED = {"id": "WH-1", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "3C", "custom_id": "ord_1/pay_1", "amount": AMOUNT}}


def pem(signer: Signer) -> bytes:
    return signer.certificate.public_bytes(Encoding.PEM)


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    served = Certificates(lambda url: pem(signer()))
    monkeypatch.setattr("functions.payments.plugins.paypal.plugin.CERTIFICATES", served)


def told(raw: RawWebhook, *, now: datetime | None = None, mode: Any = "test", **config: Any) -> WebhookResult | None:
    now = now or datetime.now(UTC)
    ctx = Ctx(
        config=PayPalConfig.model_validate(CONFIG | config),
        base_url="https://api-m.paypal.com",
        deadline=now + timedelta(seconds=5),
        now=now,
        mode=mode,
    )
    return PayPal().webhook(ctx, raw)


def signed(event: Any = CAPTURED, **how: Any) -> RawWebhook:
    return signer().sign(json.dumps(event).encode(), how.pop("webhook_id", WEBHOOK_ID), how.pop("at", datetime.now(UTC)), **how)


def refused(raw: RawWebhook, **how: Any) -> None:
    with pytest.raises(PluginError) as raised:
        told(raw, **how)
    assert raised.value.kind is ErrorKind.SIGNATURE


def test_a_genuine_notice_names_its_payment() -> None:
    assert told(signed()) == WebhookResult("WH-1", "pay_1", "ord_1", settled=True)


def test_another_body_is_refused() -> None:
    genuine = signed()
    refused(replace(genuine, body=genuine.body.replace(b"12.50", b"12.51")))


def test_a_notice_for_another_webhook_is_refused() -> None:
    refused(signed(webhook_id="8PT597110X687430L"))


def test_without_a_webhook_id_every_notice_is_refused() -> None:
    refused(signed(), webhook_id=None)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_notice_of_another_time_is_refused(minutes: int) -> None:
    refused(signed(at=datetime.now(UTC) + timedelta(minutes=minutes)))


def test_another_time_in_the_header_spoils_the_signature() -> None:
    genuine = signed(at=datetime.now(UTC) - timedelta(hours=1))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    refused(replace(genuine, headers={**genuine.headers, "paypal-transmission-time": now}))


@pytest.mark.parametrize("name", ["transmission-id", "transmission-time", "auth-algo", "cert-url", "transmission-sig"])
def test_a_missing_header_is_refused(name: str) -> None:
    genuine = signed()
    refused(replace(genuine, headers={k: v for k, v in genuine.headers.items() if k != f"paypal-{name}"}))


def test_another_algorithm_is_refused() -> None:
    genuine = signed()
    refused(replace(genuine, headers={**genuine.headers, "paypal-auth-algo": "SHA1withRSA"}))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1/notifications/certs/CERT-1",
        "http://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com@evil.example/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com/v1/notifications/certs/../../../upload",
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1?at=evil.example",
        "https://api.sandbox.paypal.com/v1/elsewhere",
        "https://api.sandbox.paypal.com\\@evil.example/v1/notifications/certs/CERT-1",
        "https://[api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1",
    ],
)
def test_a_certificate_elsewhere_than_at_the_modes_host_is_not_even_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(asked: str) -> bytes:
        raise AssertionError(f"{asked} was fetched")

    monkeypatch.setattr("functions.payments.plugins.paypal.plugin.CERTIFICATES", Certificates(fetch))
    refused(signed(url=url))


def test_a_sandbox_notice_never_counts_in_live_mode() -> None:
    refused(signed(), mode="live")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("messageverificationcerts.paypal.com.evil.example", None), (SIGNER, datetime(2020, 1, 1, tzinfo=UTC)), ("paypal.com", None)],
)
def test_a_certificate_for_another_name_or_time_is_refused(name: str, begins: datetime | None) -> None:
    with pytest.raises(PluginError) as raised:
        signer_of(pem(Signer.made(name, begins)), "test", datetime.now(UTC))
    assert raised.value.kind is ErrorKind.SIGNATURE


def test_a_certificate_that_expires_while_it_is_held_is_refused() -> None:
    certificates = Certificates(lambda url: pem(Signer.made(days=2)))
    certificates.signer(CERTIFICATE_URL, "test", datetime.now(UTC))
    with pytest.raises(PluginError):
        certificates.signer(CERTIFICATE_URL, "test", datetime.now(UTC) + timedelta(days=2))


def test_a_chain_in_which_one_did_not_issue_the_other_is_refused() -> None:
    with pytest.raises(PluginError):
        signer_of(pem(signer()) + pem(Signer.made("another.example")), "test", datetime.now(UTC))
    assert signer_of(pem(signer()) * 2, "test", datetime.now(UTC)) == signer().certificate, "who signs for itself has issued itself"


@pytest.mark.parametrize("served", [b"", b"<html>not found</html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(served: bytes) -> None:
    with pytest.raises(PluginError) as raised:
        signer_of(served, "test", NOW)
    assert raised.value.kind is ErrorKind.SIGNATURE


def test_a_certificate_is_fetched_once_and_only_so_many_are_held() -> None:
    fetched: list[str] = []
    certificates = Certificates(lambda url: (fetched.append(url), pem(signer()))[1])
    for place in [*range(MOST + 1), MOST, 0]:
        certificates.signer(f"https://api.sandbox.paypal.com/v1/notifications/certs/{place}", "test", datetime.now(UTC))
    assert len(fetched) == MOST + 2, "the one used longest ago is fetched again"


def test_the_signed_text_is_the_one_that_paypal_documents() -> None:
    """developer.paypal.com/api/rest/webhooks/rest: `<transmissionId>|<timeStamp>|<webhookId>|<crc32>`, the CRC in decimal.

    The body is CRC-32's published check value: 0xCBF43926.
    """
    text = Signed.of(signer().sign(b"123456789", "1JE", NOW), "1JE", "test", NOW).text
    assert text == b"69cd13f0-d67a-11e5-baa3-778b53f4ae55|2026-11-23T12:00:00.000Z|1JE|3421780262"


def test_a_refund_notice_names_its_payment_by_the_refunds_own_id() -> None:
    refund = {"id": "1R", "custom_id": "ord_1/pay_1/op_1", "amount": AMOUNT}
    event = {"id": "WH-2", "event_type": "PAYMENT.CAPTURE.REFUNDED", "resource": refund}
    assert told(signed(event)) == WebhookResult("WH-2", "pay_1", "ord_1")


def test_a_refund_that_names_no_payment_is_one_of_its_captures() -> None:
    up = {"rel": "up", "href": "https://api-m.paypal.com/v2/payments/captures/3C679366HH908993F"}
    for kind in ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED"):
        body = json.dumps({"id": "WH-4", "event_type": kind, "resource": {"id": "1R", "links": [up]}}).encode()
        assert (notice_of(body), capture_of(body)) == (None, "3C679366HH908993F")
        assert refund_notice(body, "ord_1/pay_1") == WebhookResult("WH-4", "pay_1", "ord_1")
        assert refund_notice(body, None) is None


def test_an_approved_order_names_its_payment() -> None:
    event = {"id": "WH-3", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"purchase_units": [{"custom_id": "ord_1/pay_1"}]}}
    assert told(signed(event)) == WebhookResult("WH-3", "pay_1", "ord_1")


@pytest.mark.parametrize(
    "event",
    [
        {"id": "WH", "event_type": "BILLING.PLAN.CREATED", "resource": {}},
        {"id": "WH", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "3C"}},
        {"id": "WH", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"custom_id": "somebody else's"}},
        {"id": "WH", "event_type": "CUSTOMER.DISPUTE.CREATED", "resource": {"disputed_transactions": [{"custom": "not ours"}]}},
    ],
)
def test_other_events_and_payments_that_are_not_ours_are_nothing(event: Any) -> None:
    assert told(signed(event)) is None
