"""Orders over HTTP, from the queue and by the clock, on the real table's definition."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from pynamodb.exceptions import PynamoDBException

from functions.orders import handler
from functions.orders.inventory.availability import Told
from functions.orders.order_service import Desk
from monsoon_plugin.clock import from_rfc3339, utc_now
from shared.api.caller import Caller
from shared.api.ticket_contents import PAYABLE_ORDER, SHIPPING_QUOTE, PayableOrder, ShippingQuote, address_digest
from shared.aws.objects import S3Objects
from shared.bus import envelope
from shared.messages import Message
from shared.trade.fx import REFERENCE
from shared.trade.reference_data import load
from shared.trade.selection import PriceRule
from tests.fakes import Reply, call, caller, sqs
from tests.unit.orders.given import (
    ACCOUNT,
    ADDRESS,
    MUG,
    STOREFRONT,
    SUPPLIER,
    capture,
    choice,
    configuration,
    hold,
    publication,
    recall,
    suspension,
)

SITE = caller(ACCOUNT, "client_site", storefront_id=STOREFRONT)
BACK_OFFICE = caller(ACCOUNT, "client_site", storefront_id=STOREFRONT, scope="manage")
ORDERS = "/v1/storefronts/{storefront_id}/orders"
HERE = {"storefront_id": STOREFRONT}
BUCKET = "reference-of-orders"


@pytest.fixture(autouse=True)
def deployed(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="signing", SecretString="a secret of the tests, 32 bytes or more")["ARN"]
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    told = {"ORDERS_TABLE": make_table("orders"), "SIGNING_SECRET": arn, "UNPAID_MINUTES": "60", "REFERENCE_BUCKET": BUCKET}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    for made in (handler.settings, handler.store, handler.reference, handler.desk, handler.stockroom, handler.watch, handler.tickets):
        made.cache_clear()
    heard(configuration(), publication())
    yield
    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.objects.delete()
    bucket.delete()
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


def heard(*messages: Message) -> dict[str, Any]:
    return handler.worker(sqs(*(envelope(message, utc_now()) for message in messages)), None)


def wanted(units: int = 2, **more: Any) -> dict[str, Any]:
    quote = ShippingQuote(account_id=ACCOUNT, storefront_id=STOREFRONT, quantities={MUG: units}, address=address_digest(ADDRESS),
                          currency=more.get("currency", "EUR"), choice=choice())  # fmt: skip
    ticket = handler.tickets().issue(SHIPPING_QUOTE, quote, utc_now(), timedelta(minutes=15))
    return {"lines": [{"offer_id": MUG, "quantity": units}], "address": ADDRESS.model_dump(), "shipping_ticket": ticket, **more}


def place(body: Any, key: str | None = "k1", by: Caller | None = SITE) -> Reply:
    return call(handler.app, "POST", ORDERS, path=HERE, body=body, headers={"idempotency-key": key} if key else {}, by=by)


def at(order_id: str, method: str = "GET", sub: str = "", body: Any = None, *, by: Caller = SITE, key: str = "r1") -> Reply:
    path = {**HERE, "order_id": order_id}
    return call(handler.app, method, f"{ORDERS}/{{order_id}}{sub}", path=path, body=body, headers={"idempotency-key": key}, by=by)


def pay(order_id: str) -> None:
    assert heard(capture(handler.desk().order(ACCOUNT, STOREFRONT, order_id))) == {"batchItemFailures": []}


def test_an_order_answers_with_lines_totals_and_a_ticket_to_pay_it() -> None:
    placed = place(wanted())
    assert placed.status == 201
    totals = {name: amount["amount"] for name, amount in placed.body["totals"].items()}
    assert totals == {"goods": 2500, "shipping": 450, "total": 2950, "cost": 2000, "margin": 500}
    ticket = handler.tickets().read(PAYABLE_ORDER, placed.body["payment_ticket"], PayableOrder, utc_now())
    assert (ticket.order_id, ticket.amount.amount) == (placed.body["id"], 2950)
    assert at(placed.body["id"]).body == placed.body


def test_a_replay_gives_the_same_answer_and_another_payload_422() -> None:
    body = wanted()
    first = place(body)
    assert (place(body).status, place(body).body) == (201, first.body)
    assert place({**body, "language": "zh"}).status == 422


def test_a_retry_with_a_newer_shipping_ticket_gets_the_same_order() -> None:
    first = place(wanted())
    dearer = ShippingQuote(account_id=ACCOUNT, storefront_id=STOREFRONT, quantities={MUG: 2}, address=address_digest(ADDRESS),
                           currency="EUR", choice=choice().model_copy(update={"price": 900}))  # fmt: skip
    newer = handler.tickets().issue(SHIPPING_QUOTE, dearer, utc_now(), timedelta(minutes=30))
    again = place({**wanted(), "shipping_ticket": newer})
    assert (again.status, again.body) == (201, first.body)
    assert handler.store().shelf(MUG).quantity == 8


def test_the_merchant_may_keep_an_order_longer_for_a_bank_transfer() -> None:
    placed = place(wanted(pay_within_hours=240)).body
    assert (from_rfc3339(placed["pay_by"]) - from_rfc3339(placed["placed_at"])).days == 10


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [{"offer_id": MUG, "quantity": 0}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": MUG, "quantity": 10_001}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": MUG, "quantity": 2.0}]}, "/lines/0/quantity"),
        ({"lines": [{"offer_id": "mug", "quantity": 1}]}, "/lines/0/offer_id"),
        ({"lines": [{"offer_id": MUG, "quantity": 1}, {"offer_id": MUG, "quantity": 1}]}, "/lines"),
        ({"lines": [{"offer_id": MUG, "quantity": 2, "unit_price": 1}]}, "/lines/0/unit_price"),
        ({"pay_within_hours": 241}, "/pay_within_hours"),
        ({"buyer": {"type": "robot"}}, "/buyer/type"),
        ({"shipping_ticket": "forged"}, "/shipping_ticket"),
        ({"language": "English"}, "/language"),
        ({"total": 1}, "/total"),
    ],
)
def test_bad_input_is_a_422_that_names_the_field(change: dict[str, Any], pointer: str) -> None:
    refused = place(wanted() | change)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)


def test_a_missing_key_a_wrong_role_and_an_unverified_merchant_are_refused() -> None:
    assert place(wanted(), key=None).status == 400
    assert place(wanted(), by=caller(ACCOUNT, "supplier")).status == 403
    assert place(wanted(), by=caller(ACCOUNT, "storefront", verified=False)).status == 403
    assert place(wanted(), by=None).status == 401


def test_out_of_stock_and_recalled_are_conflicts_that_name_the_line() -> None:
    short = place(wanted(11))
    assert (short.status, short.body["left"], short.body["errors"][0]["pointer"]) == (409, {MUG: 10}, "/lines/0/quantity")
    heard(recall())
    assert (place(wanted(), "k2").status, place(wanted(), "k2").body["type"]) == (409, "urn:monsoon:problem:not-sellable")


def test_another_tenant_or_storefront_finds_nothing() -> None:
    order_id = place(wanted()).body["id"]
    stranger = caller("acc_other", "storefront")
    assert at(order_id, by=stranger).status == 404
    assert at(order_id, "POST", "/cancellation", {}, by=stranger).status == 404
    assert at(order_id, "POST", "/refunds", {"shipping": True, "reason": "x"}, by=stranger).status == 404
    assert place(wanted(), by=stranger).status == 404
    assert at(order_id, by=caller(ACCOUNT, "client_site", storefront_id="sf_other")).status == 404
    assert call(handler.app, "GET", ORDERS, path=HERE, by=stranger).body == {"items": []}


@pytest.mark.parametrize("text", ["storefront", "offer", "x" * 3000, "ord_1"])
def test_what_is_not_an_id_is_not_found(text: str) -> None:
    supplier = caller(SUPPLIER, "supplier")
    assert at(text).status == 404
    assert call(handler.app, "GET", ORDERS, path={"storefront_id": text}, by=caller(ACCOUNT, "storefront")).status == 404
    assert call(handler.app, "GET", "/v1/offers/{offer_id}/stock", path={"offer_id": text}, by=supplier).status == 404


def test_orders_are_listed_the_latest_first_page_by_page_and_by_status() -> None:
    ids = [place(wanted(1), f"k{i}").body["id"] for i in range(3)]
    pay(ids[1])
    first = call(handler.app, "GET", ORDERS, path=HERE, query={"limit": "2"}, by=SITE).body
    rest = call(handler.app, "GET", ORDERS, path=HERE, query={"limit": "2", "cursor": first["next"]}, by=SITE).body
    assert sorted(o["id"] for o in first["items"] + rest["items"]) == sorted(ids)
    times = [o["placed_at"] for o in first["items"] + rest["items"]]
    assert times == sorted(times, reverse=True)
    paid = call(handler.app, "GET", ORDERS, path=HERE, query={"status": "paid"}, by=SITE).body
    assert [o["id"] for o in paid["items"]] == [ids[1]]


@pytest.mark.parametrize("query", [{"cursor": "forged"}, {"limit": "0"}, {"limit": "101"}, {"status": "lost"}, {"page": "2"}])
def test_a_bad_query_is_refused(query: dict[str, str]) -> None:
    assert call(handler.app, "GET", ORDERS, path=HERE, query=query, by=SITE).status in (400, 422)


def refund(order_id: str, ask: Any, *, key: str = "r1") -> Reply:
    return at(order_id, "POST", "/refunds", ask, by=BACK_OFFICE, key=key)


def test_a_paid_order_is_refunded_once_for_its_key() -> None:
    order_id = place(wanted()).body["id"]
    ask = {"lines": [{"offer_id": MUG, "quantity": 1}], "shipping": True, "reason": "chipped"}
    assert at(order_id, "POST", "/refunds", ask, by=SITE).status == 403
    assert refund(order_id, ask).status == 409
    pay(order_id)
    done = refund(order_id, ask)
    assert (done.status, done.body["refunds"][0]["amount"]["amount"], done.body["lines"][0]["refunded"]) == (201, 1700, 1)
    assert refund(order_id, ask).body == done.body
    assert refund(order_id, ask, key="r2").status == 422
    assert refund(order_id, {"reason": "nothing"}, key="r3").status == 422


def test_a_cancelled_order_is_cancelled_once() -> None:
    order_id = place(wanted()).body["id"]
    for _ in range(2):
        done = at(order_id, "POST", "/cancellation", {"reason": "shopper"})
        assert (done.status, done.body["state"], done.body["reason"]) == (200, "cancelled", "shopper")
    assert handler.store().shelf(MUG).quantity == 10


def test_a_supplier_reads_and_corrects_its_own_stock_only() -> None:
    def stock(method: str, sub: str, body: Any = None, by: str = SUPPLIER) -> Reply:
        return call(handler.app, method, f"/v1/offers/{{offer_id}}/{sub}", path={"offer_id": MUG}, body=body,
                    headers={"idempotency-key": "a1"}, by=caller(by, "supplier"))  # fmt: skip

    assert stock("GET", "stock").body == {"offer_id": MUG, "quantity": 10, "sellable": True}
    first = stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"})
    assert (first.status, stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"}).body) == (201, first.body)
    assert stock("GET", "stock").body["quantity"] == 7
    assert stock("POST", "stock-adjustments", {"delta": 0, "reason": "none"}).status == 422
    assert stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"}, "acc_other").status == 404
    assert stock("GET", "stock", by="acc_other").status == 404


def test_the_sweep_expires_what_is_past_its_deadline() -> None:
    order_id = place(wanted()).body["id"]
    assert handler.sweep({}, None) == {"swept": 0, "later": 0}
    late = Desk(handler.store(), lambda: datetime(2100, 1, 1, tzinfo=UTC), handler.PATIENCE, handler.rates)
    assert late.sweep() == {"swept": 1, "later": 0}
    assert at(order_id).body["state"] == "cancelled"
    assert "payment_ticket" not in at(order_id).body


def test_news_of_an_order_that_is_not_here_comes_again_alone() -> None:
    order = handler.desk().order(ACCOUNT, STOREFRONT, place(wanted()).body["id"])
    lost = order.model_copy(update={"id": "ord_lost"})
    answer = heard(capture(lost), capture(order))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert at(order.id).body["state"] == "paid"


def test_a_body_that_is_not_json_is_a_400() -> None:
    refused = call(handler.app, "POST", ORDERS, path=HERE, raw="{", headers={"idempotency-key": "k"}, by=SITE)
    assert (refused.status, refused.body["type"]) == (400, "urn:monsoon:problem:malformed")


def load_rates(day: str, per_euro: dict[str, str]) -> None:
    load(S3Objects(BUCKET), REFERENCE, day, {"date": day, "per_euro": per_euro})


def test_an_order_keeps_the_rates_of_its_day_and_a_currency_is_one_of_the_storefronts() -> None:
    heard(configuration(2, price_rule=PriceRule(margin_per_mille=250, currencies=["EUR", "JPY"])))
    body = wanted(currency="JPY")
    assert place(body).body["errors"][0]["pointer"] == "/lines/0/offer_id", "no rates are loaded"
    load_rates("2026-10-29", {"JPY": "170"})
    placed = place(body).body
    assert placed["totals"]["goods"] == {"amount": 4250, "currency": "JPY"}
    assert (placed["rates_day"], placed["lines"][0]["supplier_price"]) == ("2026-10-29", {"amount": 1000, "currency": "EUR"})
    load_rates("2026-10-30", {"JPY": "200"})
    handler.reference.cache_clear()
    assert at(placed["id"]).body == placed
    assert place(wanted(currency="JPY"), "k2").body["totals"]["goods"]["amount"] == 5000
    refused = place(wanted(currency="USD"), "k3")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/currency")


def test_a_shipping_quote_in_another_currency_than_the_order_is_refused() -> None:
    heard(configuration(2, price_rule=PriceRule(currencies=["EUR", "GBP"])))
    load_rates("2026-10-30", {"GBP": "0.85"})
    refused = place({**wanted(), "currency": "GBP"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/shipping_ticket")


def test_suspensions_are_conflicts_of_their_own() -> None:
    heard(suspension())
    refused = place(wanted())
    assert (refused.status, refused.body["type"]) == (409, "urn:monsoon:problem:supplier-suspended")
    assert (refused.body["errors"][0]["pointer"], "counterfeits" in refused.body["detail"]) == ("/lines/0/offer_id", True)
    heard(configuration(2, suspended="fraud"))
    refused = place(wanted())
    assert (refused.status, refused.body["type"]) == (409, "urn:monsoon:problem:storefront-suspended")


def test_flagged_orders_are_listed_apart_and_an_unpaid_one_says_why_it_cannot_be_paid() -> None:
    unpaid, paid, sound = (place(wanted(1), f"k{i}").body["id"] for i in range(3))
    for order_id in (paid, sound):
        pay(order_id)
    assert call(handler.app, "GET", ORDERS, path=HERE, query={"flagged": "true"}, by=SITE).body == {"items": []}
    order = handler.desk().order(ACCOUNT, STOREFRONT, paid)
    assert heard(recall(), hold(order, [MUG])) == {"batchItemFailures": []}
    assert "payment_ticket" not in at(unpaid).body
    assert at(unpaid).body["flags"] == at(paid).body["flags"] == [{"offer_id": MUG, "reason": "unsafe"}]
    for flagged, ids in (("true", {unpaid, paid}), ("false", {sound})):
        page = call(handler.app, "GET", ORDERS, path=HERE, query={"flagged": flagged}, by=SITE).body
        assert {order["id"] for order in page["items"]} == ids


def record(offer_id: str, before: int, after: int) -> dict[str, Any]:
    item = boto3.client("dynamodb").get_item(TableName="orders-test", Key={"pk": {"S": offer_id}, "sk": {"S": "offer"}})["Item"]
    images = [item | {"quantity": {"N": str(units)}} for units in (before, after)]
    return {"dynamodb": {"Keys": {"pk": {"S": offer_id}, "sk": {"S": "offer"}}, "OldImage": images[0], "NewImage": images[1]}}


def test_a_record_that_cannot_be_read_does_not_keep_the_others_from_being_told() -> None:
    place(wanted(10))
    broken = {"dynamodb": {"Keys": {"pk": {"S": "off_x"}}, "OldImage": {"version": {"S": "x"}}, "NewImage": {}}}
    removed = {"dynamodb": {"Keys": {"pk": {"S": "off_y"}}, "OldImage": record(MUG, 1, 0)["dynamodb"]["OldImage"]}}
    answer = handler.stock({"Records": [broken, removed, record(MUG, 10, 0)]}, None)
    assert (answer, handler.store().told(MUG)) == ({"batchItemFailures": []}, Told(1, False))


def test_what_fails_otherwise_is_raised_so_that_the_stream_gives_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = record(MUG, 10, 0)
    monkeypatch.setenv("ORDERS_TABLE", "not-there")
    handler.store.cache_clear()
    handler.watch.cache_clear()
    with pytest.raises(PynamoDBException):
        handler.stock({"Records": [moved]}, None)
