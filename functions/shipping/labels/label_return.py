"""Labels given back for a refund: of a shipment that is given up before any courier has had it, and of one that is labelled anew."""

from dataclasses import dataclass

from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import LEFT_ALONE, MAX_TRIES, REFUSED, LabelChanges
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Label
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.providers.registry import NotOffered


@dataclass(frozen=True, slots=True)
class SoldLabel:
    """A label that a courier sold, and may take back."""

    label: Label
    key: str
    """The courier's idempotency key of its purchase."""
    installation_id: str
    """Whose courier sold it."""


class LabelReturn:
    """Voids shipments and gives their labels back."""

    def __init__(self, calls: CourierCalls, changes: LabelChanges) -> None:
        self._calls, self._couriers, self._changes = calls, calls.couriers, changes

    def give_back(self, shipment: Shipment) -> Shipment:
        """Void a shipment that no courier has had; one whose purchase is under way is doomed, and voided when that is known.

        Its labels go back to their couriers first, where those take them. Raises Unavailable if others keep changing the shipment.
        """
        if State.VOIDED not in shipment.next_states:
            return shipment
        if shipment.state is State.PURCHASING and not shipment.nothing_done:
            return self._changes.write(shipment, lambda s: s if s.doomed else s.noted(doomed=True))
        try:
            returnable = self._returnable(shipment)
        except NotOffered:
            return self._changes.write(shipment, self._doomed)  # not sent; the sweep gives its labels back once they can be
        if not returnable:
            return self._changes.void(shipment)
        return self.return_labels(self._changes.write(shipment, self._doomed))

    def return_labels(self, shipment: Shipment) -> Shipment:
        """Give the labels of a doomed shipment back, then void it. A courier may be asked twice: that changes nothing there.

        A label of its own that is certainly not taken back is left to a person; of an old one the merchant reads it.
        """
        if State.VOIDED not in shipment.next_states:
            return shipment
        refusals = [(sold, error) for ready, sold in self._returnable(shipment) if (error := self._void(ready, sold))]
        later = next((error for _, error in refusals if error.kind not in REFUSED), None)
        if later is not None:
            return self._changes.put_off(shipment, later)
        own = next((error for sold, error in refusals if sold.label is shipment.label), None)
        if own is not None:
            return self._changes.leave_to_a_person(shipment, own)
        return self._changes.void(shipment, refusals[-1][1] if refusals else None)

    def give_old_back(self, shipment: Shipment, ready: ReadyCourier) -> PluginError | None:
        """Give the label that another replaces back to the courier that sold it; why that could not be done yet.

        A label that its courier will not take back stands in no new one's way. `ready`: the shipment's courier of now.
        """
        old = _old(shipment)
        if old is None:
            return None
        try:
            seller = ready if old.installation_id == ready.installation.id else self._calls.of_installation(shipment, old.installation_id)
        except NotOffered as absent:
            return PluginError(ErrorKind.UNAVAILABLE, absent.detail)
        if not seller.capability.void:
            return None
        if seller is not ready and not self._couriers.allow_call(seller.installation):
            return LEFT_ALONE
        error = self._void(seller, old)
        return None if error is None or error.kind in REFUSED else PluginError(ErrorKind.UNAVAILABLE, error.message)

    def settle_old(self, shipment: Shipment) -> Shipment:
        """Give back a label that another has replaced already; after MAX_TRIES in vain the merchant reads that it is out still."""
        leased = self._changes.write_once(self._changes.leased(shipment).noted())
        if leased is None:
            return shipment
        error = self.give_old_back(leased, self._calls.of_shipment(leased))
        if error is not None and leased.tries + 1 < MAX_TRIES:
            return self._changes.put_off(leased, error)
        now = rfc3339(self._changes.clock())

        def settled(s: Shipment) -> Shipment:
            told = self._changes.with_setback(s, error) if error else s.amended(setback=None if s.tries else s.setback)
            return told.without_old_label().noted(tries=0, due=now)

        return self._changes.write(leased, settled)

    def _doomed(self, shipment: Shipment) -> Shipment:
        return self._changes.leased(shipment).noted(doomed=True)

    def _returnable(self, shipment: Shipment) -> list[tuple[ReadyCourier, SoldLabel]]:
        """Its labels that their couriers take back, each with the courier that sold it. Raises NotOffered."""
        sold = [(self._calls.of_installation(shipment, one.installation_id), one) for one in _sold(shipment)]
        return [(ready, one) for ready, one in sold if ready.capability.void]

    def _void(self, ready: ReadyCourier, sold: SoldLabel) -> PluginError | None:
        """Ask the courier to take a label back; what it refuses with, if it does."""
        try:
            ready.courier.void(ready.ctx, sold.label, sold.key)
        except PluginError as error:
            self._couriers.record_outcome(ready.installation, error)
            return error
        self._couriers.record_outcome(ready.installation, None)
        return None


def _old(shipment: Shipment) -> SoldLabel | None:
    if shipment.old_label is None:
        return None
    return SoldLabel(shipment.old_label, shipment.old_key, shipment.old_installation or shipment.choice.installation_id)


def _sold(shipment: Shipment) -> list[SoldLabel]:
    """All that couriers sold for the shipment, the label that another replaces first."""
    old, found = _old(shipment), list[SoldLabel]()
    if old is not None:
        found.append(old)
    if shipment.label is not None and not shipment.own_label:
        found.append(SoldLabel(shipment.label, shipment.op_key, shipment.choice.installation_id))
    return found
