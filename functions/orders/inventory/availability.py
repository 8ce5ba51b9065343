"""Whether units are left, told to whoever shows it. The shelf is the truth; what was told is levelled to it after a move.

The table's stream brings the moves, so that an order writes nothing more for it. A move that could not be told for good (it lies in
the dead-letter queue) leaves listings wrong until the offer's next such move, which tells what is true by then; checkout never asks
here. So no sweep reads all shelves for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.orders.inventory.stock_item import Shelf
from functions.orders.writes import Patience
from monsoon_plugin.clock import Clock
from shared.messages import OfferAvailabilityChanged

LOOKS = 5
"""A stock that goes to and fro faster than it is told is left to the record of its next move."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of an offer. The version counts what was told."""

    version: int
    in_stock: bool


class Availabilities(Protocol):
    """Where shelves lie, and what was told of them."""

    def shelf(self, offer_id: str) -> Shelf | None:
        """The offer as last written."""

    def told(self, offer_id: str) -> Told | None:
        """What was last told of it, as last written; None if nothing was."""

    def tell(self, message: OfferAvailabilityChanged, now: datetime) -> None:
        """Write what is told, with its event. Raises Contended unless the version before is what was last told."""


class Watch:
    """Watches the shelves' stock."""

    def __init__(self, shelves: Availabilities, clock: Clock, patience: Patience) -> None:
        self._shelves, self._clock, self._patience = shelves, clock, patience

    def moved(self, before: Shelf | None, after: Shelf | None) -> None:
        """Tell what is true by now, if this move may have changed it. Moves may come twice and late. Raises Busy."""
        if before and after and _signs(before) != _signs(after):
            for _ in range(LOOKS):
                if not self._patience(lambda: self._level(after.offer_id)):
                    return

    def _level(self, offer_id: str) -> bool:
        """Whether something was told: then the truth is looked at again, so that whoever writes last has told it."""
        told, shelf = self._shelves.told(offer_id), self._shelves.shelf(offer_id)
        if shelf is None or shelf.offer is None or (told and told.in_stock == shelf.in_stock):
            return False
        message = OfferAvailabilityChanged(
            version=told.version + 1 if told else 1, offer_id=offer_id, product_id=shelf.offer.product_id,
            supplier_id=shelf.offer.supplier_id, in_stock=shelf.in_stock,
        )  # fmt: skip
        self._shelves.tell(message, self._clock())
        return True


def _signs(shelf: Shelf) -> tuple[bool, bool]:
    """What is shown of it depends on these: on what is left, and, until something was told, on what the supplier declared."""
    return shelf.in_stock, bool(shelf.declared)
