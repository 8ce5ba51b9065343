"""Labels given back: the shipment of a cancelled order is voided before any courier has had it, and its label returned for a refund."""

from functions.shipping.installed_couriers import CourierCalls
from functions.shipping.labels.label_changes import REFUSED, LabelChanges
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.errors import PluginError


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
        if shipment.label is None or not self._calls.of_shipment(shipment).capability.void:
            return self._changes.void(shipment)
        return self._return_label(self._changes.write(shipment, lambda s: self._changes.leased(s).noted(doomed=True)))

    def _return_label(self, shipment: Shipment) -> Shipment:
        """Give the label of a doomed shipment back. The courier may be asked twice: that changes nothing there."""
        ready, label = self._calls.of_shipment(shipment), shipment.label
        if label is None or State.VOIDED not in shipment.next_states:
            return shipment
        try:
            ready.courier.void(ready.ctx, label, shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(ready.installation, error)
            certain = error.kind in REFUSED
            return self._changes.leave_to_a_person(shipment, error) if certain else self._changes.put_off(shipment, error)
        self._couriers.record_outcome(ready.installation, None)
        return self._changes.void(shipment)
