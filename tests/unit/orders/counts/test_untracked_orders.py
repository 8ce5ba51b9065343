"""After an upgrade a command counts old orders among those that wait, once: counts of the shelf before and after it come out right."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from functions.orders.counts.untracked_orders_store import UntrackedOrderStore
from functions.orders.order import Order
from functions.orders.refunds.refund import RefundAsk
from shared.aws.packing import unpacked
from shared.optimistic_retry import AT_ONCE
from tests.unit.orders.conftest import stored
from tests.unit.orders.given import MUG, TEA, capture, count, dispatched
from tools.upgrade.track_orders import Tracked, track_orders


class Upgraded:
    """A shop with 25 mugs on its shelf, four of which an order of before the upgrade waits for."""

    def __init__(self, table: str) -> None:
        self.shop, self.store = stored(table), UntrackedOrderStore(table)
        self.items = boto3.resource("dynamodb").Table(table)
        self.version = 0
        self.order = self.old(self.shop.place(units=4, text="before"))

    def old(self, order: Order) -> Order:
        """The order and its offers as the version before wrote them."""
        key = {"pk": f"{order.account_id}#{order.storefront_id}", "sk": order.id}
        kept = json.loads(unpacked({"B": bytes(self.items.get_item(Key=key)["Item"]["order"])}))
        assert kept.pop("tracked")
        text = json.dumps(kept, separators=(",", ":"))
        self.items.update_item(Key=key, UpdateExpression="SET #o = :o", ExpressionAttributeNames={"#o": "order"},
                               ExpressionAttributeValues={":o": text})  # fmt: skip
        for line in order.lines:
            self.items.update_item(Key={"pk": line.offer_id, "sk": "offer"}, UpdateExpression="REMOVE totals, past")
        return self.shop.order(order)

    def counted(self, stock: int = 25, counts: str = "on_hand", **more: Any) -> int:
        self.shop.clock.tick(seconds=2)
        self.version += 1
        self.shop.inventory.record_count(count(stock, self.version, **{"at": self.shop.clock.now, "stock_counts": counts, **more}))
        self.shop.clock.tick(seconds=2)
        return self.shop.left

    def track(self) -> Tracked:
        self.said: list[str] = []
        return track_orders(self.store, self.store.untracked(), AT_ONCE, self.said.append)

    def item(self, order: Order) -> Any:
        return self.items.get_item(Key={"pk": f"{order.account_id}#{order.storefront_id}", "sk": order.id})["Item"]


@pytest.fixture
def upgraded(make_table: Callable[[str], str]) -> Upgraded:
    return Upgraded(make_table("orders"))


def test_a_count_of_the_shelf_takes_an_open_order_of_before_off_once_the_command_has_run(upgraded: Upgraded) -> None:
    assert upgraded.track() == Tracked(seen=1, orders=1, units=4)
    assert upgraded.counted() == 21


def test_a_count_of_the_shelf_that_came_before_the_command_is_put_right_by_it(upgraded: Upgraded) -> None:
    assert upgraded.counted() == 25
    upgraded.track()
    assert upgraded.shop.left == 21


def test_a_count_of_a_moment_before_the_command_that_is_heard_after_it_is_right(upgraded: Upgraded) -> None:
    upgraded.shop.place(units=1, text="k2")
    upgraded.shop.clock.tick(minutes=1)
    before = upgraded.shop.clock.now
    upgraded.shop.clock.tick(minutes=1)
    upgraded.shop.place(units=1, text="k3")
    upgraded.track()
    assert upgraded.counted(at=before, received=upgraded.shop.clock.now) == 25 - 4 - 1 - 1


def test_what_is_available_stays_what_its_supplier_counted(upgraded: Upgraded) -> None:
    assert upgraded.counted(21, "available") == 21
    upgraded.track()
    assert upgraded.shop.left == 21
    assert upgraded.counted(21, "available") == 21


def test_run_twice_and_while_orders_come_in_it_counts_each_order_once(upgraded: Upgraded) -> None:
    more = [upgraded.old(upgraded.shop.place(units=1, text=f"old{n}")) for n in range(3)]

    def while_orders_come_in() -> Iterator[Order]:
        for n, order in enumerate(upgraded.store.untracked()):
            upgraded.shop.clock.tick(seconds=1)
            upgraded.shop.place(units=1, text=f"new{n}")
            yield order

    upgraded.counted(30)
    done = track_orders(upgraded.store, while_orders_come_in(), AT_ONCE, print)
    assert (done.orders, done.units) == (4, 7)
    assert len(more) == 3
    assert upgraded.track() == Tracked()
    assert upgraded.shop.left == 30 - 7 - 4
    assert upgraded.counted(30) == 30 - 7 - 4


def test_what_moves_an_offer_or_the_order_while_it_is_written_is_not_lost(upgraded: Upgraded) -> None:
    acts: list[Callable[[], object]] = [
        lambda: upgraded.shop.place(units=1, text="k2"),
        lambda: upgraded.counted(30),
        lambda: upgraded.shop.orders.record_capture(capture(upgraded.order)),
    ]

    class Interrupted(UntrackedOrderStore):
        def _held(self, offer_ids: Any) -> Any:
            found = super()._held(offer_ids)
            if acts:
                acts.pop(0)()
            return found

    upgraded.counted(25)
    store = Interrupted(upgraded.items.name)
    assert track_orders(store, store.untracked(), AT_ONCE, print).units == 4
    assert not acts
    assert upgraded.shop.order(upgraded.order).state == "paid"
    assert upgraded.shop.left == 30 - 1 - 4
    assert upgraded.counted(30) == 30 - 1 - 4


def test_an_order_that_is_tracked_then_waits_no_more_when_it_is_sent_refunded_or_cancelled(upgraded: Upgraded) -> None:
    shop = upgraded.shop
    other = upgraded.old(shop.place(units=3, text="k2"))
    upgraded.track()
    shop.orders.record_capture(capture(upgraded.order))
    shop.refund(upgraded.order, RefundAsk({MUG: 1}, False, True, "one too many"))
    shop.release(upgraded.order)
    assert upgraded.counted(25) == 25 - 3 - 3
    shop.orders.record_shipment(dispatched(upgraded.order))
    assert upgraded.counted(22) == 22 - 3
    shop.cancel(other)
    assert upgraded.shop.left == upgraded.counted(22) == 22


def test_orders_that_are_sent_or_cancelled_and_those_of_today_are_left_alone(upgraded: Upgraded) -> None:
    shop = upgraded.shop
    shop.orders.record_capture(capture(upgraded.order))
    shop.orders.record_shipment(dispatched(upgraded.order))
    shop.cancel(upgraded.old(shop.place(units=1, text="k2")))
    today = shop.order(shop.place(units=2, text="k3"))
    assert upgraded.track() == Tracked(seen=2)
    assert shop.order(today) == today
    assert upgraded.counted(21) == 19


def test_an_order_of_several_suppliers_waits_for_each(upgraded: Upgraded) -> None:
    upgraded.old(upgraded.shop.place_with_two())
    assert upgraded.track() == Tracked(seen=2, orders=2, units=4 + 3)
    assert upgraded.counted(25) == 19
    assert upgraded.shop.stores.stock.stock_item(TEA).totals.now.committed == 1


def test_nobody_is_told_anything_and_the_last_event_stays_to_be_told_again(upgraded: Upgraded) -> None:
    before = upgraded.item(upgraded.order)
    upgraded.track()
    after = upgraded.item(upgraded.order)
    assert after["event"] == before["event"]
    assert upgraded.shop.order(upgraded.order) == upgraded.order.next(tracked=True)


def test_an_order_whose_offer_is_not_there_is_named_and_keeps_no_other_waiting(upgraded: Upgraded) -> None:
    upgraded.old(upgraded.shop.place_with_two())
    upgraded.items.delete_item(Key={"pk": TEA, "sk": "offer"})
    done = upgraded.track()
    assert (done.orders, done.left) == (1, 1)
    assert TEA in upgraded.said[0]
