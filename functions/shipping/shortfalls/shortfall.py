"""Which of a supplier's parcels it cannot fill: orders say how many units of an offer are owed, shipping knows where they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from shared.errors import NotFound
from shared.ids import named
from shared.messages import StockOwed

MOST = 50
"""Parcels that are looked at; more than these are found when these are settled."""


@dataclass(frozen=True, slots=True)
class Short:
    """A parcel that is not sent yet, and its units of the offer."""

    shipment: Shipment
    units: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How many units of an offer are owed, and the parcels that wait for them, the newest first."""

    offer_id: str
    owed: int
    parcels: tuple[Short, ...]


class Store(Protocol):
    """What shortfalls read and write."""

    def keep_owed(self, supplier_id: str, offer_id: str, owed: int, version: int) -> None:
        """Keep how many units are owed, unless newer news was heard."""
        ...

    def owed(self, supplier_id: str, offer_id: str) -> int:
        """Units of the supplier's offer that are owed; 0 if nothing was heard."""
        ...

    def unsent(self, supplier_id: str, offer_id: str) -> Iterable[str]:
        """The ids of the supplier's shipments that an index shows as not sent yet, and as containing the offer; newest first, lazily."""
        ...

    def standing(self, supplier_id: str, ids: Iterable[str]) -> Iterable[Shipment]:
        """The supplier's shipments of these ids as they stand, in few calls."""
        ...

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...


class Shortfalls:
    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, message: StockOwed) -> None:
        self._store.keep_owed(message.supplier_id, message.offer_id, message.owed, message.version)

    def of_offer(self, supplier_id: str, offer_id: str) -> Shortfall:
        """What the supplier owes of the offer, and the newest parcels that hold so many units; those held for a recall wait too.

        Raises NotFound.
        """
        named(offer_id)
        known = self._store.facts([offer_id]).get(offer_id)
        if known is None or known.supplier_id != supplier_id:
            raise NotFound("you have no such offer")
        owed = self._store.owed(supplier_id, offer_id)
        return Shortfall(offer_id, owed, tuple(self._parcels(supplier_id, offer_id, owed)))

    def _parcels(self, supplier_id: str, offer_id: str, owed: int) -> Iterable[Short]:
        if owed == 0:
            return
        ids = islice(self._store.unsent(supplier_id, offer_id), MOST)
        for shipment in sorted(self._store.standing(supplier_id, ids), key=lambda found: found.id, reverse=True):
            units = sum(content.quantity for content in shipment.parcel.contents if content.offer_id == offer_id)
            if shipment.unsent and units:
                yield Short(shipment, units)
                owed -= units
            if owed <= 0:
                return
