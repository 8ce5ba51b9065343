"""Units that were ordered and that their supplier, by its own count, does not have: told to whoever knows which parcels they are in.

The stock is the truth; what was told is levelled to it after a move, as availability is (inventory/availability.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.orders.inventory.availability import LOOKS, Stock
from functions.orders.inventory.stock_item import StockItem
from monsoon_plugin.clock import Clock
from shared.messages import StockOwed
from shared.optimistic_retry import Retry


@dataclass(frozen=True, slots=True)
class ToldDebt:
    """What was last told of an offer. The version counts what was told."""

    version: int
    owed: int


class Debts(Protocol):
    """What was told of offers' debts."""

    def last_told(self, offer_id: str) -> ToldDebt | None:
        """What was last told of it, as last written; None if nothing was."""

    def tell(self, message: StockOwed, now: datetime) -> None:
        """Write what is told, with its event. Raises Contended unless the version before is what was last told."""


class DebtAnnouncer:
    """Follows the stock of offers."""

    def __init__(self, stock: Stock, debts: Debts, clock: Clock, retry: Retry) -> None:
        self._stock, self._debts, self._clock, self._retry = stock, debts, clock, retry

    def record_move(self, before: StockItem | None, after: StockItem | None) -> None:
        """Tell what is owed by now, if this move may have changed it. Moves may come twice and late. Raises Busy."""
        if before and after and before.owed != after.owed:
            for _ in range(LOOKS):
                if not self._retry(lambda: self._level(after.offer_id)):
                    return

    def _level(self, offer_id: str) -> bool:
        """Whether something was told: then the truth is looked at again, so that whoever writes last has told it."""
        last, item = self._debts.last_told(offer_id), self._stock.stock_item(offer_id)
        if item is None or item.offer is None or (last.owed if last else 0) == item.owed:
            return False
        message = StockOwed(
            version=last.version + 1 if last else 1, offer_id=offer_id, product_id=item.offer.product_id,
            supplier_id=item.offer.supplier_id, owed=item.owed, title=item.offer.title("en"),
        )  # fmt: skip
        self._debts.tell(message, self._clock())
        return True
