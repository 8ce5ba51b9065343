"""The scheduled sweep over shipments that are due: purchases to settle, labels to give back, couriers to ask where parcels are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from functions.shipping.labels.label_purchase import Buying
from functions.shipping.shipment import Shipment, State
from functions.shipping.tracking.courier_notices import Scans

SWEPT = 100
"""A sweep takes at most this many shipments."""
SPARE = timedelta(seconds=25)
"""With less time left than this, the rest is left to the next sweep: it is time for one courier's call and its writes."""


@dataclass(frozen=True, slots=True)
class Sweep:
    buying: Buying
    scans: Scans
    remaining: Callable[[], timedelta]

    def __call__(self, due: Iterable[Shipment]) -> int:
        """Look at each; answers how many. One that fails keeps no other waiting: all failures are raised together at the end."""
        failures: list[Exception] = []
        seen = 0
        for shipment in due:
            if self.remaining() < SPARE:
                break
            seen += 1
            try:
                self.one(shipment)
            except Exception as failure:  # raised below
                failures.append(failure)
        if failures:
            raise ExceptionGroup(f"{len(failures)} of {seen} shipments could not be looked at", failures)
        return seen

    def one(self, shipment: Shipment) -> Shipment:
        buys = shipment.state is State.PURCHASING or (shipment.doomed and State.VOIDED in shipment.next_states)
        return self.buying.resumed(shipment) if buys else self.scans.polled(shipment)
