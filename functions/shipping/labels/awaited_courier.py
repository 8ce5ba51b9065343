"""A parcel whose courier's plug-in is not offered when its order is confirmed: a draft, labelled once the plug-in is back.

Nothing waits for that: the draft is in its supplier's list, its units can be taken back, and the merchant can have it labelled by another
courier (manual_label.py), whichever comes first. It was not counted for a courier with volume tiers, of which only the plug-in knows.
A purchase that was begun while the plug-in was offered waits for it too, and may be decided by a person meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import LONGEST_WAIT, LabelChanges
from functions.shipping.labels.label_purchase import LabelPurchase
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Parcel
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.ids import Random


class Store(Protocol):
    """What awaiting a courier reads and writes."""

    def create(self, shipment: Shipment) -> Shipment: ...

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...


ABSENT = PluginError(
    ErrorKind.OUTCOME_UNKNOWN, "this courier is not offered at present, and is asked whether it sold a label once it is: or ask it yourself"
)


class AwaitedCouriers:
    def __init__(self, store: Store, purchase: LabelPurchase, *, calls: CourierCalls, changes: LabelChanges, random: Random) -> None:
        self._store, self._purchase = store, purchase
        self._calls, self._changes, self._random = calls, changes, random

    def keep(self, draft: Shipment) -> Shipment:
        """Write a new draft that waits for its courier; answers the shipment that stands."""
        absent = f"{draft.choice.plugin} is not offered at present: the label is bought once it is, or choose another courier now"
        waiting = self._changes.with_setback(draft, PluginError(ErrorKind.UNAVAILABLE, absent))
        return self._store.create(waiting.amended(awaits_courier=True, due=self._changes.next_try(draft)))

    def begin(self, shipment: Shipment) -> Shipment:
        """Have a draft labelled by its courier, as if it were new. Raises NotOffered while the plug-in is not back, Unavailable."""
        ready = self._calls.of_shipment(shipment)
        code = pickup_code(self._random) if ready.capability.pickup else ""
        draft = shipment.amended(awaits_courier=False, setback=None, due="", pickup_code=code, parcel=self._packed(shipment, ready))
        return self._purchase.begin_again(draft, ready)

    def wait(self, shipment: Shipment) -> Shipment:
        """Put a purchase off that is under way; as it is, if somebody changed it meanwhile."""
        told = shipment if shipment.setback else self._changes.with_setback(shipment, ABSENT)
        due = rfc3339(self._changes.clock() + LONGEST_WAIT)
        return self._changes.write_once(told.noted(awaits_courier=True, due=due)) or shipment

    def _packed(self, shipment: Shipment, ready: ReadyCourier) -> Parcel:
        """Its parcel in boxes where a courier is asked, unless it cannot take them."""
        if not ready.courier.manifest.allowed_hosts:
            return shipment.parcel
        facts = self._store.facts([content.offer_id for content in shipment.parcel.contents])
        return packed(shipment.parcel, facts, ready.capability) or shipment.parcel


def pickup_code(random: Random) -> str:
    """What a shopper shows where a parcel is collected: eight digits."""
    return f"{int.from_bytes(random(8), 'big') % 10**8:08}"
