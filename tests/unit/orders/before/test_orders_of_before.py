"""Orders as the release before packed texts stored them, one in each state: read as they were, cancelled, and their units are back.

`2026-11-30.json` holds the table's items, what that release showed its owner of each order, and what it had left of each offer.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.orders.order import Order
from functions.orders.order_views import OrderView
from functions.orders.refunds.cancellation import AlreadyDispatched
from tests.before import with_fields_of
from tests.fakes import caller
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, TEA

KEPT = json.loads(Path(__file__).with_name("2026-11-30.json").read_text(encoding="utf-8"))
SENT = ("dispatched", "return")
COUNTED = {MUG: 100, TEA: 10}


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    table = make_table("orders")
    client = boto3.client("dynamodb")
    for item in KEPT["items"]:
        client.put_item(TableName=table, Item=item)
    return stored(table)


def order_of(shop: Shop, name: str) -> Order:
    return shop.orders.order(ACCOUNT, STOREFRONT, KEPT["orders"][name]["id"])


def shown(order: Order) -> dict[str, Any]:
    view: dict[str, Any] = json.loads(OrderView.of(order, caller(ACCOUNT, "storefront")).model_dump_json())
    return view


def left(shop: Shop) -> dict[str, int]:
    items = shop.stores.stock.stock_items([MUG, TEA])
    return {offer_id: item.quantity for offer_id, item in items.items()}


@pytest.mark.parametrize("name", KEPT["orders"])
def test_each_is_shown_as_it_was_whatever_came_beside(shop: Shop, name: str) -> None:
    after, before = shown(order_of(shop, name)), KEPT["orders"][name]
    assert with_fields_of(before, after) == before


def test_stock_is_what_was_left(shop: Shop) -> None:
    assert left(shop) == KEPT["stock"]


def test_each_that_was_not_sent_is_cancelled_and_all_of_its_money_and_units_come_back(shop: Shop) -> None:
    for name in KEPT["orders"]:
        if name in SENT:
            with pytest.raises(AlreadyDispatched):
                shop.cancel(order_of(shop, name))
            continue
        captured = sum(payment.captured for payment in order_of(shop, name).payments)
        shop.cancel(order_of(shop, name))
        for supplier in {line.supplier_id for line in order_of(shop, name).lines}:
            shop.release(order_of(shop, name), supplier_id=supplier)
        after = order_of(shop, name)
        assert (name, after.state, sum(refund.amount for refund in after.refunds)) == (name, "cancelled", captured)
    sent = sum(line["quantity"] for name in SENT for line in KEPT["orders"][name]["lines"])
    assert left(shop) == COUNTED | {MUG: COUNTED[MUG] - sent}
