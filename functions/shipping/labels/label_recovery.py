"""How a lost label purchase is found again: the sweep takes a PURCHASING shipment over whose process died or heard no answer.

The courier is asked by the purchase's own key (`fetch`) whether it sold a label. If it certainly sold none, it is bought now, with
the same key; where it cannot be asked, a person decides (manual_label.py): a label is never bought twice to be on the safe side.
"""

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import LabelChanges
from functions.shipping.labels.label_purchase import LabelPurchase
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.errors import ErrorKind, PluginError

UNDECIDED = PluginError(
    ErrorKind.OUTCOME_UNKNOWN,
    "nobody can tell whether this label was bought: ask the courier, then enter the number, or say that there is none",
)


class LabelRecovery:
    """Takes shipments over whose label is neither bought nor refused."""

    def __init__(self, purchase: LabelPurchase, returns: LabelReturn, *, calls: CourierCalls, changes: LabelChanges) -> None:
        self._purchase, self._returns = purchase, returns
        self._calls, self._couriers, self._changes = calls, calls.couriers, changes

    def resume(self, shipment: Shipment) -> Shipment:
        """Take a shipment over that is due: buy, look the purchase up, or give labels back. Call it for none that is not due."""
        if shipment.given_up and (shipment.state is not State.PURCHASING or shipment.nothing_done):
            return self._returns.give_back(shipment)
        if shipment.state is not State.PURCHASING:
            return self._returns.settle_old(shipment)
        ready = self._calls.of_shipment(shipment)
        if not self._couriers.allow_call(ready.installation):
            return self._changes.write_once(shipment.noted(due=self._changes.next_try(shipment))) or shipment
        leased = self._changes.write_once(self._changes.leased(shipment).noted(setback=None, awaits_courier=False))
        if leased is None:
            return shipment
        return self._purchase.buy(leased, ready) if shipment.nothing_done else self._look_up(leased, ready)

    def _look_up(self, shipment: Shipment, ready: ReadyCourier) -> Shipment:
        """Ask what became of a purchase whose answer was lost; buy with the same key if there certainly was none."""
        if not ready.capability.lookup:
            return self._changes.leave_to_a_person(shipment, UNDECIDED)
        try:
            purchase = ready.courier.fetch(ready.ctx, shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(ready.installation, error)
            if error.kind is ErrorKind.UNSUPPORTED:
                return self._changes.leave_to_a_person(shipment, UNDECIDED)
            return self._changes.put_off(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, error.message))
        if purchase is not None:
            return self._purchase.keep(shipment, purchase, ready)
        return self._returns.return_labels(shipment) if shipment.doomed else self._purchase.buy(shipment, ready)
