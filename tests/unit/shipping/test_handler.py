"""Shipping over HTTP and from the queue: install, quote, ship, track."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest

from functions.shipping import handler
from functions.shipping.bootstrap import SafetySettings, Services, Settings
from monsoon_plugin.courier import TrackEvent
from monsoon_plugin.errors import ErrorKind
from shared.api.service import Service
from shared.aws.objects import S3Objects
from shared.bootstrap.api_parts import SigningSettings
from shared.bootstrap.reference_parts import ReferenceSettings
from shared.bus import envelope
from shared.buyers.followed_orders import FOLLOWED_FOR, FOLLOWED_ORDER, FollowedOrder
from shared.ids import derived_id
from shared.messages import StockOwed
from shared.providers.places import ProviderSettings
from shared.trade.reference_data import load
from tests.conftest import aws, kms_key
from tests.fakes import NOON, call, caller, sqs
from tests.unit.shipping.conftest import FakeRegistry
from tests.unit.shipping.events import (
    LONDON,
    ORDER,
    OWNER,
    STOREFRONT,
    SUPPLIER,
    TARIFF,
    accepted,
    cancelled,
    line,
    paid,
    published,
    recalled,
)
from tests.unit.shipping.fake_courier import CONFIG, PDF, FakeCourier, failing

MERCHANT, SITE = caller(OWNER, "storefront"), caller(OWNER, "client_site", storefront_id=STOREFRONT)
AT = {"storefront_id": STOREFRONT}
INSTALL, QUOTES = "/v1/storefronts/{storefront_id}/courier-installations", "/v1/storefronts/{storefront_id}/shipping-quotes"
TRACK = "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments"
EVENTS = "/v1/shipments/{shipment_id}/events"
WANTED = {"lines": [{"offer_id": "off_1", "quantity": 1}], "address": LONDON.model_dump(), "currency": "GBP"}


@pytest.fixture
def parts(make_table: Any, courier: FakeCourier) -> Services:
    """The service's parts over resources of their own, with a courier that calls out, known as `remote`."""
    secret = aws("secretsmanager").create_secret(Name=f"shipping-{token_hex(8)}", SecretString="s" * 64)
    bucket = f"reference-{token_hex(8)}"
    aws("s3").create_bucket(Bucket=bucket)
    key = kms_key()
    settings = (
        Settings(make_table("shipping"), documents_bucket=bucket), SigningSettings(secret["ARN"]), ReferenceSettings(bucket),
        SafetySettings("ask"),
        ProviderSettings(stage="local", public_url="", provider_bases="{}", plugin_functions="", credentials_key=key),
    )  # fmt: skip
    usual = Services(*settings).installations
    return Services(*settings, installations=replace(usual, registry=FakeRegistry(remote=courier)))


@pytest.fixture
def courier() -> FakeCourier:
    return FakeCourier()


@pytest.fixture
def app(parts: Services) -> Service:
    return Service("shipping", lambda: parts, handler.ROUTES)


@pytest.fixture
def tell(parts: Services) -> Callable[..., list[Any]]:
    """Deliver messages to the worker; answers those that failed."""
    worker = replace(handler.worker, services=lambda: parts)
    return lambda *messages: worker(sqs(*(envelope(message, NOON) for message in messages)), None)["batchItemFailures"]


def install(app: Any, plugin: str = "table_rate", config: dict[str, Any] = TARIFF) -> str:
    body = {"plugin": plugin, "mode": "live", "config": config}
    made = call(app, "POST", INSTALL, path=AT, by=MERCHANT, body=body, headers={"idempotency-key": plugin})
    assert made.status == 201, made.body
    return str(made.body["id"])


def test_the_whole_way_from_installing_to_tracking(app, tell):
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


def test_an_orders_link_follows_its_parcels_and_tells_whoever_has_it_no_pickup_code(app, tell, parts):
    installation = install(app, "local_pickup", {"location": LONDON.model_dump(), "currency": "GBP"})
    assert tell(published(), accepted(installation, plugin="local_pickup")) == []
    (own,) = call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"]
    followed = FollowedOrder(account_id=OWNER, storefront_id=STOREFRONT, order_id=ORDER)
    ticket = parts.tickets.issue(FOLLOWED_ORDER, followed, parts.clock(), FOLLOWED_FOR)
    shown = call(app, "GET", "/v1/followed-order/shipments", query={"ticket": ticket})
    (parcel,) = shown.body["items"]
    assert own["pickup_code"]
    assert parcel == {name: value for name, value in own.items() if name != "pickup_code"}
    assert call(app, "GET", "/v1/followed-order/shipments", query={"ticket": ticket[:-3] + "AAA"}).status == 422


