"""What happens to a parcel whose goods are recalled: while it is not sent it is held, and free again when they are on sale again.

What is true lies in one place, the offer's own item, which is versioned and written before any shipment is looked at. A
shipment's `held` is brought to that truth, and the truth is read again after each write, so that whoever comes last, a recall, a
reinstatement, a new shipment or a report of dispatch, leaves what is true: in any order, and doubled. Who comes to all of an
offer's shipments: recall_walks.py.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.shipments.shipment import Hold, Shipment
from functions.shipping.shipments.shipment_versions import versions
from shared.errors import Unavailable
from shared.optimistic_retry import Contended, Retry
from shared.shipment_messages import ShipmentEvent, ShipmentHeld

MOST_TOLD = 150
"""Characters of a recall's reason that a parcel carries for each of its offers."""


class HoldUnsettled(Unavailable):
    """A shipment was changed by others all the while; a queue brings the event again, a caller asks again."""


class Store(Protocol):
    """What holds read and write."""

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]:
        """Those of the offers that are recalled at this moment, with the reason."""
        ...

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None) -> bool:
        """Write the shipment's next version with the event; False if it was changed meanwhile."""
        ...


class RecallHolds:
    """Holds and releases shipments."""

    def __init__(self, store: Store, retry: Retry) -> None:
        self._store, self._retry = store, retry

    def bring_up_to_date(self, shipment: Shipment) -> Shipment:
        """The shipment, held or free as its offers are now, with the event of that in the same write. Raises HoldUnsettled."""
        known = versions(self._store, shipment)

        def attempt() -> Shipment:
            current = next(known)
            changed = self._as_offers_are(current)
            if changed is not current and self._store.save(changed, _held_event(changed)):
                current = next(known)
                changed = self._as_offers_are(current)
            if changed is not current:
                raise Contended
            return current

        return self._retry(attempt, lambda: HoldUnsettled(f"shipment {shipment.id} is being changed by others too: try again"))

    def _as_offers_are(self, shipment: Shipment) -> Shipment:
        """The shipment, held for those of its offers that are recalled at this moment; itself if it is, or is sent."""
        if not shipment.unsent:
            return shipment
        recalled = self._store.recalled([content.offer_id for content in shipment.parcel.contents])
        held = tuple(hold_of(offer_id, reason) for offer_id, reason in sorted(recalled.items()))
        return shipment if held == shipment.held else shipment.held_for(held)


def hold_of(offer_id: str, reason: str) -> Hold:
    """How a parcel is held for an offer that is recalled for this reason."""
    return Hold(offer_id=offer_id, reason=reason[:MOST_TOLD])


def _held_event(shipment: Shipment) -> ShipmentHeld:
    """A hold says nothing of the order's others: it is no state that every shipment of an order comes to."""
    return ShipmentHeld(
        version=shipment.version, shipment_id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id,
        account_id=shipment.account_id, supplier_id=shipment.supplier_id, remaining=0, test=bool(shipment.test), virtual=shipment.virtual,
        offer_ids=[hold.offer_id for hold in shipment.held], reason="; ".join(dict.fromkeys(hold.reason for hold in shipment.held)),
    )  # fmt: skip
