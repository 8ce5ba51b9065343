"""Labels given back for a refund: of a shipment that is given up before any courier has had it, and of one that is labelled anew."""

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import REFUSED, LabelChanges
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.courier import Label
from monsoon_plugin.errors import ErrorKind, PluginError


class LabelReturn:
    """Voids shipments and gives their labels back."""

    def __init__(self, calls: CourierCalls, changes: LabelChanges) -> None:
        self._calls, self._couriers, self._changes = calls, calls.couriers, changes

    def give_back(self, shipment: Shipment) -> Shipment:
        """Void a shipment that no courier has had; one whose purchase is under way is doomed, and voided when that is known.

        The label goes back to its courier first, where that takes it. Raises Unavailable if others keep changing the shipment.
        """
        if State.VOIDED not in shipment.next_states:
            return shipment
        if shipment.state is State.PURCHASING and not shipment.nothing_done:
            return self._changes.write(shipment, lambda s: s if s.doomed else s.noted(doomed=True))
        return self.give_up(shipment)

    def give_up(self, shipment: Shipment) -> Shipment:
        """Void a shipment for which certainly no label is being bought; the one that was sold, or was to be replaced, goes back first."""
        if _sold(shipment) is None or not self._calls.of_shipment(shipment).capability.void:
            return self._changes.void(shipment)
        return self._return_label(self._changes.write(shipment, lambda s: self._changes.leased(s).noted(doomed=True)))

    def _return_label(self, shipment: Shipment) -> Shipment:
        """Give the label of a doomed shipment back. The courier may be asked twice: that changes nothing there."""
        ready = self._calls.of_shipment(shipment)
        sold = _sold(shipment)
        if sold is None or State.VOIDED not in shipment.next_states:
            return shipment
        error = self._void(ready, *sold)
        if error is not None:
            certain = error.kind in REFUSED
            return self._changes.leave_to_a_person(shipment, error) if certain else self._changes.put_off(shipment, error)
        return self._changes.void(shipment)

    def give_old_back(self, shipment: Shipment, ready: ReadyCourier) -> PluginError | None:
        """Give back the label that the one to be bought replaces; why that could not be done yet.

        A label that the courier will not take back stands in no new one's way.
        """
        if shipment.old_label is None or not ready.capability.void:
            return None
        error = self._void(ready, shipment.old_label, shipment.old_key)
        return None if error is None or error.kind in REFUSED else PluginError(ErrorKind.UNAVAILABLE, error.message)

    def _void(self, ready: ReadyCourier, label: Label, key: str) -> PluginError | None:
        """Ask the courier to take a label back; what it refuses with, if it does."""
        try:
            ready.courier.void(ready.ctx, label, key)
        except PluginError as error:
            self._couriers.record_outcome(ready.installation, error)
            return error
        self._couriers.record_outcome(ready.installation, None)
        return None


def _sold(shipment: Shipment) -> tuple[Label, str] | None:
    """The label that a courier sold for the shipment, or the one that was to be replaced, with the key of its purchase."""
    if shipment.label is not None and not shipment.own_label:
        return shipment.label, shipment.op_key
    return (shipment.old_label, shipment.old_key) if shipment.old_label is not None else None
