"""Listings, a product and facets over HTTP, on the real table definition."""

import json
from datetime import timedelta

import pytest

from functions.storefronts.listings.listing_routes import RENEWAL, tag_of_page
from shared.api.caller import SCOPES, Scope
from shared.messages import OfferAvailabilityChanged, OfferPublished, SupplierReinstated, SupplierSuspended
from tests.fakes import NOON, Reply, caller
from tests.unit.storefronts.service import BODY, StorefrontsService, published, recalled


def ids(answer: Reply) -> list[str]:
    return [item["product_id"] for item in answer.body["items"]]


def test_a_listing_has_the_storefronts_price_and_the_readers_language(service: StorefrontsService) -> None:
    service.tell(published(1), published(2, "tg-4-7"))
    storefront = service.opened().body["id"]
    page = service.listings(storefront, accept_language="zh-CN,en;q=0.5")
    assert page.body == {"items": [{
        "product_id": "prd_1", "offer_id": "off_1", "supplier_id": "acc_7", "title": "花瓶 1", "language": "zh",
        "price": {"amount": 1299, "currency": "GBP"}, "category": "hg-3-67", "tags": ["glass"], "in_stock": True, "picture": "pic_1",
        "placeholder": True,
    }]}  # fmt: skip
    detail = service.product(storefront)
    assert (detail.body["description"], detail.body["tiers"][0]["price"]["amount"]) == ("Blown glass.", 999)
    assert service.product(storefront, "prd_2").status == 404


