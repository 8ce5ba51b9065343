"""Couriers asked by the sweep where parcels are: the longer nothing is heard, the more rarely."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import NEXT
from functions.shipping.tracking.courier_scans import CourierScans
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.courier import TrackEvent
from monsoon_plugin.errors import PluginError

SOONEST, LATEST = timedelta(minutes=30), timedelta(hours=12)
FORGOTTEN = timedelta(days=60)
"""A parcel of which nothing is heard for this long is not asked for any more."""


class Store(Protocol):
    def save(self, shipment: Shipment) -> bool: ...


class CourierPolling:
    def __init__(self, store: Store, calls: CourierCalls, scans: CourierScans) -> None:
        self.store, self.calls, self.scans = store, calls, scans

    def poll(self, shipment: Shipment) -> Shipment:
        """Ask the courier of a shipment that is due, and say when to ask again. Raises NotOffered, Unavailable."""
        ready, couriers = self.calls.of_shipment(shipment), self.calls.couriers
        if ready.capability.tracking != "poll":
            return self._put_off(shipment, "")
        try:
            if couriers.allow_call(ready.installation):
                shipment = self.scans.merge(shipment, self.ask(ready, shipment))
        except PluginError as error:
            couriers.record_outcome(ready.installation, error)
        return self._put_off(shipment, self._next(shipment))

    def ask(self, ready: ReadyCourier, shipment: Shipment) -> Sequence[TrackEvent]:
        """All that the courier says of the parcel; nothing of one that it cannot be asked for. Raises PluginError."""
        if shipment.label is None or not shipment.label.tracking_number or ready.capability.tracking == "none":
            return ()
        scans = ready.courier.track(ready.ctx, shipment.label)
        self.calls.couriers.record_outcome(ready.installation, None)
        return scans

    def wait(self, shipment: Shipment) -> Shipment:
        """Look at it again later: a courier that is not offered now may be then, and what it alone can do is not given up."""
        return self._put_off(shipment, self._later(shipment))

    def _next(self, shipment: Shipment) -> str:
        """When to ask again; empty after FORGOTTEN."""
        return "" if self._silent(shipment) > FORGOTTEN or not NEXT[shipment.state] else self._later(shipment)

    def _later(self, shipment: Shipment) -> str:
        """In a quarter of the time since something was heard, between SOONEST and LATEST."""
        return rfc3339(self.calls.clock() + min(max(self._silent(shipment) / 4, SOONEST), LATEST))

    def _silent(self, shipment: Shipment) -> timedelta:
        return self.calls.clock() - from_rfc3339(shipment.log[-1].recorded_at)

    def _put_off(self, shipment: Shipment, due: str) -> Shipment:
        if shipment.due == due:
            return shipment
        later = shipment.noted(due=due)
        return later if self.store.save(later) else shipment
