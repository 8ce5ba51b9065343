"""Stock while many want it: never sold twice, never below zero, and back once when nobody pays."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.stack import Stack
from tests.flow.doors import refused
from tests.flow.market import CASH, TABLE_RATE, Market, eventually

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
        list(pool.map(lambda _: sweep(stack), range(6)))
    expired = market.order_is(shop, order["id"], "cancelled")
    assert expired["reason"] == "expired"
    assert market.order_is(shop, held["id"], "unpaid")
    assert eventually(lambda: market.supplier.hub.get(f"/v1/offers/{offer_id}/stock"))["quantity"] == 10 - 1


def make_overdue(stack: Stack, order_id: str) -> None:
    """Move an order's deadline, and its place in the sweep's index, into the past: an hour is too long to wait for."""
    dynamodb = stack.client("dynamodb")
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "orders" in name.lower())
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    item = next(item for page in pages for item in page["Items"] if item["sk"]["S"] == order_id)
    past = "2026-01-01T00:00:00.000Z"
    item["order"] = {"S": json.dumps(json.loads(item["order"]["S"]) | {"pay_by": past})}
    item["open_sk"] = {"S": f"{past}#{order_id}"}
    dynamodb.put_item(TableName=table, Item=item)


def sweep(stack: Stack) -> dict[str, Any]:
    """Run the orders' sweep now, as the schedule does each minute; answers what it did."""
    client = stack.client("lambda")
    name = next(f["FunctionName"] for f in client.list_functions(MaxItems=100)["Functions"] if "OrdersSweep" in f["FunctionName"])
    answer = client.invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer
    done: dict[str, Any] = json.loads(answer["Payload"].read())
    return done
