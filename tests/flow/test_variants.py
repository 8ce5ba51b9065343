"""A product with variants, from its upload to a parcel with two of them: each ordered, counted, packed and paid by itself."""

import uuid
from typing import Any

import pytest

from tests.flow.market import ADDRESS, CASH, PICKUP, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    return market.shop([CASH], [PICKUP])


def scarf(sku: str, *more: dict[str, Any]) -> dict[str, Any]:
    red = {"sku": sku, "options": {"colour": "red", "size": "M"}, "stock": 5}
    blue = {
        "sku": f"{sku}-B",
        "options": {"colour": "blue", "size": "M"},
        "stock": 1,
        "price": {"amount": 1400, "currency": "GBP"},
        "weight": 900,
    }
    options = [{"name": "colour", "names": {"zh": "颜色"}}, {"name": "size"}]
    return {
        "sku": sku,
        "texts": {"en": {"title": f"Silk scarf {sku[-6:]}"}},
        "stock": 0,
        "options": options,
        "variants": [red, blue, *more],
    }


def left(market: Market, offer_id: str) -> int:
    return int(market.supplier.hub.get(f"/v1/offers/{offer_id}/stock")["quantity"])


def order_both(market: Market, shop: Shop, lines: list[dict[str, Any]]) -> dict[str, Any]:
    body = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": market.quote(shop, lines)[0]["ticket"]}
    path = f"{shop.path}/orders"
    return eventually(lambda: (r := shop.site.send("POST", path, body, key=str(uuid.uuid4()))).status == 201 and r.body)


def test_two_variants_of_one_product_are_listed_ordered_packed_paid_and_counted_each_by_itself(market: Market, shop: Shop):
    sku = f"scarf-{uuid.uuid4().hex[:8]}"
    product_id = market.publish(**scarf(sku))
    listed = market.offer(shop, product_id)
    red, blue = listed["variants"]
    assert (listed["price"]["amount"], listed["highest_price"]["amount"], listed["offer_id"]) == (1250, 1750, red["offer_id"])
    assert [(v["options"], v["price"]["amount"], v["in_stock"]) for v in (red, blue)] == [
        ({"colour": "red", "size": "M"}, 1250, True), ({"colour": "blue", "size": "M"}, 1750, True),
    ]  # fmt: skip
    page = shop.site.get(f"{shop.path}/listings/{product_id}", offer=blue["offer_id"])
    assert (page["title"], page["price"]["amount"], page["weight"]) == (f"Silk scarf {sku[-6:]} — blue / M", 1750, 900)
    for colour, found in (("Blue", True), ("Red", True), ("Green", False)):
        cards = shop.site.get(f"{shop.path}/listings", option=f"colour:{colour}", limit=100)["items"]
        assert (product_id in [card["product_id"] for card in cards]) == found

    order = order_both(market, shop, [{"offer_id": red["offer_id"], "quantity": 2}, {"offer_id": blue["offer_id"], "quantity": 1}])
    assert order["totals"]["total"]["amount"] == 2 * 1250 + 1750
    assert [line["title"] for line in order["lines"]] == [f"Silk scarf {sku[-6:]} — red / M", f"Silk scarf {sku[-6:]} — blue / M"]
    market.pay(shop, order)
    market.order_is(shop, order["id"], "accepted")
    market.shipments(shop, order["id"])
    (shipment,) = [one for one in market.supplier.hub.get("/v1/shipments")["items"] if one["order_id"] == order["id"]]
    assert [(c["title"], c["quantity"], c["weight"]) for c in shipment["parcel"]["contents"]] == [
        (f"Silk scarf {sku[-6:]} — red / M", 2, 800), (f"Silk scarf {sku[-6:]} — blue / M", 1, 900),
    ]  # fmt: skip
    market.hand_over(shop, order["id"])
    market.order_is(shop, order["id"], "paid")
    shares = market.shares(shop, order["id"])
    assert shares[(market.supplier.account_id, "goods")] == 2 * 1000 + 1400
    assert sum(shares.values()) == 0
    assert (left(market, red["offer_id"]), left(market, blue["offer_id"])) == (3, 0)
    eventually(lambda: [v["in_stock"] for v in market.offer(shop, product_id)["variants"]] == [True, False])
    assert market.offer(shop, product_id)["in_stock"]

    body = {"counts": [{"sku": sku, "variant": f"{sku}-B", "stock": 7}]}
    (counted,) = market.supplier.hub.post("/v1/stock-counts", body)["items"]
    assert (counted["offer_id"], counted["outcome"]) == (blue["offer_id"], "counted")
    eventually(lambda: left(market, blue["offer_id"]) == 7)
    eventually(lambda: [v["in_stock"] for v in market.offer(shop, product_id)["variants"]] == [True, True])


def test_a_product_that_gains_and_loses_variants_keeps_the_offers_that_stay(market: Market, shop: Shop):
    sku = f"scarf-{uuid.uuid4().hex[:8]}"
    plain = {"sku": sku, "texts": {"en": {"title": f"Silk scarf {sku[-6:]}"}}, "stock": 5}
    product_id = market.publish(**plain)
    own = market.offer(shop, product_id)["offer_id"]
    green = {"sku": f"{sku}-G", "options": {"colour": "green", "size": "M"}, "stock": 2}
    market.supplier.hub.put(f"/v1/products/{product_id}", market.product(**scarf(sku, green)))
    offers = eventually(lambda: [v["offer_id"] for v in market.offer(shop, product_id).get("variants", ())])
    assert offers[0] == own
    market.order(shop, own)
    market.order(shop, offers[2])

    market.supplier.hub.put(f"/v1/products/{product_id}", market.product(**scarf(sku)))
    eventually(lambda: len(market.offer(shop, product_id)["variants"]) == 2)
    lines = [{"offer_id": offers[2], "quantity": 1}]
    path = f"{shop.path}/shipping-quotes"
    refusal = eventually(
        lambda: (r := shop.site.send("POST", path, {"lines": lines, "address": ADDRESS, "currency": "GBP"})).status == 422 and r
    )
    assert refusal.body["errors"][0]["pointer"] == "/lines/0/offer_id"
    market.supplier.hub.put(f"/v1/products/{product_id}", market.product(**scarf(sku, green)))
    eventually(lambda: len(market.offer(shop, product_id)["variants"]) == 3)
    market.order(shop, offers[2])
