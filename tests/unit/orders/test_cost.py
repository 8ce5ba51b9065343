"""What placing an order and marking it paid cost, by DynamoDB's rules for item sizes and write units.

Sizes: developer guide, "DynamoDB item sizes and formats": names and texts count their UTF-8 bytes, a number about one byte for two
digits and one more, a boolean one. Writes: 1 WCU for each begun KB of the larger of the item before and after, twice that in a
transaction; an index entry that comes or goes costs 1 for each begun KB of it.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary

from shared.aws.dynamo import connection
from shared.goods.order_quantity import OrderQuantity
from shared.goods.stock_mode import Backorder
from shared.trade.selection import Selection
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    STOREFRONT,
    TEA,
    basket,
    capture,
    configuration,
    count,
    key,
    promise,
    publication,
    suspension,
)


def size(item: dict[str, Any]) -> int:
    """An item's size in bytes; `item` as boto3's resource gives it."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Binary):
        return len(bytes(value))
    if isinstance(value, dict):
        return 3 + sum(1 + len(name.encode()) + _size(part) for name, part in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _size(part) for part in value)
    return 1 if isinstance(value, bool) else len(str(value)) // 2 + 2


def units(*sizes: int) -> int:
    return -(-max(sizes) // 1024)


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    return stored(make_table("orders"))


def items() -> dict[str, dict[str, Any]]:
    return {item["sk"]: item for item in boto3.resource("dynamodb").Table("orders-test").scan()["Items"] if item["pk"] != TEA}


def test_placing_a_line_costs_at_most_6_write_units_and_marking_it_paid_2(shop: Shop) -> None:
    order = shop.place()
    before = items()
    placing = 2 * (units(size(before[order.id])) + units(size(before["offer"]))) + 2
    shop.orders.record_capture(capture(order))
    paying = units(size(before[order.id]), size(items()[order.id])) + 1
    assert placing <= 6
    assert paying <= 2


def test_goods_on_backorder_cost_as_much(shop: Shop) -> None:
    mode = Backorder(mode="backorder", units=100_000, days=365)
    shop.inventory.record_publication(publication(version=2, stock=0, stock_mode=mode, order_quantity=OrderQuantity(minimum=2)))
    order = shop.place(4000)
    held = items()
    assert held["offer"]["quantity"] == -4000
    assert 2 * (units(size(held[order.id])) + units(size(held["offer"]))) + 2 <= 6


@pytest.mark.thorough
def test_placing_costs_the_same_for_an_offer_that_was_counted_and_sells_in_every_hour(shop: Shop) -> None:
    shop.inventory.record_count(count(500))
    for n in range(120):
        shop.clock.tick(minutes=7, milliseconds=1)
        shop.place(1, str(n))
        shop.clock.tick(seconds=20)
        shop.place(1, f"{n}+")
    offer = items()["offer"]
    assert len(offer["past"]) == 1 + 3 + 6 + 13
    assert size(offer) <= 1024


def test_an_accepted_order_is_marked_paid_for_one_unit_more(shop: Shop) -> None:
    order = shop.place()
    shop.orders.record_authorization(promise(order))
    accepted = size(items()[order.id])
    shop.orders.record_capture(capture(order))
    assert units(accepted, size(items()[order.id])) == 1


def test_an_order_of_two_lines_with_its_event_is_at_most_1_kb(shop: Shop) -> None:
    shop.inventory.record_publication(publication(TEA))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({MUG: 1, TEA: 2}), key())
    assert size(items()[order.id]) <= 1024


class Counting:
    """A store that notes what it was asked; each of `snapshot` and `place` is one request to DynamoDB."""

    def __init__(self, store: Any) -> None:
        self._store, self.asked = store, []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._store, name)


def test_an_order_is_placed_with_one_read_and_one_transaction(memory: Shop) -> None:
    counting = Counting(memory.store)
    replace(memory.checkout, orders=counting, snapshots=counting, stock=counting).place(ACCOUNT, STOREFRONT, basket(), key())
    assert counting.asked == ["snapshot", "place"]


def test_an_order_is_two_calls_of_dynamodb_and_one_more_after_a_suspension_alone(make_table: Callable[[str], str]) -> None:
    """With the authorizer's one it is three. The third key of the read, once a second, is the revision of suspensions."""
    shop, calls = stored(make_table("orders")), []
    shop.replica.record_suspension(suspension(supplier_id="acc_other"))
    events = connection().client.meta.events

    def note(model: Any, params: Any, **_: Any) -> None:
        asked = json.loads(params["body"]).get("RequestItems", {}).get("orders-test", {})
        calls.append((model.name, len(asked.get("Keys", []))))

    events.register("before-call.dynamodb", note)
    for text in ("k1", "k2"):
        shop.place(1, text)
    shop.clock.tick(seconds=1)
    shop.place(1, "k3")
    events.unregister("before-call.dynamodb", note)
    write = ("TransactWriteItems", 0)
    assert calls == [("BatchGetItem", 3), ("Query", 0), write, ("BatchGetItem", 2), write, ("BatchGetItem", 3), write]


def test_rules_with_all_their_picks_are_compiled_once_and_not_for_each_order(make_table: Callable[[str], str]) -> None:
    shop = stored(make_table("orders"))
    shop.replica.record_storefront(configuration(2, selection=Selection(picks=[f"prd_{n}" for n in range(200)])))
    first, second = (shop.stores.snapshots.snapshot(ACCOUNT, STOREFRONT, [MUG]).storefront for _ in range(2))
    assert first.rule is second.rule


def test_an_order_that_is_confirmed_reads_its_offers_once_and_writes_no_more_for_it(make_table: Callable[[str], str]) -> None:
    """Half a read unit a line, for what was recalled before it was paid; accepted first and paid later, it is read once."""
    shop, calls = stored(make_table("orders")), []
    order = shop.place()
    events = connection().client.meta.events
    note = lambda model, **_: calls.append(model.name)  # noqa: E731
    events.register("before-call.dynamodb", note)
    shop.orders.record_authorization(promise(order))
    shop.orders.record_capture(capture(order))
    events.unregister("before-call.dynamodb", note)
    assert calls == ["GetItem", "BatchGetItem", "PutItem", "GetItem", "PutItem"]
