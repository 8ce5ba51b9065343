"""Whether units are left, or may be ordered beyond them, announced to whoever shows it. The stock is the truth; what was announced is
levelled to it after a move.

The table's stream brings the moves, so that an order writes nothing more for it. A move that could not be told for good (it lies in
the dead-letter queue) leaves listings wrong until the offer's next such move, which tells what is true by then; checkout never asks
here. So no sweep reads all stock for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.orders.inventory.stock_item import StockItem
from monsoon_plugin.clock import Clock
from shared.messages import OfferAvailabilityChanged
from shared.optimistic_retry import Retry

LOOKS = 5
"""A stock that goes to and fro faster than it is told is left to the record of its next move."""


class Stock(Protocol):
    """Where offers lie with their stock."""

    def stock_item(self, offer_id: str) -> StockItem | None:
        """The offer as last written."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What was last announced of an offer. The version counts announcements."""

    version: int
    in_stock: bool
    full: bool = False
    """Whether as much was ordered beyond the stock as may be."""

    def is_news_of(self, item: StockItem) -> bool:
        """Whether it is not so any more. What is sold by its count alone is never shown as on backorder: `full` is nothing to it."""
        return self.in_stock != item.in_stock or (item.floor != 0 and self.full != item.is_full)


class Announcements(Protocol):
    """What was announced of offers' stock."""

    def last_announced(self, offer_id: str) -> Announced | None:
        """What was last announced of it, as last written; None if nothing was."""

    def announce(self, message: OfferAvailabilityChanged, now: datetime) -> None:
        """Write what is announced, with its event. Raises Contended unless the version before is what was last announced."""


class AvailabilityAnnouncer:
    """Follows the stock of offers."""

    def __init__(self, stock: Stock, announcements: Announcements, clock: Clock, retry: Retry) -> None:
        self._stock, self._announcements, self._clock, self._retry = stock, announcements, clock, retry

    def record_move(self, before: StockItem | None, after: StockItem | None) -> None:
        """Announce what is true by now, if this move may have changed it. Moves may come twice and late. Raises Busy."""
        if before and after and _signs(before) != _signs(after):
            for _ in range(LOOKS):
                if not self._retry(lambda: self._level(after.offer_id)):
                    return

    def _level(self, offer_id: str) -> bool:
        """Whether something was announced: then the truth is looked at again, so that whoever writes last has told it."""
        last, item = self._announcements.last_announced(offer_id), self._stock.stock_item(offer_id)
        if item is None or item.offer is None or not (last or _published(item)).is_news_of(item):
            return False
        message = OfferAvailabilityChanged(
            version=last.version + 1 if last else 1, offer_id=offer_id, product_id=item.offer.product_id,
            supplier_id=item.offer.supplier_id, in_stock=item.in_stock, variant=bool(item.offer.choice),
            title=item.offer.title("en"),
            backorder="full" if item.is_full else "open" if last and last.full and not item.in_stock else "",
        )  # fmt: skip
        self._announcements.announce(message, self._clock())
        return True


def _published(item: StockItem) -> Announced:
    """What is shown of it until something was announced."""
    return Announced(0, bool(item.declared) or item.is_endless)


def _signs(item: StockItem) -> tuple[bool, ...]:
    """What is shown of it depends on these: on what is left, on what may be ordered beyond that, and, until something was told, on what its
    publication declared."""
    return item.in_stock, item.is_full, bool(item.floor), bool(item.declared), item.offer is not None