def test_a_recalled_offer_is_not_quoted_and_a_cancelled_order_not_shipped(app, tell):
    installation = install(app)
    assert tell(published(), cancelled(), accepted(installation), recalled()) == []
    assert call(app, "GET", TRACK, path={**AT, "order_id": ORDER}, by=SITE).body["items"] == []
    refused = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/lines/0/offer_id")


def test_a_recall_holds_what_waits_to_be_sent_until_the_offer_is_back(app, tell):
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


def test_a_supplier_who_owes_units_sees_the_newest_parcels_that_wait_for_so_many(app, tell):
    installation, offer, by = install(app), derived_id("off", "1"), caller(SUPPLIER)

    def shortfall(who: Any = by) -> Any:
        return call(app, "GET", "/v1/offers/{offer_id}/shortfall", path={"offer_id": offer}, by=who).body

    def owed(units: int, version: int) -> StockOwed:
        return StockOwed(version=version, offer_id=offer, product_id="prd_1", supplier_id=SUPPLIER, owed=units)

    orders = [accepted(installation, line(offer, quantity=n), order_id=f"ord_{n}") for n in (2, 3, 4)]
    assert tell(published(offer), *orders) == []
    assert shortfall() == {"offer_id": offer, "owed": 0, "items": []}
    assert tell(owed(9, 2), owed(5, 3), owed(9, 2)) == []
    first, second = shortfall()["items"]
    assert ((first["order_id"], first["units"]), (second["order_id"], second["units"])) == (("ord_4", 4), ("ord_3", 3))
    assert shortfall(caller("acc_other", "supplier"))["type"] == "urn:monsoon:problem:not-found"
    sent = {"path": {"shipment_id": first["shipment_id"]}, "body": {"state": "dispatched"}, "headers": {"idempotency-key": "1"}}
    assert call(app, "POST", EVENTS, by=by, **sent).status == 200
    assert [short["order_id"] for short in shortfall()["items"]] == ["ord_3", "ord_2"]
    assert tell(owed(0, 4)) == []
    assert shortfall()["items"] == []


def test_a_price_is_converted_by_the_rates_that_the_operator_loaded_and_without_them_that_courier_is_left_out(app, tell, parts):
    install(app)
    assert tell(published()) == []
    assert call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED | {"currency": "EUR"}).body["items"] == []
    load(S3Objects(parts.settings(ReferenceSettings).reference_bucket), "fx", "1", {"date": "2026-11-20", "per_euro": {"GBP": "0.8765"}})
    (rate,) = call(app, "POST", QUOTES, path=AT, by=SITE, body=WANTED | {"currency": "EUR"}).body["items"]
    assert (rate["price"]["amount"], rate["converted"]) == (457, {"price": {"amount": 400, "currency": "GBP"}, "day": "2026-11-20"})


