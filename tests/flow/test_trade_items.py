"""One thing of two suppliers, from upload to order: whose offer a storefront shows, whose is ordered, and a wrong link undone."""

import uuid
from typing import Any

import pytest

from hubclient.people import Person
from shared.trade.gtin import check_digit
from tests.flow.market import CASH, PICKUP, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")


def gtin() -> str:
    """Of no other test's thing: tests share one hub."""
    body = f"400{uuid.uuid4().int % 10**9:09}"
    return body + check_digit(body)


def titled(title: str) -> dict[str, Any]:
    return {"texts": {"en": {"title": f"{title} {uuid.uuid4().hex[:6]}"}}}


@pytest.fixture(scope="module")
def other(market: Market) -> Person:
    return market.merchant("supplier")


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    return market.shop([CASH], [PICKUP, TABLE_RATE])


def listed(shop: Shop, *product_ids: str) -> list[str]:
    """Which of these the newest page lists."""
    shown = [one["product_id"] for one in shop.site.get(f"{shop.path}/listings", limit="100")["items"]]
    return sorted(one for one in shown if one in product_ids)


def offers(market: Market, shop: Shop, product_id: str) -> list[str]:
    return [one["product_id"] for one in market.offer(shop, product_id).get("offers", ())]


def test_two_suppliers_of_one_gtin_are_one_card_and_either_may_be_ordered(market: Market, shop: Shop, other: Person):
    code = gtin()
    dear = market.publish(**titled("Fountain pen"), gtin=code)
    cheap = market.publish(other, **titled("Pen of a fountain kind"), gtin=code, price={"amount": 900, "currency": "GBP"}, stock=1)
    eventually(lambda: offers(market, shop, dear) == offers(market, shop, cheap) == [cheap, dear])
    eventually(lambda: listed(shop, dear, cheap) == [cheap])

    picky = market.shop([CASH], [PICKUP], selection={"categories": ["hg"], "offers": {"preferred_suppliers": [market.supplier.account_id]}})
    eventually(lambda: listed(picky, dear, cheap) == [dear])

    for product_id in (dear, cheap):
        line = market.order(shop, market.offer(shop, product_id)["offer_id"])["lines"][0]
        assert line["supplier_id"] == (market.supplier if product_id == dear else other).account_id
    # The last unit of the cheap one is sold.
    eventually(lambda: listed(shop, dear, cheap) == [dear])
    eventually(lambda: offers(market, shop, cheap) == [dear, cheap])


def test_a_wrong_link_is_undone_by_its_supplier_and_both_are_listed(market: Market, shop: Shop, other: Person):
    code = gtin()
    right = market.publish(**titled("Egg timer"), gtin=code)
    wrong = market.publish(other, **titled("Kitchen scale"), gtin=code, price={"amount": 700, "currency": "GBP"})
    eventually(lambda: listed(shop, right, wrong) == [wrong])
    stranger = market.supplier.hub.send("PUT", f"/v1/catalog/products/{wrong}/trade-item", {"alone": True})
    assert stranger.status == 404
    assert other.hub.put(f"/v1/catalog/products/{wrong}/trade-item", {"alone": True})["trade_item"]
    eventually(lambda: listed(shop, right, wrong) == sorted([right, wrong]))
    eventually(lambda: offers(market, shop, right) == offers(market, shop, wrong) == [])
    other.hub.put(f"/v1/catalog/products/{wrong}/trade-item", {})
    eventually(lambda: listed(shop, right, wrong) == [wrong])


def test_an_operator_finds_a_part_number_that_comes_with_two_gtins_and_says_that_it_is_one_thing(
    market: Market, shop: Shop, other: Person
):  # fmt: skip
    part = {"brand": "Lantern & Sons", "mpn": f"LS-{uuid.uuid4().hex[:8]}"}
    first = market.publish(**titled("Storm lantern"), gtin=gtin(), **part)
    second = market.publish(other, **titled("Lamp for storms"), gtin=gtin(), **part)

    def disputed() -> list[str]:
        found = market.operator.hub.get("/v1/disputed-part-numbers", limit="100")["items"]
        return sorted(each["product_id"] for one in found if one["mpn"] == part["mpn"] for each in one["offers"])

    eventually(lambda: disputed() == sorted([first, second]))
    same_as = {"supplier_id": market.supplier.account_id, "product_id": first}
    body = {"supplier_id": other.account_id, "same_as": same_as}
    market.operator.hub.put(f"/v1/catalog/products/{second}/trade-item", body)
    eventually(lambda: disputed() == [])
    eventually(lambda: sorted(offers(market, shop, first)) == sorted([first, second]))


