"""storefronts over HTTP and from its queue, on the real table definition."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from functions.storefronts import handler
from shared.bus import envelope
from shared.messages import OfferPublished, OfferRecalled
from shared.product import Product
from shared.reference import load
from tests.fakes import NOON, FakeObjects, Reply, call, caller, sqs

LISTINGS = "/v1/storefronts/{storefront_id}/listings"
BODY = {
    "name": "Lantern", "languages": ["en", "zh"], "selection": {"categories": ["hg-3"]},
    "price_rule": {"margin_per_mille": 250, "round_to": 100, "minus": 1},
}  # fmt: skip
ROWS = [["hg", "Home & Garden"], ["hg-3", "Home & Garden > Decor"], ["hg-3-67", "Home & Garden > Decor > Vases"]]


@pytest.fixture(autouse=True)
def table(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = make_table("storefronts")
    monkeypatch.setenv("STOREFRONTS_TABLE", name)
    made = boto3.client("secretsmanager").create_secret(Name=f"signing-{name}", SecretString="a secret of 32 bytes or more, for a test")
    monkeypatch.setenv("SIGNING_SECRET", made["ARN"])
    monkeypatch.setenv("REFERENCE_BUCKET", "reference")
    s3, objects = boto3.client("s3"), FakeObjects()
    s3.create_bucket(Bucket="reference")
    load(objects, "taxonomy/en", "1", ROWS)
    for key, body in objects.kept.items():
        s3.put_object(Bucket="reference", Key=key, Body=body)
    forget()
    yield name
    boto3.client("secretsmanager").delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def forget() -> None:
    """What a new process would not know."""
    for factory in (handler.storefronts, handler.cards, handler.shop, handler.desk, handler.tickets):
        factory.cache_clear()


def published(number: int, category: str = "hg-3-67", version: int = 1, cost: int = 1000) -> OfferPublished:
    product = Product.model_validate({
        "sku": f"V-{number}",
        "texts": {"en": {"title": f"Vase {number}", "description": "Blown glass."}, "zh": {"title": f"瓶 {number}"}},
        "category": category,
        "price": {"amount": cost, "currency": "GBP"}, "stock": 5, "weight": 300, "pictures": ["pic_1", "pic_2"],
        "tiers": [{"min_quantity": 10, "price": {"amount": 800, "currency": "GBP"}}],
        "size": {"length": 100, "width": 80, "height": 90}, "hs_code": "701399", "origin": "CN",
    })  # fmt: skip
    return OfferPublished(version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", product=product)


def recalled(number: int, version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", reason="cracks")


def tell(*messages: Any) -> None:
    assert handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def opened(body: dict[str, Any] = BODY, key: str = "k1") -> Reply:
    return call(handler.app, "POST", "/v1/storefronts", body=body, headers={"idempotency-key": key}, by=caller())


def listings(storefront_id: str, query: dict[str, str] | None = None, by: Any = None, **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(handler.app, "GET", LISTINGS, path={"storefront_id": storefront_id}, query=query, headers=names, by=by or caller())


def test_a_storefront_is_one_item_with_its_event_and_its_request_opens_it_once(table: str) -> None:
    first, again = opened(), opened()
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    event = json.loads(items[0]["event"]["S"])
    assert (len(items), event["type"], event["data"]["storefront_id"]) == (1, "monsoon.storefront.configured.v1", first.body["id"])
    assert opened({**BODY, "name": "Other"}).body["type"] == "urn:monsoon:problem:idempotency-key-reused"


def test_unknown_categories_and_empty_words_are_named() -> None:
    wrong = opened({**BODY, "selection": {"categories": ["hg-3", "zz-1"]}})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/selection/categories/1")
    empty = opened({**BODY, "selection": {"excluded_words": [""]}})
    assert (empty.status, empty.body["errors"][0]["pointer"]) == (422, "/selection/excluded_words/0")
    assert opened({**BODY, "name": "x" * 70_000}).status == 413


def test_a_change_is_based_on_the_version_that_was_read() -> None:
    path = {"storefront_id": opened().body["id"]}
    route = "/v1/storefronts/{storefront_id}"
    changed = call(handler.app, "PUT", route, path=path, body={**BODY, "name": "Lamp", "version": 1}, by=caller())
    assert (changed.status, changed.body["version"], changed.body["name"]) == (200, 2, "Lamp")
    stale = call(handler.app, "PUT", route, path=path, body={**BODY, "version": 1}, by=caller())
    assert (stale.status, stale.body["errors"][0]["pointer"]) == (409, "/version")
    assert call(handler.app, "GET", route, path=path, by=caller()).body == changed.body
    assert call(handler.app, "GET", route, path=path, by=caller("acc_2")).status == 404


def test_an_account_lists_its_own_storefronts() -> None:
    made = {opened(key=f"k{n}").body["id"] for n in range(3)}
    first = call(handler.app, "GET", "/v1/storefronts", query={"limit": "2"}, by=caller())
    second = call(handler.app, "GET", "/v1/storefronts", query={"limit": "2", "cursor": first.body["next"]}, by=caller())
    assert {s["id"] for s in first.body["items"] + second.body["items"]} == made
    assert "next" not in second.body
    assert call(handler.app, "GET", "/v1/storefronts", by=caller("acc_2")).body == {"items": []}


def test_a_listing_has_the_storefronts_price_and_the_readers_language() -> None:
    tell(published(1), published(2, "tg-4-7"))
    storefront = opened().body["id"]
    page = listings(storefront, accept_language="zh-CN,en;q=0.5")
    assert page.body == {"items": [{
        "product_id": "prd_1", "offer_id": "off_1", "title": "瓶 1", "language": "zh", "price": {"amount": 1299, "currency": "GBP"},
        "category": "hg-3-67", "picture": "pic_1",
    }]}  # fmt: skip
    detail = call(handler.app, "GET", LISTINGS + "/{product_id}", path={"storefront_id": storefront, "product_id": "prd_1"}, by=caller())
    assert (detail.body["description"], detail.body["tiers"][0]["price"]["amount"]) == ("Blown glass.", 999)
    other = call(handler.app, "GET", LISTINGS + "/{product_id}", path={"storefront_id": storefront, "product_id": "prd_2"}, by=caller())
    assert other.status == 404


def test_pages_follow_one_another_and_their_cursors_belong_to_one_list() -> None:
    tell(*(published(n) for n in range(1, 6)))
    storefront, query, seen = opened().body["id"], {"limit": "2"}, []
    for _ in range(3):
        answer = listings(storefront, query)
        seen += [item["product_id"] for item in answer.body["items"]]
        query = {"limit": "2", "cursor": answer.body.get("next", "")}
        if "next" in answer.body:
            assert listings(storefront, {**query, "category": "hg"}).body["errors"][0]["pointer"] == "query/cursor"
    assert seen == [f"prd_{n}" for n in range(1, 6)]


def test_picks_come_first_and_what_was_recalled_is_gone() -> None:
    tell(*(published(n) for n in range(1, 5)), recalled(4, 2))
    storefront = opened({**BODY, "selection": {"categories": ["hg-3"], "picks": ["prd_4", "prd_3"], "exclusions": ["prd_1"]}}).body["id"]
    assert [item["product_id"] for item in listings(storefront).body["items"]] == ["prd_3", "prd_2"]


def test_cards_are_order_proof_and_a_recall_leaves_only_its_version(table: str) -> None:
    tell(recalled(1, 2), published(1, version=1))
    key = {"pk": {"S": "product#prd_1"}, "sk": {"S": "card"}}
    assert set(boto3.client("dynamodb").get_item(TableName=table, Key=key)["Item"]) == {"pk", "sk", "version"}
    tell(published(1, version=3), published(1, version=3, cost=5))
    item = boto3.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert json.loads(item["card"]["S"])["cost"]["amount"] == 1000
    assert item["path"]["S"] == "hg-3-67-/prd_1"


def test_a_client_sites_key_reads_its_own_storefront_only_and_none_that_is_closed() -> None:
    storefront = opened().body["id"]
    key = caller("acc_1", "client_site", storefront_id=storefront)
    assert listings(storefront, by=key).status == 200
    assert listings(opened(key="k2").body["id"], by=key).status == 404
    assert listings(storefront, by=caller("acc_2", "client_site", storefront_id=storefront)).status == 404
    call(handler.app, "PUT", "/v1/storefronts/{storefront_id}", path={"storefront_id": storefront},
         body={**BODY, "open": False, "version": 1}, by=caller())  # fmt: skip
    forget()
    assert listings(storefront, by=key).body["type"] == "urn:monsoon:problem:storefront-closed"
    assert listings(storefront, by=caller()).status == 200


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    tell(published(1))
    storefront = opened().body["id"]
    first = listings(storefront)
    assert first.headers["Cache-Control"] == "private, max-age=2"
    again = listings(storefront, if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == (304, None)
    tell(published(1, version=2, cost=2000))
    forget()
    assert listings(storefront, if_none_match=first.headers["ETag"]).body["items"][0]["price"]["amount"] == 2499


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"category": "HG"}, {"language": "english!"}, {"page": "2"}])
def test_a_query_that_cannot_be_read_is_refused_by_name(query: dict[str, str]) -> None:
    answer = listings(opened().body["id"], query)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"query/{next(iter(query))}")
