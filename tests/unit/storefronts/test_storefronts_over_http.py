"""storefronts over HTTP and from its queue, on the real table definition."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from functions.storefronts import handler
from shared.bus import envelope
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled, SupplierReinstated, SupplierSuspended
from shared.trade.product import Product
from shared.trade.reference_data import load
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
    s3, objects = boto3.resource("s3"), FakeObjects()
    for setting in ("REFERENCE_BUCKET", "INDEX_BUCKET"):
        bucket = s3.create_bucket(Bucket=setting.lower().replace("_", "-"))
        bucket.objects.all().delete()
        monkeypatch.setenv(setting, bucket.name)
    load(objects, "taxonomy/en", "1", ROWS)
    load(objects, "fx", "1", {"date": "2026-10-30", "per_euro": {"GBP": "0.8781", "USD": "1.1172"}})
    for key, body in objects.kept.items():
        s3.Object("reference-bucket", key).put(Body=body)
    forget()
    yield name
    boto3.client("secretsmanager").delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def forget() -> None:
    """What a new process would not know."""
    for name in ("storefronts", "cards", "reference", "snapshots", "shelf", "shop", "desk", "tickets"):
        getattr(handler, name).cache_clear()


def published(number: int, category: str = "hg-3-67", version: int = 1, cost: int = 1000) -> OfferPublished:
    product = Product.model_validate({
        "sku": f"V-{number}",
        "texts": {"en": {"title": f"Vase {number}", "description": "Blown glass."}, "zh": {"title": f"花瓶 {number}"}},
        "category": category, "tags": ["glass"],
        "price": {"amount": cost, "currency": "GBP"}, "stock": 5, "weight": 300, "pictures": ["pic_1", "pic_2"],
        "tiers": [{"min_quantity": 10, "price": {"amount": 800, "currency": "GBP"}}],
        "size": {"length": 100, "width": 80, "height": 90}, "hs_code": "701399", "origin": "CN",
    })  # fmt: skip
    return OfferPublished(
        version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", product=product,
        first_published_at=f"2026-11-01T12:00:{number:02}.000Z",
    )  # fmt: skip


def recalled(number: int, version: int) -> OfferRecalled:
    return OfferRecalled(version=version, offer_id=f"off_{number}", product_id=f"prd_{number}", supplier_id="acc_7", reason="cracks")


def tell(*messages: Any) -> None:
    assert handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}
    forget()


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
    made = changed(path["storefront_id"], 1, name="Lamp")
    assert (made.status, made.body["version"], made.body["name"]) == (200, 2, "Lamp")
    stale = changed(path["storefront_id"], 1)
    assert (stale.status, stale.body["errors"][0]["pointer"]) == (409, "/version")
    assert call(handler.app, "GET", route, path=path, by=caller()).body == made.body
    assert call(handler.app, "GET", route, path=path, by=caller("acc_2")).status == 404


def test_an_account_lists_its_own_storefronts() -> None:
    made = {opened(key=f"k{n}").body["id"] for n in range(3)}
    first = call(handler.app, "GET", "/v1/storefronts", query={"limit": "2"}, by=caller())
    second = call(handler.app, "GET", "/v1/storefronts", query={"limit": "2", "cursor": first.body["next"]}, by=caller())
    assert {s["id"] for s in first.body["items"] + second.body["items"]} == made
    assert "next" not in second.body
    assert call(handler.app, "GET", "/v1/storefronts", by=caller("acc_2")).body == {"items": []}


def changed(storefront_id: str, version: int, **body: Any) -> Reply:
    path = {"storefront_id": storefront_id}
    return call(handler.app, "PUT", "/v1/storefronts/{storefront_id}", path=path, body={**BODY, "version": version, **body}, by=caller())


def sanctioned(storefront_id: str, route: str, by: Any = None, **body: str) -> Reply:
    told = {"account_id": "acc_1", **body}
    path = "/v1/storefronts/{storefront_id}/" + route
    return call(handler.app, "POST", path, path={"storefront_id": storefront_id}, body=told, by=by or caller("acc_0", "operator"))


def product(storefront_id: str, product_id: str = "prd_1", query: dict[str, str] | None = None, **headers: str) -> Reply:
    path = {"storefront_id": storefront_id, "product_id": product_id}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(handler.app, "GET", LISTINGS + "/{product_id}", path=path, query=query, headers=names, by=caller())


def facets(storefront_id: str, query: dict[str, str] | None = None, **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    route = "/v1/storefronts/{storefront_id}/facets"
    return call(handler.app, "GET", route, path={"storefront_id": storefront_id}, query=query, headers=names, by=caller())


def ids(answer: Reply) -> list[str]:
    return [item["product_id"] for item in answer.body["items"]]


def test_a_listing_has_the_storefronts_price_and_the_readers_language() -> None:
    tell(published(1), published(2, "tg-4-7"))
    storefront = opened().body["id"]
    page = listings(storefront, accept_language="zh-CN,en;q=0.5")
    assert page.body == {"items": [{
        "product_id": "prd_1", "offer_id": "off_1", "supplier_id": "acc_7", "title": "花瓶 1", "language": "zh",
        "price": {"amount": 1299, "currency": "GBP"}, "category": "hg-3-67", "tags": ["glass"], "in_stock": True, "picture": "pic_1",
    }]}  # fmt: skip
    detail = product(storefront)
    assert (detail.body["description"], detail.body["tiers"][0]["price"]["amount"]) == ("Blown glass.", 999)
    assert product(storefront, "prd_2").status == 404


def test_prices_are_converted_at_the_days_rates_and_the_page_says_which() -> None:
    tell(published(1))
    storefront = opened({**BODY, "price_rule": {"currencies": ["USD", "EUR"], "margin_per_mille": 250}}).body["id"]
    page = listings(storefront, {"currency": "EUR"}).body
    assert (page["items"][0]["price"], page["currency_day"]) == ({"amount": 1424, "currency": "EUR"}, "2026-10-30")
    detail = product(storefront).body
    assert (detail["price"], detail["currency_day"]) == ({"amount": 1591, "currency": "USD"}, "2026-10-30")
    assert detail["tiers"][0]["price"] == {"amount": 1273, "currency": "USD"}
    refused = listings(storefront, {"currency": "GBP"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "query/currency")
    assert "USD, EUR" in refused.body["detail"]


def test_pages_follow_one_another_and_their_cursors_belong_to_one_list() -> None:
    tell(*(published(n) for n in range(1, 6)))
    storefront, query, seen = opened().body["id"], {"limit": "2"}, []
    for _ in range(3):
        answer = listings(storefront, query)
        seen += ids(answer)
        query = {"limit": "2", "cursor": answer.body.get("next", "")}
        if "next" in answer.body:
            for other in ({"category": "hg"}, {"q": "vase"}, {"in_stock": "true"}):
                assert listings(storefront, query | other).body["errors"][0]["pointer"] == "query/cursor"
    assert seen == [f"prd_{n}" for n in (5, 4, 3, 2, 1)]


def test_a_search_is_paged_too_and_finds_chinese_inside_chinese_and_english_in_any_form() -> None:
    tell(*(published(n) for n in range(1, 4)))
    storefront = opened().body["id"]
    for words in ("花瓶", "瓶", "vases", "glass VASE"):
        first = listings(storefront, {"q": words, "limit": "2"})
        assert ids(first) + ids(listings(storefront, {"q": words, "limit": "2", "cursor": first.body["next"]})) == [
            "prd_3",
            "prd_2",
            "prd_1",
        ]
    assert ids(listings(storefront, {"q": "瓶花"})) == []
    assert ids(listings(storefront, {"q": "vase 2"})) == ["prd_2"]


def test_a_listing_and_its_counts_are_narrowed_alike() -> None:
    stock = OfferAvailabilityChanged(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_7", in_stock=False)
    tell(published(1, "hg-3", cost=2000), published(2), stock)
    storefront = opened().body["id"]
    wishes: list[tuple[dict[str, str], list[int]]] = [
        ({"category": "hg-3-67"}, [2]), ({"supplier": "acc_7"}, [2, 1]), ({"supplier": "acc_8"}, []), ({"tag": "glass"}, [2, 1]),
        ({"in_stock": "true"}, [2]), ({"currency": "GBP", "min_price": "2000"}, [1]), ({"currency": "GBP", "max_price": "1299"}, [2]),
        ({"destination": "DE"}, [2, 1]), ({"currency": "EUR"}, []),
    ]  # fmt: skip
    for query, found in wishes:
        assert ids(listings(storefront, query)) == [f"prd_{n}" for n in found], query
        assert facets(storefront, query).body["total"] == len(found), query


def test_counts_name_what_can_be_chosen_next() -> None:
    tell(published(1), published(2, "hg-3"), published(3, "tg-4-7"))
    storefront = opened({**BODY, "selection": {}}).body["id"]
    assert facets(storefront).body == {
        "total": 3, "in_stock": 3, "categories": [{"value": "hg", "count": 2}, {"value": "tg", "count": 1}],
        "suppliers": [{"value": "acc_7", "count": 3}], "prices": [],
    }  # fmt: skip
    chosen = facets(storefront, {"category": "hg", "currency": "GBP"}).body
    assert chosen["categories"] == [{"value": "hg-3", "count": 2}]
    assert (chosen["prices"], chosen["currency"]) == ([{"min_price": 1000, "max_price": 1999, "count": 2}], "GBP")


def test_picks_are_sold_whatever_the_rest_of_the_rule_says_and_what_was_recalled_is_gone() -> None:
    tell(*(published(n) for n in range(1, 5)), published(5, "tg-4-7"), recalled(4, 2))
    storefront = opened({**BODY, "selection": {"categories": ["hg-3"], "picks": ["prd_5"], "exclusions": ["prd_1"]}}).body["id"]
    assert ids(listings(storefront)) == ["prd_5", "prd_3", "prd_2"]


def test_a_suspended_suppliers_products_are_hidden_until_it_is_reinstated() -> None:
    tell(published(1), SupplierSuspended(version=1, supplier_id="acc_7", reason="sold copies"))
    storefront = opened().body["id"]
    assert (ids(listings(storefront)), product(storefront).status) == ([], 404)
    tell(SupplierReinstated(version=2, supplier_id="acc_7"), SupplierSuspended(version=1, supplier_id="acc_7", reason="sold copies"))
    assert (ids(listings(storefront)), product(storefront).status) == (["prd_1"], 200)


def test_a_client_sites_key_reads_its_own_storefront_only_and_none_that_is_closed() -> None:
    storefront = opened().body["id"]
    key = caller("acc_1", "client_site", storefront_id=storefront)
    assert listings(storefront, by=key).status == 200
    assert listings(opened(key="k2").body["id"], by=key).status == 404
    assert listings(storefront, by=caller("acc_2", "client_site", storefront_id=storefront)).status == 404
    changed(storefront, 1, open=False)
    forget()
    assert listings(storefront, by=key).body["type"] == "urn:monsoon:problem:storefront-closed"
    assert listings(storefront, by=caller()).status == 200


def test_a_suspension_is_one_write_with_its_event_and_is_told_to_the_owner(table: str) -> None:
    storefront = opened().body["id"]
    assert sanctioned(storefront, "suspension", reason="sold copies").body["suspended"] == "sold copies"
    assert sanctioned(storefront, "suspension", reason="sold copies").body["version"] == 2
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    assert [json.loads(item["event"]["S"])["data"]["suspended"] for item in items] == ["sold copies"]
    kept = changed(storefront, 2)
    assert (kept.status, kept.body["suspended"]) == (200, "sold copies")
    key = caller("acc_1", "client_site", storefront_id=storefront)
    for answer in (listings(storefront), listings(storefront, by=key), product(storefront), facets(storefront)):
        assert (answer.status, answer.body["type"]) == (409, "urn:monsoon:problem:storefront-suspended")
        assert "sold copies" in answer.body["detail"]
    again = sanctioned(storefront, "reinstatement")
    assert (again.status, again.body) == (200, {"id": storefront, "account_id": "acc_1", "version": 4})
    forget()
    assert listings(storefront, by=key).status == 200


def test_only_an_operator_sanctions_and_only_what_there_is() -> None:
    storefront = opened().body["id"]
    for route in ("suspension", "reinstatement"):
        body = {"reason": "a rival"} if route == "suspension" else {}
        assert sanctioned(storefront, route, by=caller(), **body).status == 403
        assert sanctioned("sf_none", route, **body).status == 404
    assert sanctioned(storefront, "suspension", reason="").body["errors"][0]["pointer"] == "/reason"


def test_a_storefront_is_changed_thirty_times_a_minute_at_most() -> None:
    storefront = opened().body["id"]
    answers = [changed(storefront, version) for version in range(1, 63)]
    refused = next(answer for answer in answers if answer.status != 200)
    assert (refused.status, refused.body["type"]) == (429, "urn:monsoon:problem:too-many-changes")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


@pytest.mark.parametrize("read", [listings, product, facets])
def test_what_has_not_changed_is_not_sent_again(read: Callable[..., Reply]) -> None:
    tell(published(1))
    storefront = opened().body["id"]
    first = read(storefront)
    assert first.headers["Cache-Control"].startswith("private, max-age=")
    again = read(storefront, if_none_match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, first.headers["ETag"])
    tell(published(1, version=2, cost=2000), published(2))
    assert read(storefront, if_none_match=first.headers["ETag"]).status == 200


def test_a_tag_is_of_all_that_is_shown() -> None:
    tell(published(1), published(2))
    storefront = opened().body["id"]
    plain = listings(storefront, {"limit": "1"})
    chinese = listings(storefront, {"limit": "1"}, accept_language="zh")
    tell(OfferAvailabilityChanged(version=1, offer_id="off_2", product_id="prd_2", supplier_id="acc_7", in_stock=False))
    sold_out = listings(storefront, {"limit": "1"})
    tell(recalled(1, 2))
    last = listings(storefront, {"limit": "1"})
    assert len({answer.headers["ETag"] for answer in (plain, chinese, sold_out, last)}) == 4


def test_a_products_date_is_its_own_or_its_storefronts_and_is_not_told_where_rates_decide() -> None:
    tell(published(1))
    storefront = opened().body["id"]
    assert product(storefront, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status == 304
    assert product(storefront, if_modified_since="Sat, 01 Jan 2000 00:00:00 GMT").status == 200
    changed(storefront, 1, price_rule={"currencies": ["USD"]})
    forget()
    assert product(storefront, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200


def test_a_new_process_begins_with_the_snapshot_that_the_indexer_wrote() -> None:
    tell(published(1), published(2))
    assert handler.indexer({}, None) == {"changes": 2}
    assert handler.indexer({}, None) == {"changes": 0}
    tell(published(3))
    assert ids(listings(opened().body["id"])) == ["prd_3", "prd_2", "prd_1"]


def test_a_query_that_cannot_be_read_is_refused_by_name() -> None:
    storefront = opened().body["id"]
    for name, value in (
        ("limit", "0"), ("limit", "x"), ("category", "HG"), ("language", "english!"), ("page", "2"), ("q", ""), ("q", "x" * 101),
        ("q", "?!"), ("tag", "Two words"), ("supplier", "x" * 41), ("destination", "de"), ("currency", "XXX"), ("in_stock", "maybe"),
        ("min_price", "-1"), ("max_price", "1.5"),
    ):  # fmt: skip
        answer = listings(storefront, {name: value})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"query/{name}")
