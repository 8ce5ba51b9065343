"""What a shipment becomes while its label is bought or given back, and how that is written."""

import logging
from collections.abc import Callable
from datetime import timedelta

from functions.shipping.installed_couriers import LONGEST_CALL
from functions.shipping.shipments.shipment import LogEntry, Setback, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_versions import ShipmentWriter, change_shipment
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.ids import derived_id
from shared.optimistic_retry import Retry

logger = logging.getLogger(__name__)
LEASE = LONGEST_CALL + timedelta(seconds=40)
"""From a call's beginning on, for this long nobody else takes the shipment over: time to call and to keep the documents."""
MAX_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
REFUSED = frozenset(
    {ErrorKind.INVALID, ErrorKind.DECLINED, ErrorKind.CONFIG, ErrorKind.UNSUPPORTED, ErrorKind.CONFLICT, ErrorKind.SIGNATURE}
)
"""What a courier says when it certainly did nothing, and would not if it were asked again."""

LEFT_ALONE = PluginError(ErrorKind.UNAVAILABLE, "this courier keeps failing: it is asked again in a while")


class LabelChanges:
    """Writes what became of a label."""

    def __init__(self, store: ShipmentWriter, clock: Clock, retry: Retry) -> None:
        self.store, self.clock, self.retry = store, clock, retry

    def write(self, shipment: Shipment, change: Callable[[Shipment], Shipment]) -> Shipment:
        """Write `change` of the shipment as it then stands. Raises Unavailable if others keep changing it."""
        return change_shipment(self.store, shipment, change, self.retry)

    def write_once(self, shipment: Shipment) -> Shipment | None:
        """The shipment, written; None if somebody changed it meanwhile: it is then theirs."""
        return shipment if self.store.save(shipment) else None

    def put_off(self, shipment: Shipment, error: PluginError) -> Shipment:
        """Leave it to the sweep, later each time; what stays unknown is asked for ever more rarely, and at last left to a person."""
        if shipment.tries + 1 >= MAX_TRIES:
            return self.leave_to_a_person(shipment, error)
        return self.write(shipment, lambda s: self.with_setback(s, error).noted(tries=s.tries + 1, due=self.next_try(s)))

    def leave_to_a_person(self, shipment: Shipment, error: PluginError) -> Shipment:
        """No sweep looks at it any more: a person reads why, and says what is to become of it (manual_label.py)."""
        logger.error("shipment %s is left to a person: %s", shipment.id, error.message)
        return self.write(shipment, lambda s: self.with_setback(s, error).noted(due=""))

    def back_to_draft(self, shipment: Shipment, error: PluginError) -> Shipment:
        """Its label is certainly not bought; the merchant reads why. What is given up is voided by the sweep."""

        def drafted(s: Shipment) -> Shipment:
            due = rfc3339(self.clock()) if s.doomed else ""
            return self.with_setback(self.in_state(s, State.DRAFT), error).amended(relabel=False, due=due)

        return self.write(shipment, drafted)

    def void(self, shipment: Shipment, error: PluginError | None = None) -> Shipment:
        """Write VOIDED, with what the merchant is to read of it; as it is, if it was scanned meanwhile."""

        def voided(s: Shipment) -> Shipment:
            if State.VOIDED not in s.next_states:
                return s
            after = self.in_state(s.without_old_label(), State.VOIDED).amended(setback=None, tries=0)
            return self.with_setback(after, error) if error else after

        return self.write(shipment, voided)

    def in_state(self, shipment: Shipment, state: State) -> Shipment:
        """The shipment in its next state. The entry's id derives from the log's length: written again, it is the same."""
        now = rfc3339(self.clock())
        entry_id = derived_id("evt", shipment.id, state, str(len(shipment.log)))
        return shipment.after(LogEntry(id=entry_id, state=state, occurred_at=now, recorded_at=now))

    def leased(self, shipment: Shipment) -> Shipment:
        """The shipment, which no sweep takes over for LEASE."""
        return shipment.amended(due=rfc3339(self.clock() + LEASE))

    def next_try(self, shipment: Shipment) -> str:
        """When the sweep tries again: later each time."""
        return rfc3339(self.clock() + min(FIRST_WAIT * 2**shipment.tries, LONGEST_WAIT))

    def with_setback(self, shipment: Shipment, error: PluginError) -> Shipment:
        setback = Setback(kind=error.kind, message=error.message[:300], at=rfc3339(self.clock()))
        return shipment.amended(setback=setback, due="")