def test_prices_are_converted_at_the_days_rates_and_the_page_says_which(service: StorefrontsService) -> None:
    service.tell(published(1))
    storefront = service.opened({**BODY, "price_rule": {"currencies": ["USD", "EUR"], "margin_per_mille": 250}}).body["id"]
    page = service.listings(storefront, {"currency": "EUR"}).body
    assert (page["items"][0]["price"], page["currency_day"]) == ({"amount": 1424, "currency": "EUR"}, "2026-10-30")
    detail = service.product(storefront).body
    assert (detail["price"], detail["currency_day"]) == ({"amount": 1591, "currency": "USD"}, "2026-10-30")
    assert detail["tiers"][0]["price"] == {"amount": 1273, "currency": "USD"}
    refused = service.listings(storefront, {"currency": "GBP"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "query/currency")
    assert "USD, EUR" in refused.body["detail"]


def test_pages_follow_one_another_and_their_cursors_belong_to_one_list(service: StorefrontsService) -> None:
    service.tell(*(published(n) for n in range(1, 6)))
    storefront, query, seen = service.opened().body["id"], {"limit": "2"}, []
    for _ in range(3):
        answer = service.listings(storefront, query)
        seen += ids(answer)
        query = {"limit": "2", "cursor": answer.body.get("next", "")}
        if "next" in answer.body:
            for other in ({"category": "hg"}, {"q": "vase"}, {"in_stock": "true"}):
                assert service.listings(storefront, query | other).body["errors"][0]["pointer"] == "query/cursor"
    assert seen == [f"prd_{n}" for n in (5, 4, 3, 2, 1)]


def titled(number: int, title: str) -> OfferPublished:
    message = published(number)
    told = message.product.model_dump(exclude_defaults=True) | {"texts": {"en": {"title": title}}}
    return message.model_copy(update={"product": type(message.product).model_validate(told)})


def test_a_search_shows_the_newest_first_where_that_is_asked_for(service: StorefrontsService) -> None:
    service.tell(*(titled(n, title) for n, title in enumerate(("Mug", "Mug vase", "Vase of a mug", "Vase"), 1)))
    storefront = service.opened().body["id"]
    assert ids(service.listings(storefront, {"q": "mug vase"})) == ["prd_2", "prd_3"]
    query, seen = {"q": "mug vase", "sort": "newest", "limit": "1"}, list[str]()
    while True:
        answer = service.listings(storefront, query)
        seen += ids(answer)
        if "next" not in answer.body:
            break
        query = query | {"cursor": answer.body["next"]}
    assert seen == ["prd_3", "prd_2"]
    assert ids(service.listings(storefront, {"sort": "newest"})) == [f"prd_{n}" for n in (4, 3, 2, 1)]


def test_a_listing_by_price_is_the_shops_own_in_pages_and_wants_one_currency(service: StorefrontsService) -> None:
    service.tell(*(published(n, cost=500 + 100 * (n * 7 % 5)) for n in range(1, 6)))
    storefront = service.opened({**BODY, "price_rule": {**BODY["price_rule"], "currencies": ["GBP"]}}).body  # type: ignore[dict-item]
    shown: dict[str, list[int]] = {}
    for sort in ("cheapest", "dearest"):
        cursor: str | None = ""
        while cursor is not None:
            page = service.listings(storefront["id"], {"sort": sort, "limit": "2", **({"cursor": cursor} if cursor else {})})
            assert page.status == 200
            shown.setdefault(sort, []).extend(each["price"]["amount"] for each in page.body["items"])
            cursor = page.body.get("next")
    assert len(shown["cheapest"]) == 5
    assert shown["cheapest"] == sorted(shown["cheapest"]) == shown["dearest"][::-1]
    first = service.listings(storefront["id"], {"sort": "cheapest", "limit": "2"})
    other = service.listings(storefront["id"], {"sort": "dearest", "limit": "2", "cursor": first.body["next"]})
    assert other.status == 400, "a cursor belongs to one order"
    assert service.listings(storefront["id"], {"sort": "random"}).status == 422
    own = service.opened({**BODY, "price_rule": {**BODY["price_rule"], "currencies": []}}, "k2").body  # type: ignore[dict-item]
    refused = service.listings(own["id"], {"sort": "cheapest"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "query/sort")
    assert service.listings(own["id"], {"sort": "cheapest", "currency": "GBP"}).status == 200


def test_a_search_is_paged_too_and_finds_chinese_inside_chinese_and_english_in_any_form(service: StorefrontsService) -> None:
    service.tell(*(published(n) for n in range(1, 4)))
    storefront = service.opened().body["id"]
    for words in ("花瓶", "瓶", "vases", "glass VASE"):
        first = service.listings(storefront, {"q": words, "limit": "2"})
        assert ids(first) + ids(service.listings(storefront, {"q": words, "limit": "2", "cursor": first.body["next"]})) == [
            "prd_3",
            "prd_2",
            "prd_1",
        ]
    assert ids(service.listings(storefront, {"q": "瓶花"})) == []
    assert ids(service.listings(storefront, {"q": "vase 2"})) == ["prd_2"]


def test_a_listing_and_its_counts_are_narrowed_alike(service: StorefrontsService) -> None:
    stock = OfferAvailabilityChanged(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_7", in_stock=False)
    service.tell(published(1, "hg-3", cost=2000), published(2), stock)
    storefront = service.opened().body["id"]
    wishes: list[tuple[dict[str, str], list[int]]] = [
        ({"category": "hg-3-67"}, [2]), ({"supplier": "acc_7"}, [2, 1]), ({"supplier": "acc_8"}, []), ({"tag": "glass"}, [2, 1]),
        ({"in_stock": "true"}, [2]), ({"currency": "GBP", "min_price": "2000"}, [1]), ({"currency": "GBP", "max_price": "1299"}, [2]),
        ({"destination": "DE"}, [2, 1]), ({"currency": "EUR"}, []),
    ]  # fmt: skip
    for query, found in wishes:
        assert ids(service.listings(storefront, query)) == [f"prd_{n}" for n in found], query
        assert service.facets(storefront, query).body["total"] == len(found), query


def test_counts_name_what_can_be_chosen_next(service: StorefrontsService) -> None:
    service.tell(published(1), published(2, "hg-3"), published(3, "tg-4-7"))
    storefront = service.opened({**BODY, "selection": {}}).body["id"]
    assert service.facets(storefront).body == {
        "total": 3, "in_stock": 3, "categories": [{"value": "hg", "count": 2}, {"value": "tg", "count": 1}],
        "suppliers": [{"value": "acc_7", "count": 3}], "prices": [],
    }  # fmt: skip
    chosen = service.facets(storefront, {"category": "hg", "currency": "GBP"}).body
    assert chosen["categories"] == [{"value": "hg-3", "count": 2}]
    assert (chosen["prices"], chosen["currency"]) == ([{"min_price": 1000, "max_price": 1999, "count": 2}], "GBP")


def test_picks_are_sold_whatever_the_rest_of_the_rule_says_and_what_was_recalled_is_gone(service: StorefrontsService) -> None:
    service.tell(*(published(n) for n in range(1, 5)), published(5, "tg-4-7"), recalled(4, 2))
    storefront = service.opened({**BODY, "selection": {"categories": ["hg-3"], "picks": ["prd_5"], "exclusions": ["prd_1"]}}).body["id"]
    assert ids(service.listings(storefront)) == ["prd_5", "prd_3", "prd_2"]


def test_a_suspended_suppliers_products_are_hidden_until_it_is_reinstated(service: StorefrontsService) -> None:
    service.tell(published(1), SupplierSuspended(version=1, supplier_id="acc_7", reason="sold copies"))
    storefront = service.opened().body["id"]
    assert (ids(service.listings(storefront)), service.product(storefront).status) == ([], 404)
    service.tell(
        SupplierReinstated(version=2, supplier_id="acc_7"), SupplierSuspended(version=1, supplier_id="acc_7", reason="sold copies")
    )
    assert (ids(service.listings(storefront)), service.product(storefront).status) == (["prd_1"], 200)


def test_a_client_sites_key_reads_its_own_storefront_only_and_none_that_is_closed(service: StorefrontsService) -> None:
    storefront = service.opened().body["id"]
    key = caller("acc_1", "client_site", storefront_id=storefront)
    assert service.listings(storefront, by=key).status == 200
    assert service.listings(service.opened(key="k2").body["id"], by=key).status == 404
    assert service.listings(storefront, by=caller("acc_2", "client_site", storefront_id=storefront)).status == 404
    service.changed(storefront, 1, open=False)
    service.forget()
    assert service.listings(storefront, by=key).body["type"] == "urn:monsoon:problem:storefront-closed"
    assert service.listings(storefront, by=caller()).status == 200


@pytest.mark.parametrize("read", ["listings", "product", "facets"])
def test_what_has_not_changed_is_not_sent_again(service: StorefrontsService, read: str) -> None:
    service.tell(published(1))
    storefront = service.opened().body["id"]
    first = getattr(service, read)(storefront)
    assert first.headers["Cache-Control"].startswith("private, max-age=")
    again = getattr(service, read)(storefront, if_none_match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, first.headers["ETag"])
    service.tell(published(1, version=2, cost=2000), published(2))
    assert getattr(service, read)(storefront, if_none_match=first.headers["ETag"]).status == 200


def test_a_tag_is_of_all_that_is_shown(service: StorefrontsService) -> None:
    service.tell(published(1), published(2))
    storefront = service.opened().body["id"]
    plain = service.listings(storefront, {"limit": "1"})
    chinese = service.listings(storefront, {"limit": "1"}, accept_language="zh")
    service.tell(OfferAvailabilityChanged(version=1, offer_id="off_2", product_id="prd_2", supplier_id="acc_7", in_stock=False))
    sold_out = service.listings(storefront, {"limit": "1"})
    service.tell(recalled(1, 2))
    last = service.listings(storefront, {"limit": "1"})
    assert len({answer.headers["ETag"] for answer in (plain, chinese, sold_out, last)}) == 4


def test_a_products_date_is_its_own_or_its_storefronts_and_is_not_told_where_rates_decide(service: StorefrontsService) -> None:
    service.tell(published(1))
    storefront = service.opened().body["id"]
    assert service.product(storefront, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status == 304
    assert service.product(storefront, if_modified_since="Sat, 01 Jan 2000 00:00:00 GMT").status == 200
    service.changed(storefront, 1, price_rule={"currencies": ["USD"]})
    service.forget()
    assert service.product(storefront, if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200


def test_a_new_process_begins_with_the_snapshot_that_the_indexer_wrote(service: StorefrontsService) -> None:
    service.tell(published(1), published(2))
    assert service.indexer({}, None) == {"changes": 2}
    assert service.indexer({}, None) == {"changes": 0}
    service.tell(published(3))
    assert ids(service.listings(service.opened().body["id"])) == ["prd_3", "prd_2", "prd_1"]


def test_a_query_that_cannot_be_read_is_refused_by_name(service: StorefrontsService) -> None:
    storefront = service.opened().body["id"]
    for name, value in (
        ("limit", "0"), ("limit", "x"), ("category", "HG"), ("language", "english!"), ("page", "2"), ("q", ""), ("q", "x" * 101),
        ("q", "?!"), ("tag", "Two words"), ("supplier", "x" * 41), ("destination", "de"), ("currency", "XTS"), ("in_stock", "maybe"),
        ("min_price", "-1"), ("max_price", "1.5"),
    ):  # fmt: skip
        answer = service.listings(storefront, {name: value})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"query/{name}")


def test_a_copy_with_a_cursor_is_renewed_before_the_cursor_ends_and_another_need_not_be():
    tags = {hours: tag_of_page("sf_1", {"tier": 0, "below": 7}, "{}", NOON + timedelta(hours=hours)) for hours in range(24)}
    assert len(set(tags.values())) == 2
    assert all(tags[hours] != tags[hours + 12] for hours in range(12))
    assert timedelta(hours=12) == RENEWAL
    assert tag_of_page("sf_1", None, "{}", NOON) == tag_of_page("sf_1", None, "{}", NOON + timedelta(days=3))


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_is_shown_what_a_supplier_asks_or_the_storefront_keeps(service: StorefrontsService, scope: Scope) -> None:
    service.tell(published(1, cost=1111))
    storefront = service.opened().body["id"]
    key = caller("acc_1", "client_site", storefront_id=storefront, scope=scope)
    for answer in (service.listings(storefront, by=key), service.product(storefront, by=key)):
        told = json.dumps(answer.body)
        assert answer.status == 200
        assert not [word for word in ("cost", "margin", "1111") if word in told]
