"""Recalls reach parcels: one that was not sent yet is held while goods in it are recalled, and free again afterwards.

What is true lies in one place, the offer's own item, which is versioned and written before any shipment is looked at. A
shipment's `held` is brought to that truth, and the truth is read again after each write, so that whoever comes last, a recall, a
reinstatement, a new shipment or a report of dispatch, leaves what is true: in any order, and doubled.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipment import Hold, Shipment
from shared.errors import Unavailable
from shared.messages import OfferRecalled, ShipmentEvent, ShipmentHeld

ATTEMPTS = 5
"""Changes of one shipment that may race each other."""


class Unsettled(Unavailable):
    """A shipment was changed by others all the while; a queue brings the event again, a caller asks again."""


class Store(Protocol):
    """What holding reads and writes."""

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """Mark the offer as recalled, unless what is known of it is as new."""
        ...

    def keep_facts(self, facts: ParcelFacts, version: int) -> bool:
        """Replace what is known of the offer, unless it is as new; answers whether shipments may be held for it still."""
        ...

    def released(self, offer_id: str, version: int) -> None:
        """No shipment is held for the offer any more, unless more than `version` is known of it."""
        ...

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]:
        """Those of the offers that are recalled at this moment, with the reason."""
        ...

    def unsent(self, supplier_id: str, offer_id: str, *, held: bool) -> Iterable[str]:
        """The ids of the supplier's shipments that are not sent yet, contain the offer, and are held for it, or are not."""
        ...

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None) -> bool:
        """Write the shipment's next version with the event; False if it was changed meanwhile."""
        ...


class Holding:
    """Holds and releases shipments."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def offer_recalled(self, event: OfferRecalled) -> None:
        """Hold what contains the offer. Takes two writes a shipment; a delivery that is cut short is gone on with by the next."""
        self._store.recall(event.offer_id, event.version, event.reason)
        self._settle_all(event.supplier_id, event.offer_id)

    def offer_published(self, facts: ParcelFacts, version: int) -> None:
        """Keep the offer's facts; if it was recalled before, release what was held for it."""
        if self._store.keep_facts(facts, version):
            self._settle_all(facts.supplier_id, facts.offer_id)
            self._store.released(facts.offer_id, version)

    def settled(self, shipment: Shipment) -> Shipment:
        """The shipment, held or free as its offers are now, with the event of that in the same write. Raises Unsettled."""
        for _ in range(ATTEMPTS):
            if not shipment.unsent:
                return shipment
            recalled = self._store.recalled([content.offer_id for content in shipment.parcel.contents])
            held = tuple(Hold(offer_id=offer_id, reason=reason) for offer_id, reason in sorted(recalled.items()))
            if held == shipment.held:
                return shipment
            changed = shipment.held_for(held)
            self._store.save(changed, _news(changed))
            shipment = self._store.shipment(shipment.supplier_id, shipment.id) or changed
        raise Unsettled(f"shipment {shipment.id} is being changed by others too: try again")

    def _settle_all(self, supplier_id: str, offer_id: str) -> None:
        recalled = offer_id in self._store.recalled([offer_id])
        for shipment_id in self._store.unsent(supplier_id, offer_id, held=not recalled):
            shipment = self._store.shipment(supplier_id, shipment_id)
            if shipment is not None:
                self.settled(shipment)


def _news(shipment: Shipment) -> ShipmentHeld:
    """`remaining` says nothing of a hold: it is no state that every shipment of an order comes to."""
    return ShipmentHeld(
        version=shipment.version, shipment_id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id,
        account_id=shipment.account_id, supplier_id=shipment.supplier_id, remaining=0,
        offer_ids=[hold.offer_id for hold in shipment.held], reason="; ".join(dict.fromkeys(hold.reason for hold in shipment.held)),
    )  # fmt: skip
