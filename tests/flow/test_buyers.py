"""Who bought an order is shown to its shop, and to nobody once its owner has it erased."""

import uuid

import pytest

from tests.flow.market import ADDRESS, CASH, PICKUP, Market, eventually

pytestmark = pytest.mark.xdist_group("hub")


def test_a_cancelled_orders_buyer_is_erased_and_its_money_stays(market: Market):
    shop = market.shop([CASH], [PICKUP])
    lines = [{"offer_id": market.offer(shop, market.publish())["offer_id"], "quantity": 1}]
    buyer = {"type": "consumer", "name": "Ada Buyer", "email": "ada@buyers.example"}
    body = {"lines": lines, "buyer": buyer, "address": ADDRESS, "shipping_ticket": market.quote(shop, lines)[0]["ticket"]}
    path = f"{shop.path}/orders"
    placed = eventually(lambda: (r := shop.site.send("POST", path, body, key=str(uuid.uuid4()))).status == 201 and r.body)
    assert (placed["buyer"]["email"], placed["address"]["city"]) == ("ada@buyers.example", "Bristol")
    at = f"{path}/{placed['id']}"
    assert shop.owner.hub.send("DELETE", f"{at}/buyer").status == 409, "it may still be sent"
    shop.owner.hub.post(f"{at}/cancellation", {})
    market.order_is(shop, placed["id"], "cancelled")
    assert shop.owner.hub.send("DELETE", f"{at}/buyer").status == 200
    shown = shop.owner.hub.get(at)
    assert (shown["buyer"].get("email"), shown.get("address")) == (None, None)
    assert shown["totals"]["total"] == placed["totals"]["total"]
