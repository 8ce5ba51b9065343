"""Where orders lie, as the domain asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order, OrderChange
from shared.api.paging import Position

ALIKE = 5
"""Orders of one number that are looked at: two are one chance in 280 among a million."""


class Orders(Protocol):
    """Where orders lie, beside the stock they take."""

    def place(self, order: Order, held: Mapping[str, StockItem], now: datetime) -> None:
        """Write a new order and take its units off its offers, or nothing; `held`: the offers as they were seen.

        Raises AlreadyCreated, Shortage, Contended.
        """

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order | None:
        """The order as last written."""

    def save(self, change: OrderChange, now: datetime) -> None:
        """Write the change, its event and what it moves of the stock, or nothing. Raises Contended unless the order is as it was before."""

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """At most `limit` of a storefront's orders, the latest first, and where the next page begins."""

    def numbered(self, account_id: str, storefront_id: str, prefix: str) -> Sequence[Order]:
        """The storefront's orders whose ids begin so, as last written; at most ALIKE."""

    def due(self, now: datetime) -> Iterable[tuple[str, str, str]]:
        """Account, storefront and id of orders that the sweep has to look at."""
