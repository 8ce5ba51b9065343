"""Stock while many want it: never sold twice, never below zero, and back once when nobody pays."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.stack import Stack
from shared.aws.packing import unpacked
from tests.flow import inside
from tests.flow.doors import refused
from tests.flow.market import CASH, TABLE_RATE, Market, eventually, product

pytestmark = pytest.mark.xdist_group("hub")
BUYERS, LEFT = 8, 5


def test_the_last_five_units_are_sold_to_five_of_eight_who_want_them_at_once(market: Market):
    shop = market.shop([CASH], [TABLE_RATE])
    offer_id = market.offer(shop, market.publish(stock=LEFT + 1))["offer_id"]
    market.order(shop, offer_id)
    ticket = market.quote(shop, [{"offer_id": offer_id, "quantity": 1}])[0]["ticket"]
    with ThreadPoolExecutor(BUYERS) as pool:
        replies = list(pool.map(lambda _: market.try_order(shop, offer_id, ticket=ticket), range(BUYERS)))
    placed = [reply.body["id"] for reply in replies if reply.status == 201]
    assert len(set(placed)) == LEFT
    for reply in replies:
        assert reply.status == 201 or refused(reply, 409)["type"] == "urn:monsoon:problem:out-of-stock"
    assert market.supplier.hub.get(f"/v1/offers/{offer_id}/stock")["quantity"] == 0


def test_an_order_that_nobody_pays_returns_its_stock_once_however_often_the_sweep_comes(stack: Stack, market: Market):
    shop = market.shop([CASH], [TABLE_RATE])
    offer_id = market.offer(shop, market.publish())["offer_id"]
    order = market.order(shop, offer_id, quantity=3)
    held = market.order(shop, offer_id)
    make_overdue(stack, order["id"])
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: inside.run(stack, "OrdersSweep"), range(6)))
    expired = market.order_is(shop, order["id"], "cancelled")
    assert expired["reason"] == "expired"
    assert market.order_is(shop, held["id"], "unpaid")
    assert eventually(lambda: market.supplier.hub.get(f"/v1/offers/{offer_id}/stock"))["quantity"] == 10 - 1


def test_a_suppliers_number_replaces_what_was_left_whoever_has_ordered_and_whatever_audit_says_meanwhile(market: Market):
    shop = market.shop([CASH], [TABLE_RATE])
    sent = product(stock=50)
    product_id = market.supplier.hub.post("/v1/products", sent)["product_id"]
    offer_id = market.offer(shop, product_id)["offer_id"]
    order = market.order(shop, offer_id, quantity=10)
    assert left(market, offer_id, 40)
    market.pay(shop, order)
    market.deliver(shop, order["id"])
    count(market, sent["sku"], 40, "available")
    assert left(market, offer_id, 40)
    market.order(shop, offer_id, quantity=4)
    market.supplier.hub.put(f"/v1/products/{product_id}", sent)
    assert left(market, offer_id, 50)
    refused_text = {"texts": {"en": {"title": "Write to me at me@example.com", "description": ""}}}
    market.supplier.hub.put(f"/v1/products/{product_id}", sent | refused_text | {"stock": 30})
    assert left(market, offer_id, 30)
    count(market, sent["sku"], 3, "on_hand")
    assert left(market, offer_id, 0)["owed"] == 1
    assert eventually(lambda: market.supplier.hub.get(f"/v1/offers/{offer_id}/shortfall")["owed"]) == 1
    count(market, sent["sku"], 9, "on_hand")
    assert "owed" not in left(market, offer_id, 5)


def count(market: Market, sku: str, stock: int, stock_counts: str) -> None:
    body = {"counts": [{"sku": sku, "stock": stock}], "stock_counts": stock_counts}
    assert market.supplier.hub.post("/v1/stock-counts", body)["items"][0]["outcome"] == "counted"


def left(market: Market, offer_id: str, quantity: int) -> dict[str, Any]:
    """The stock, once so much is left."""
    return eventually(lambda: (s := market.supplier.hub.get(f"/v1/offers/{offer_id}/stock"))["quantity"] == quantity and s)


def make_overdue(stack: Stack, order_id: str) -> None:
    """Move an order's deadline, and its place in the sweep's index, into the past: an hour is too long to wait for."""
    item = next(item for item in inside.items(stack, "OrdersTable") if item["sk"]["S"] == order_id)
    item["order"] = {"S": json.dumps(json.loads(unpacked(item["order"])) | {"pay_by": inside.PAST})}
    inside.put(stack, "OrdersTable", item | {"open_sk": {"S": f"{inside.PAST}#{order_id}"}})
