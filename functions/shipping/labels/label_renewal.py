"""A label bought anew, because units were taken back from the parcel that it was bought for.

The parcel goes back to PURCHASING first: from then on it cannot be reported as sent with the old label. That is given back before
the new one is bought, under the next purchase's key. What is cut off is resumed like any purchase (label_recovery.py).
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import LabelChanges
from functions.shipping.labels.label_purchase import LabelPurchase
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import MAX_PURCHASES, Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.errors import Problem

NOT_TAKEN_BACK = PluginError(
    ErrorKind.UNSUPPORTED, "this label was bought for more than the parcel holds, and its courier takes none back: send the parcel with it"
)


class Store(Protocol):
    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...


class LabelRenewal:
    def __init__(self, store: Store, purchase: LabelPurchase, returns: LabelReturn, *, calls: CourierCalls, changes: LabelChanges) -> None:
        self._store, self._purchase, self._returns = store, purchase, returns
        self._calls, self._changes = calls, changes

    def stays(self, shipment: Shipment) -> bool:
        """Whether the label that it has does for less; where its courier cannot be asked now, the sweep finds out."""
        if shipment.own_label:
            return True
        try:
            return label_stays(self._calls.of_shipment(shipment))
        except Problem:
            return False

    def follow(self, shipment: Shipment) -> Shipment:
        """Give back the label of a parcel that is empty; buy that of another anew, if it must be. Raises PluginError, Unavailable."""
        return self._returns.give_back(shipment) if shipment.doomed else self.renew(shipment)

    def renew(self, shipment: Shipment) -> Shipment:
        """Buy a label for what the parcel holds, if the one it has is for more and would not do. Raises PluginError, Unavailable.

        Where an older label is out still, the sweep has that settled first.
        """
        if not shipment.relabel or not shipment.unsent or shipment.state is State.PURCHASING or shipment.old_label:
            return shipment
        ready = self._calls.of_shipment(shipment)
        if shipment.own_label or label_stays(ready):
            return self._changes.write(shipment, lambda s: s.noted(relabel=False))
        if not ready.capability.void or shipment.purchase >= MAX_PURCHASES:
            return self._changes.write(shipment, lambda s: self._changes.with_setback(s, NOT_TAKEN_BACK).noted(relabel=False, due=s.due))
        begun = self._changes.write_once(self._begun(shipment, ready))
        return self._purchase.buy_begun(begun) if begun else shipment

    def _begun(self, shipment: Shipment, ready: ReadyCourier) -> Shipment:
        facts = self._store.facts([content.offer_id for content in shipment.parcel.contents])
        parcel = packed(shipment.parcel, facts, ready.capability) or shipment.parcel
        purchasing = self._changes.leased(self._changes.in_state(shipment, State.PURCHASING))
        return purchasing.amended(
            parcel=parcel, relabel=False, label=None, documents=(), old_label=shipment.label, old_key=shipment.op_key,
            old_installation=shipment.choice.installation_id, purchase=shipment.purchase + 1, tries=0, setback=None,
        )  # fmt: skip


def label_stays(ready: ReadyCourier) -> bool:
    """Whether a label of this courier does for a parcel that has become less: nobody sold it, or price and papers stay right."""
    return not ready.courier.manifest.allowed_hosts or ready.capability.label_covers_less
