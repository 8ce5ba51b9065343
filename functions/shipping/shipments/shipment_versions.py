"""Changing a shipment that others may change too: read it, decide, and write on the condition that nobody wrote since."""

from collections.abc import Callable, Iterator
from typing import Protocol

from functions.shipping.shipments.shipment import Shipment
from shared.errors import Unavailable
from shared.optimistic_retry import Contended, Retry


class ShipmentReader(Protocol):
    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...


class ShipmentWriter(ShipmentReader, Protocol):
    def save(self, shipment: Shipment) -> bool:
        """Write the shipment's next version; False if it was changed meanwhile."""
        ...


def versions(store: ShipmentReader, shipment: Shipment) -> Iterator[Shipment]:
    """The shipment as it is known, then as it stands in the store, read anew each time."""
    while True:
        yield shipment
        shipment = store.shipment(shipment.supplier_id, shipment.id) or shipment


def change_shipment(
    store: ShipmentWriter, shipment: Shipment, change: Callable[[Shipment], Shipment], retry: Retry,
    save: Callable[[Shipment], bool] | None = None,
) -> Shipment:  # fmt: skip
    """Write `change` of the shipment as it then stands; what it leaves as it is is not written.

    `save`: how it is written, if more is than the store's `save` does. Raises Unavailable if others keep changing it.
    """
    known = versions(store, shipment)

    def attempt() -> Shipment:
        current = next(known)
        changed = change(current)
        if changed is not current and not (save or store.save)(changed):
            raise Contended
        return changed

    return retry(attempt, lambda: being_changed(shipment))


def being_changed(shipment: Shipment) -> Unavailable:
    """The answer to whoever lost every race for the shipment."""
    return Unavailable(f"shipment {shipment.id} is being changed by others too: try again")
