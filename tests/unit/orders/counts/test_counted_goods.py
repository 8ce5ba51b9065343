"""Counted goods are never ordered beyond their count, whatever the order of counts, orders, cancellations, corrections and recalls, and
however late or often a count is heard. The truth is kept beside: every move with its moment, and each count with its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import boto3
from hypothesis import given, settings, strategies

from functions.orders.order import Order
from monsoon_plugin.clock import rfc3339
from shared.errors import Problem
from shared.messages import StockCounted
from tests.examples import examples
from tests.unit.orders.conftest import Shop, remembered, stored
from tests.unit.orders.given import MUG, SUPPLIER, capture, count, dispatched, kept, key, publication, recall, released

ACTS = ["place", "place", "pay", "cancel", "answer", "send", "correct", "count", "count shelf", "count back", "hear", "hear again",
        "recall", "publish"]  # fmt: skip
STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(ACTS),
        strategies.integers(0, 3),
        strategies.integers(0, 9),
        strategies.sampled_from([0, 1, 700, 5_000, 400_000, 3_700_000]),
    ),
    max_size=40,
)
"""What, on which order or count, how many, and how many milliseconds later."""


@dataclass
class World:
    """A shop, its supplier's counts on their way to it, and the truth."""

    shop: Shop
    moves: list[tuple[datetime, int]] = field(default_factory=list)
    """Of units on sale."""
    waiting: list[tuple[datetime, int]] = field(default_factory=list)
    """Of units that wait for dispatch."""
    orders: dict[int, Order] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)
    """Order → units that wait for dispatch."""
    sent: list[StockCounted] = field(default_factory=list)
    heard: list[StockCounted] = field(default_factory=list)
    offer_version: int = 1
    corrections: int = 0

    @property
    def now(self) -> datetime:
        return self.shop.clock.now

    def step(self, what: str, which: int, units: int) -> None:
        before = self.shop.left
        match what:
            case "place" if which not in self.orders and units:
                self.orders[which] = self.shop.place(units, text=f"{which} {self.now}", fingerprint=str(which))
                self._wait(which, units)
            case "pay" if which in self.orders:
                self.shop.orders.record_capture(capture(self.orders[which], payment_id=f"pay_{self.orders[which].id}"))
            case "cancel" if which in self.orders:
                if self.shop.cancel(self.orders[which]).state == "cancelled":
                    self._wait(which, 0)
                    self.orders.pop(which)
            case "answer" | "send" if which in self.orders:
                self._ship(which, sent=what == "send")
            case "correct":
                self.corrections += 1
                self.shop.inventory.adjust(SUPPLIER, MUG, units - 4 or 1, "looked", key(f"a{self.corrections}"))
            case "count" | "count shelf" | "count back":
                self._count(units * 2, what, which)
                return
            case "hear" | "hear again" if self.sent:
                self._hear(which, again=what == "hear again")
                return
            case "recall" | "publish":
                self.offer_version += 1
                news = recall(version=self.offer_version) if what == "recall" else None
                self.shop.inventory.record_recall(news) if news else self._publish()
                return
        moved = self.shop.left - before
        self.moves.append((self.now, moved))

    def _wait(self, which: int, units: int) -> None:
        """From now on so many of the order's units wait."""
        self.waiting.append((self.now, units - self.inside.get(which, 0)))
        self.inside[which] = units

    def _ship(self, which: int, *, sent: bool) -> None:
        """Shipping sends the parcel, or answers a question for its units: they are released unless it was sent."""
        order = self.shop.order(self.orders[which])
        question = next((held for held in order.withdrawals if not held.settled), None)
        if sent and order.confirmed and order.fulfilment == "waiting":
            self.shop.orders.record_shipment(dispatched(order))
            if question:
                self.shop.orders.record_kept(kept(order, question))
        elif question:
            self.shop.orders.record_release(released(order, question))
        else:
            return
        self._wait(which, 0)
        self.orders.pop(which)

    def _publish(self) -> None:
        """With the stock that was declared first: no count is known of by it."""
        self.shop.inventory.record_publication(publication(version=self.offer_version))

    def _count(self, stock: int, what: str, hours: int) -> None:
        """As uploads does: each count is newer than the ones before it, or refused."""
        at = self.now - timedelta(hours=hours) if what == "count back" else self.now
        if not self.sent or rfc3339(at) >= self.sent[-1].counted_at:
            how = "on_hand" if what == "count shelf" else "available"
            self.sent.append(count(stock, len(self.sent) + 1, at=at, received=self.now, stock_counts=how))

    def _hear(self, which: int, *, again: bool) -> None:
        message = self.sent[max(0, len(self.sent) - 1 - which)]
        if again == (message in self.heard):
            self.heard.append(message)
            self.shop.inventory.record_count(message)

    def holds(self) -> None:
        """What is left is at most what the newest count that was heard leaves; exactly that, if no move fell into its millisecond."""
        newest = max(self.heard, key=lambda message: message.version, default=None)
        left = self.shop.left
        if newest is None:
            assert left == 10 + sum(units for _, units in self.moves)
            return
        at = datetime.fromisoformat(newest.counted_at)
        since = sum(units for when, units in self.moves if when > at or (when == at and units < 0))
        waited = sum(units for when, units in self.waiting if when < at) if newest.stock_counts == "on_hand" else 0
        assert left <= newest.stock + since - waited
        assert left >= 0 or newest.stock + since < waited or newest.stock < sum(-units for when, units in self.moves if units < 0)


def play(shop: Shop, steps: list[tuple[str, int, int, int]]) -> World:
    world = World(shop)
    for what, which, units, later in steps:
        shop.clock.tick(milliseconds=later)
        try:
            world.step(what, which, units)
        except Problem:
            continue
        finally:
            world.holds()
    return world


@settings(max_examples=examples(300), deadline=None)
@given(STEPS)
def test_counted_goods_are_never_ordered_beyond_their_count(steps: list[tuple[str, int, int, int]]) -> None:
    world = play(remembered(), steps)
    totals = world.shop.stores.stock.stock_item(MUG).totals
    assert totals.now.committed == sum(units for _, units in world.waiting)


def test_the_same_holds_on_dynamodb(make_table: Callable[[str], str]) -> None:
    name = make_table("orders")

    @settings(max_examples=examples(25), deadline=None)
    @given(STEPS)
    def holds_for(steps: list[tuple[str, int, int, int]]) -> None:
        _emptied(name)
        on_dynamodb, in_memory = play(stored(name), steps), play(remembered(), steps)
        assert on_dynamodb.shop.stores.stock.stock_item(MUG) == in_memory.shop.stores.stock.stock_item(MUG)

    holds_for()


def _emptied(name: str) -> None:
    table = boto3.resource("dynamodb").Table(name)
    for item in table.scan()["Items"]:
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