@pytest.mark.parametrize(("change", "pointer"), [
    ({"lines": []}, "/lines"), ({"currency": "XTS"}, "/currency"), ({"lines": [{"offer_id": "o", "quantity": 0}]}, "/lines/0/quantity"),
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


def confirmed(app: Any, tell: Any) -> tuple[str, dict[str, Any]]:
    """An order by the remote courier; answers its installation and its shipment as its supplier reads it."""
    installation = install(app, "remote", CONFIG)
    assert tell(published(), accepted(installation, plugin="remote")) == []
    (found,) = call(app, "GET", "/v1/shipments", by=caller(SUPPLIER)).body["items"]
    return installation, found


def fetched(app: Any, ticket: str) -> dict[str, Any]:
    """What API Gateway gets for a document's link, as a browser asks for it."""
    path = "/v1/documents"
    context = {"resourcePath": path, "httpMethod": "GET", "path": path, "identity": {"sourceIp": "127.0.0.1"}}
    event = {
        "resource": path, "path": path, "httpMethod": "GET", "headers": {"accept": "text/html"}, "multiValueHeaders": {},
        "queryStringParameters": {"ticket": ticket}, "multiValueQueryStringParameters": {"ticket": [ticket]},
        "pathParameters": None, "stageVariables": None, "isBase64Encoded": False, "body": None, "requestContext": context,
    }  # fmt: skip
    return dict(app(event, None))


def test_a_label_and_its_customs_papers_are_read_by_links_that_only_its_parties_are_given(app, tell, courier):
    _, found = confirmed(app, tell)
    assert (found["state"], found["documents"], found["tracking_number"]) == ("labeled", 3, "T1")
    path = {"shipment_id": found["id"]}
    listed = call(app, "GET", "/v1/shipments/{shipment_id}/documents", path=path, by=caller(SUPPLIER)).body["items"]
    assert [item["kind"] for item in listed] == ["label", "commercial_invoice", "cn23"]
    of_order = call(app, "GET", TRACK + "/{shipment_id}/documents", path={**AT, "order_id": ORDER, **path}, by=MERCHANT)
    assert len(of_order.body["items"]) == 3
    ticket = listed[0]["link"].partition("=")[2]
    answer = fetched(app, ticket)
    assert (answer["statusCode"], answer["isBase64Encoded"], b64decode(answer["body"])) == (200, True, PDF.content)
    assert (answer["headers"]["Content-Type"], answer["headers"]["Cache-Control"]) == ("application/pdf", "no-store")
    stranger = caller("acc_other", "supplier")
    assert call(app, "GET", "/v1/shipments/{shipment_id}/documents", path=path, by=stranger).status == 404
    elsewhere = {**AT, "order_id": ORDER, **path}
    assert call(app, "GET", TRACK + "/{shipment_id}/documents", path=elsewhere, by=caller("acc_other", "storefront")).status == 404
    forged = call(app, "GET", "/v1/documents", query={"ticket": ticket[:-3] + "AAA"})
    assert (forged.status, forged.body["errors"][0]["pointer"]) == (422, "query/ticket")


def test_nothing_in_the_bucket_or_the_table_shows_the_label(app, tell, parts):
    confirmed(app, tell)
    s3, bucket = aws("s3"), parts.settings(Settings).documents_bucket
    kept = [s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read() for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len(kept) == 3
    assert not [content for content in kept if b"%PDF" in content]


def test_a_refused_label_is_seen_and_bought_again_by_the_storefront_alone(app, tell, courier):
    courier.before = failing(ErrorKind.DECLINED, "buy")
    _, found = confirmed(app, tell)
    assert (found["state"], found["problem"]["kind"]) == ("draft", "declined")
    again = {"path": {**AT, "order_id": ORDER, "shipment_id": found["id"]}, "body": {}, "headers": {"idempotency-key": "1"}}
    assert call(app, "POST", TRACK + "/{shipment_id}/label", by=SITE, **again).status == 403
    bought = call(app, "POST", TRACK + "/{shipment_id}/label", by=MERCHANT, **again)
    assert (bought.status, bought.body["state"], courier.bought) == (200, "labeled", 1)


def test_a_couriers_notice_moves_its_parcel_and_a_forged_one_is_refused(app, tell, courier):
    installation, found = confirmed(app, tell)
    courier.way = [TrackEvent("e1", "dispatched", "2026-11-01T12:00:00.000Z")]
    hook = {"path": {"installation_id": installation}, "raw": "T1 n1"}
    assert call(app, "POST", "/v1/hooks/couriers/{installation_id}", headers={"signature": "bad"}, **hook).status == 401
    unknown = {"path": {"installation_id": "ins_none"}, "raw": "T1 n1"}
    assert call(app, "POST", "/v1/hooks/couriers/{installation_id}", headers={"signature": "good"}, **unknown).status == 404
    assert call(app, "POST", "/v1/hooks/couriers/{installation_id}", headers={"signature": "good"}, **hook).status == 200
    after = call(app, "GET", "/v1/shipments/{shipment_id}", path={"shipment_id": found["id"]}, by=caller(SUPPLIER))
    assert after.body["state"] == "in_transit"


def test_the_sweep_asks_couriers_where_parcels_are(app, tell, courier, parts):
    sweep = replace(handler.sweep, services=lambda: parts)
    _, found = confirmed(app, tell)
    courier.way = [TrackEvent("e1", "dispatched", "2026-11-01T12:00:00.000Z")]
    assert sweep({}, None) == {"walked": 0, "seen": 1}
    after = call(app, "GET", "/v1/shipments/{shipment_id}", path={"shipment_id": found["id"]}, by=caller(SUPPLIER))
    assert after.body["state"] == "in_transit"
    assert sweep({}, None) == {"walked": 0, "seen": 0}