def test_a_variant_that_another_sells_by_itself_is_shown_and_ordered_from_either(market: Market, shop: Shop, other: Person):
    red, blue, sku = gtin(), gtin(), f"scarf-{uuid.uuid4().hex[:8]}"
    variants = [
        {"sku": f"{sku}-{colour}", "options": {"colour": colour}, "stock": 2, "gtin": code}
        for colour, code in (("red", red), ("blue", blue))
    ]
    scarf = market.publish(sku=sku, **titled("Silk scarf"), stock=0, options=[{"name": "colour"}], variants=variants)
    single = market.publish(other, **titled("Foulard"), gtin=red, price={"amount": 1100, "currency": "GBP"})

    def by_variant() -> list[list[str]]:
        return [[one["product_id"] for one in each.get("offers", ())] for each in market.offer(shop, scarf)["variants"]]

    eventually(lambda: by_variant() == [[scarf, single], []])
    eventually(lambda: listed(shop, scarf, single) == [scarf])
    own = market.offer(shop, scarf)["variants"][0]["offer_id"]
    eventually(lambda: [one["offer_id"] for one in market.offer(shop, single).get("offers", ())][:1] == [own])
    for offer_id, supplier in ((own, market.supplier), (market.offer(shop, single)["offer_id"], other)):
        assert market.order(shop, offer_id)["lines"][0]["supplier_id"] == supplier.account_id
    market.order(shop, own)
    # Red is sold out, blue is not.
    eventually(lambda: listed(shop, scarf, single) == sorted([scarf, single]))


def test_an_operator_links_one_variant_with_anothers_product_and_parts_it_again(market: Market, shop: Shop, other: Person):
    """No code says that they are one thing, and the sibling stays what it is."""
    sku = f"shawl-{uuid.uuid4().hex[:8]}"
    variants = [{"sku": f"{sku}-{colour}", "options": {"colour": colour}, "stock": 5} for colour in ("red", "blue")]
    shawl = market.publish(sku=sku, **titled("Shawl"), stock=0, options=[{"name": "colour"}], variants=variants)
    single = market.publish(other, **titled("Red shawl"), price={"amount": 1100, "currency": "GBP"})
    eventually(lambda: listed(shop, shawl, single) == sorted([shawl, single]))
    red = market.offer(shop, shawl)["variants"][0]["offer_id"]

    def by_variant() -> list[list[str]]:
        return [[one["product_id"] for one in each.get("offers", ())] for each in market.offer(shop, shawl)["variants"]]

    def says(**body: Any) -> None:
        told = {"supplier_id": market.supplier.account_id, "offer_id": red} | body
        market.operator.hub.put(f"/v1/catalog/products/{shawl}/trade-item", told)

    says(same_as={"supplier_id": other.account_id, "product_id": single})
    eventually(lambda: sorted(by_variant()[0]) == sorted([shawl, single]))
    eventually(lambda: sorted(offers(market, shop, single)) == sorted([shawl, single]))
    assert by_variant()[1] == [], "the other colour is nothing of it"
    refused = market.supplier.hub.send("PUT", f"/v1/catalog/products/{shawl}/trade-item", {"offer_id": red, "alone": True})
    assert refused.status == 403, "what an operator said its supplier does not take back"

    says(alone=True)
    eventually(lambda: by_variant() == [[], []])
    eventually(lambda: offers(market, shop, single) == [])
    says(same_as={"supplier_id": other.account_id, "product_id": single})
    eventually(lambda: sorted(by_variant()[0]) == sorted([shawl, single]))
    says()
    eventually(lambda: by_variant() == [[], []])
    eventually(lambda: listed(shop, shawl, single) == sorted([shawl, single]))
    for offer_id, supplier in ((red, market.supplier), (market.offer(shop, single)["offer_id"], other)):
        assert market.order(shop, offer_id)["lines"][0]["supplier_id"] == supplier.account_id
