"""A shop: everything that orders are made of, in memory and on DynamoDB's stand-in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from functions.orders.bootstrap import ApiSettings, Services, Stores
from functions.orders.order import Order
from functions.orders.refunds.refund import RefundAsk
from shared.messages import Message
from shared.optimistic_retry import AT_ONCE
from tests.fakes import TICKETS, FakeClock, caller, sealing_in_memory
from tests.unit.orders.deployed import ALL_HEARD, Deployed
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    OTHER,
    RATES,
    STOREFRONT,
    TEA,
    MemoryStore,
    basket,
    configuration,
    in_memory,
    key,
    publication,
    released,
    ticket,
)

PATIENCE = timedelta(hours=72)
M = TypeVar("M", bound=Message)


@dataclass
class Shop:
    """A shop with ten mugs at 10.00 EUR, sold for 12.50."""

    stores: Stores
    clock: FakeClock

    def __post_init__(self) -> None:
        made = Services(
            ApiSettings(unpaid_minutes=60, buyers_texts="sealed"),
            clock=self.clock,
            retry=AT_ONCE,
            stores=self.stores,
            patience=PATIENCE,
            tickets=TICKETS,
            rates=lambda: RATES,
            sealing=sealing_in_memory(),
        )
        self.orders, self.checkout, self.inventory = made.orders, made.checkout, made.inventory
        self.replica, self.availability, self.debts = made.replica, made.availability, made.debts
        self.replica.record_storefront(configuration())
        self.inventory.record_publication(publication())

    @property
    def store(self) -> Any:
        """Of a shop in memory: all that it keeps."""
        return self.stores.orders

    def place(self, units: int = 2, text: str = "k1", fingerprint: str = "f1", **more: Any) -> Order:
        wanted = {MUG: units}
        who = {"buyer": more.pop("buyer_is")} if "buyer_is" in more else {}
        asked = basket(wanted, **{"shipping_ticket": ticket(wanted, self.clock.now), **more}).model_copy(update=who)
        return self.checkout.place(ACCOUNT, STOREFRONT, asked, key(text, fingerprint))

    def place_with_two(self) -> Order:
        """An order of two suppliers': two mugs of SUPPLIER, one tea of OTHER."""
        self.inventory.record_publication(publication(TEA).model_copy(update={"supplier_id": OTHER}))
        return self.checkout.place(ACCOUNT, STOREFRONT, basket({MUG: 2, TEA: 1}), key())

    def told(self, kind: type[M]) -> list[M]:
        """Of a shop in memory: the events of this kind, in their order."""
        return [event for event in self.store.events if isinstance(event, kind)]

    def order(self, order: Order) -> Order:
        return self.orders.order(ACCOUNT, STOREFRONT, order.id)

    def cancel(self, order: Order) -> Order:
        return self.orders.cancel(caller(ACCOUNT, "storefront"), STOREFRONT, order.id, "shopper")

    def release(self, order: Order, **more: Any) -> Order:
        """Shipping answers every question that is open: the units had not left."""
        for question in self.order(order).withdrawals:
            if not question.settled:
                self.orders.record_release(released(order, question, **more))
        return self.order(order)

    def refund(self, order: Order, ask: RefundAsk, text: str = "r1", fingerprint: str = "f1") -> Order:
        return self.orders.refund(ACCOUNT, STOREFRONT, order.id, ask, key(text, fingerprint))

    @property
    def left(self) -> int:
        return int(self.stores.stock.stock_item(MUG).quantity)


def remembered() -> Shop:
    return Shop(in_memory(MemoryStore()), FakeClock())


@pytest.fixture
def memory() -> Shop:
    return remembered()


@pytest.fixture(params=["memory", "dynamodb"])
def shop(request: pytest.FixtureRequest, make_table: Callable[[str], str]) -> Shop:
    """The same claims hold for both stores."""
    return remembered() if request.param == "memory" else stored(make_table("orders"))


def stored(table: str) -> Shop:
    """A shop on DynamoDB's stand-in, whose store has the shop's clock."""
    clock = FakeClock()
    return Shop(Stores.of(table, clock), clock)


@pytest.fixture
def hub(make_table: Callable[[str], str]) -> Deployed:
    """The service as it runs, with a shop that has ten mugs."""
    made = Deployed(make_table("orders"))
    assert made.hear(configuration(), publication()) == ALL_HEARD
    return made
