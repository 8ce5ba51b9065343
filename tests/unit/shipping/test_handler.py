"""Shipping over HTTP and from the queue: install, quote, ship, track."""

from typing import Any

import boto3
import pytest

from functions.shipping import handler
from shared.bus import envelope
from shared.messages import OfferRecalled
from tests.fakes import NOON, call, caller, sqs
from tests.unit.shipping.events import LONDON, ORDER, OWNER, STOREFRONT, SUPPLIER, TARIFF, accepted, cancelled, paid, published

MERCHANT, SITE = caller(OWNER, "storefront"), caller(OWNER, "client_site", storefront_id=STOREFRONT)
AT = {"storefront_id": STOREFRONT}
INSTALL, QUOTES = "/v1/storefronts/{storefront_id}/courier-installations", "/v1/storefronts/{storefront_id}/shipping-quotes"
TRACK = "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments"
EVENTS = "/v1/shipments/{shipment_id}/events"
WANTED = {"lines": [{"offer_id": "off_1", "quantity": 1}], "address": LONDON.model_dump(), "currency": "GBP"}


@pytest.fixture
def app(make_table: Any, monkeypatch: Any) -> Any:
    secret = boto3.client("secretsmanager").create_secret(Name=f"shipping-{id(monkeypatch)}", SecretString="s" * 64)
    monkeypatch.setenv("SHIPPING_TABLE", make_table("shipping"))
    monkeypatch.setenv("SIGNING_SECRET", secret["ARN"])
    monkeypatch.setenv("CREDENTIALS_KEY", boto3.client("kms").create_key()["KeyMetadata"]["Arn"])
    for made in (handler.settings, handler.store, handler.tickets, handler.couriers):
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
    recalled = OfferRecalled(offer_id="off_1", product_id="prd_1", supplier_id=SUPPLIER, reason="r", version=2)
    assert tell(published(), cancelled(), accepted(installation), recalled) == []
    assert call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"] == []
    refused = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/lines/0/offer_id")


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
