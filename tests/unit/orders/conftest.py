"""A desk and a stockroom at the same counter, in memory and on DynamoDB's stand-in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from functions.orders.inventory.availability import Watch
from functions.orders.inventory.inventory_service import Stockroom
from functions.orders.order import Order
from functions.orders.order_service import Desk
from functions.orders.order_store import OrderStore
from tests.fakes import TICKETS, FakeClock
from tests.unit.orders.given import ACCOUNT, AT_ONCE, MUG, RATES, STOREFRONT, MemoryStore, basket, configuration, key, publication


@dataclass
class Shop:
    """A shop with ten mugs at 10.00 EUR, sold for 12.50."""

    store: Any
    clock: FakeClock

    def __post_init__(self) -> None:
        self.desk = Desk(self.store, self.clock, AT_ONCE, lambda: RATES)
        self.watch = Watch(self.store, self.clock, AT_ONCE)
        self.stockroom = Stockroom(self.store, self.clock, AT_ONCE)
        self.stockroom.configured(configuration())
        self.stockroom.published(publication())

    def place(self, units: int = 2, text: str = "k1", fingerprint: str = "f1", **more: Any) -> Order:
        return self.desk.place(ACCOUNT, STOREFRONT, basket({MUG: units}, **more), key(text, fingerprint), TICKETS)

    def order(self, order: Order) -> Order:
        return self.desk.order(ACCOUNT, STOREFRONT, order.id)

    def cancel(self, order: Order) -> Order:
        return self.desk.cancel(ACCOUNT, STOREFRONT, order.id, "shopper")

    @property
    def left(self) -> int:
        return int(self.store.shelf(MUG).quantity)


@pytest.fixture
def memory() -> Shop:
    return Shop(MemoryStore(), FakeClock())


@pytest.fixture(params=["memory", "dynamodb"])
def shop(request: pytest.FixtureRequest, make_table: Callable[[str], str]) -> Shop:
    """The same claims hold for both stores."""
    if request.param == "memory":
        return Shop(MemoryStore(), FakeClock())
    return stored(make_table("orders"))


def stored(table: str) -> Shop:
    """A shop on DynamoDB's stand-in, whose store has the shop's clock."""
    clock = FakeClock()
    return Shop(OrderStore(table, lambda: clock().timestamp()), clock)
