"""Shipping over HTTP and from the queue: install, quote, ship, track."""

from secrets import token_hex
from typing import Any

import boto3
import pytest

from functions.shipping import handler
from shared.bus import envelope
from shared.objects import S3Objects
from shared.reference import load
from tests.fakes import NOON, call, caller, sqs
from tests.unit.shipping.events import LONDON, ORDER, OWNER, STOREFRONT, SUPPLIER, TARIFF, accepted, cancelled, paid, published, recalled

MERCHANT, SITE = caller(OWNER, "storefront"), caller(OWNER, "client_site", storefront_id=STOREFRONT)
AT = {"storefront_id": STOREFRONT}
INSTALL, QUOTES = "/v1/storefronts/{storefront_id}/courier-installations", "/v1/storefronts/{storefront_id}/shipping-quotes"
TRACK = "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments"
EVENTS = "/v1/shipments/{shipment_id}/events"
WANTED = {"lines": [{"offer_id": "off_1", "quantity": 1}], "address": LONDON.model_dump(), "currency": "GBP"}


@pytest.fixture
def app(make_table: Any, monkeypatch: Any) -> Any:
    secret = boto3.client("secretsmanager").create_secret(Name=f"shipping-{token_hex(8)}", SecretString="s" * 64)
    monkeypatch.setenv("STAGE", "local")
    monkeypatch.setenv("PUBLIC_URL", "")
    monkeypatch.setenv("PROVIDER_BASES", "{}")
    monkeypatch.setenv("SHIPPING_TABLE", make_table("shipping"))
    monkeypatch.setenv("SIGNING_SECRET", secret["ARN"])
    bucket = f"reference-{token_hex(8)}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    monkeypatch.setenv("REFERENCE_BUCKET", bucket)
    monkeypatch.setenv("CREDENTIALS_KEY", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
    for made in (handler.settings, handler.store, handler.tickets, handler.couriers, handler.reference):
        made.cache_clear()
    return handler.app


def tell(*messages: Any) -> list[Any]:
    return handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None)["batchItemFailures"]


def install(app: Any) -> str:
    made = call(
        app, "POST", INSTALL, path=AT, by=MERCHANT, body={"plugin": "table_rate", "config": TARIFF}, headers={"idempotency-key": "k"}
    )
    assert made.status == 201, made.body
    return str(made.body["id"])


def test_the_whole_way_from_installing_to_tracking(app):
    installation = install(app)
    assert tell(published()) == []
    (rate,) = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED).body["items"]
    assert (rate["price"], rate["plugin"]) == ({"amount": 400, "currency": "GBP"}, "table_rate")
    event = accepted(installation)
    assert tell(event, paid(event)) == []
    (shipment,) = call(app, "GET", "/v1/shipments", by=caller(SUPPLIER)).body["items"]
    assert (shipment["state"], shipment["address"]["name"]) == ("labeled", "Ann")
    path, by = {"shipment_id": shipment["id"]}, caller(SUPPLIER)
    sent = call(
        app, "POST", EVENTS, path=path, by=by, body={"state": "dispatched", "tracking_number": "RR1"}, headers={"idempotency-key": "1"}
    )
    assert (sent.status, sent.body["state"]) == (200, "in_transit")
    (tracked,) = call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"]
    assert (tracked["tracking_number"], tracked["events"][-1]["state"]) == ("RR1", "in_transit")
    assert call(app, "GET", "/v1/shipments/{shipment_id}", path=path, by=caller("acc_other", "supplier")).status == 404


def test_a_recalled_offer_is_not_quoted_and_a_cancelled_order_not_shipped(app):
    installation = install(app)
    assert tell(published(), cancelled(), accepted(installation), recalled()) == []
    assert call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"] == []
    refused = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/lines/0/offer_id")


def test_a_recall_holds_what_waits_to_be_sent_until_the_offer_is_back(app):
    assert tell(published(), accepted(install(app)), recalled()) == []
    by = caller(SUPPLIER)
    (shipment,) = call(app, "GET", "/v1/shipments", by=by).body["items"]
    assert shipment["held"] == [{"offer_id": "off_1", "reason": "lead in the glaze"}]
    sent = {"path": {"shipment_id": shipment["id"]}, "by": by, "body": {"state": "dispatched"}, "headers": {"idempotency-key": "1"}}
    refused = call(app, "POST", EVENTS, **sent)
    assert (refused.status, refused.body["type"], refused.body["offer_ids"]) == (409, "urn:monsoon:problem:shipment-held", ["off_1"])
    assert call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"][0]["held"] == shipment["held"]
    assert tell(published(version=3)) == []
    assert call(app, "POST", EVENTS, **sent).body["state"] == "in_transit"


def test_a_price_is_converted_by_the_rates_that_the_operator_loaded_and_without_them_that_courier_is_left_out(app):
    install(app)
    assert tell(published()) == []
    assert call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED | {"currency": "EUR"}).body["items"] == []
    load(S3Objects(handler.settings().reference_bucket), "fx", "1", {"date": "2026-11-20", "per_euro": {"GBP": "0.8765"}})
    (rate,) = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED | {"currency": "EUR"}).body["items"]
    assert (rate["price"]["amount"], rate["converted"]) == (457, {"price": {"amount": 400, "currency": "GBP"}, "day": "2026-11-20"})


@pytest.mark.parametrize(("change", "pointer"), [
    ({"lines": []}, "/lines"), ({"currency": "XXX"}, "/currency"), ({"lines": [{"offer_id": "o", "quantity": 0}]}, "/lines/0/quantity"),
    ({"address": {}}, "/address/name"), ({"colour": 1}, "/colour"),
])  # fmt: skip
def test_a_wrong_field_of_a_quote_is_named(app, change, pointer):
    refused = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED | change)
    assert refused.status == 422
    assert pointer in {error["pointer"] for error in refused.body["errors"]}


def test_a_report_needs_its_key_and_a_known_state(app):
    path = {"shipment_id": "shp_1"}
    assert call(app, "POST", EVENTS, path=path, by=caller(SUPPLIER), body={"state": "dispatched"}).status == 400
    wrong = call(app, "POST", EVENTS, path=path, by=caller(SUPPLIER), body={"state": "voided"}, headers={"idempotency-key": "1"})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/state")
    missing = call(app, "POST", EVENTS, path=path, by=caller(SUPPLIER), body={"state": "lost"}, headers={"idempotency-key": "1"})
    assert missing.status == 404
    assert call(app, "GET", "/v1/shipments/{shipment_id}", path={"shipment_id": "x" * 3000}, by=caller(SUPPLIER)).status == 404
