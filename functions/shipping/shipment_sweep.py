"""The scheduled sweep over shipments that are due: purchases to recover, labels to return or renew, couriers to ask where parcels are."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from functions.shipping.installed_couriers import CourierSilent
from functions.shipping.labels.awaited_courier import AwaitedCouriers
from functions.shipping.labels.label_recovery import LabelRecovery
from functions.shipping.labels.label_renewal import LabelRenewal
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.tracking.courier_polling import CourierPolling
from shared.iteration import sweep_each
from shared.providers.registry import NotOffered

MAX_SWEPT = 100
"""A sweep takes at most this many shipments."""
SPARE = timedelta(seconds=25)
"""With less time left than this, the rest is left to the next sweep: it is time for one courier's call and its writes."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSweep:
    recovery: LabelRecovery
    renewal: LabelRenewal
    awaited: AwaitedCouriers
    polling: CourierPolling
    time_left: Callable[[], timedelta]

    def run(self, due: Iterable[Shipment]) -> int:
        """Look at each while there is time; answers how many. Raises as `sweep_each` does."""
        in_time = takewhile(lambda shipment: self.time_left() >= SPARE, due)
        return len(sweep_each(in_time, self.look_at, "shipments"))

    def look_at(self, shipment: Shipment) -> Shipment:
        """The shipment after its step; what a courier would have to be asked for that is not offered, or does not answer, is put off: a
        merchant's own that is away is no failure of the hub, and keeps no other waiting.
        """
        try:
            return self._take_step(shipment)
        except CourierSilent as silent:
            logger.warning("shipment %s waits: %s", shipment.id, silent)
            return self.polling.wait(shipment)
        except NotOffered as absent:
            logger.warning("shipment %s waits: %s", shipment.id, absent)
            return self.awaited.wait(shipment) if shipment.state is State.PURCHASING else self.polling.wait(shipment)

    def _take_step(self, shipment: Shipment) -> Shipment:
        if shipment.state is State.PURCHASING or shipment.given_up or shipment.old_label:
            return self.recovery.resume(shipment)
        if shipment.awaits_courier:
            return self.awaited.begin(shipment)
        return self.renewal.renew(shipment) if shipment.relabel and shipment.unsent else self.polling.poll(shipment)
