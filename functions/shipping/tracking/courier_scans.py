"""What a courier says happened to a parcel, merged into its log in any order.

A scan moves the state only if it happened after what the state comes from and the states allow it; any other is put on record alone.
Steps that a courier leaves out are allowed: a parcel that is delivered was on its way.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from functions.shipping.shipments.shipment import MAX_EVENTS, LogEntry, Shipment
from functions.shipping.shipments.shipment_states import NEXT, UNSCANNED, State, state_of
from functions.shipping.shipments.shipment_versions import ShipmentReader, being_changed, versions
from functions.shipping.tracking.shipment_reports import CLOCK_SKEW
from functions.shipping.tracking.shipment_steps import Store as StepStore
from functions.shipping.tracking.shipment_steps import save_step
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.courier import TrackEvent
from shared.ids import derived_id
from shared.optimistic_retry import Contended, Retry

MOST_SAID, MOST_PLACED = 150, 60
"""Characters of a scan's description and place: a parcel with a full log fits into an item."""
MAX_NOTED = 60
"""Of a log's MAX_EVENTS, this many may be scans that change no state."""


class Store(StepStore, ShipmentReader, Protocol):
    """What merging scans reads and writes."""


class CourierScans:
    def __init__(self, store: Store, clock: Clock, retry: Retry) -> None:
        self.store, self.clock, self.retry = store, clock, retry

    def merge(self, shipment: Shipment, scans: Sequence[TrackEvent]) -> Shipment:
        """The shipment with the scans, each in one write with its news; what is known already writes nothing.

        Raises Unavailable if others keep changing the shipment.
        """
        for scan in sorted(scans, key=lambda s: s.occurred_at):
            shipment = self._merge_one(shipment, scan)
        return shipment

    def _merge_one(self, shipment: Shipment, scan: TrackEvent) -> Shipment:
        known = versions(self.store, shipment)

        def attempt() -> Shipment:
            current = next(known)
            for step in after_scan(current, scan, self.clock()):
                if not save_step(self.store, current, step):
                    raise Contended
                current = step
            return current

        return self.retry(attempt, lambda: being_changed(shipment))


def after_scan(shipment: Shipment, scan: TrackEvent, now: datetime) -> list[Shipment]:
    """The shipment after what a courier told: one step, or two where it left `in_transit` out; none if there is nothing new."""
    entry = _entry(shipment, scan, now)
    if entry is None or shipment.entry(entry.id) or shipment.label is None or shipment.doomed or shipment.state is State.VOIDED:
        return []
    moves = entry.state is not shipment.state and _follows(shipment, entry)
    if not moves:
        on_record = entry.model_copy(update={"late": entry.state is not shipment.state or _older(shipment, entry)})
        return [shipment.amended(log=(*shipment.log, on_record))] if len(shipment.log) < MAX_NOTED else []
    if len(shipment.log) >= MAX_EVENTS:
        return []
    if entry.state in UNSCANNED or entry.state is State.IN_TRANSIT or shipment.scanned:
        return [shipment.logged(entry)]
    left_out = entry.model_copy(update={"id": derived_id("evt", entry.id, "dispatched"), "state": State.IN_TRANSIT, "description": ""})
    dispatched = shipment.logged(left_out)
    return [dispatched, dispatched.logged(entry)]


def _entry(shipment: Shipment, scan: TrackEvent, now: datetime) -> LogEntry | None:
    """None for what lies in the future by more than CLOCK_SKEW."""
    occurred_at = from_rfc3339(scan.occurred_at)
    if occurred_at > now + CLOCK_SKEW:
        return None
    return LogEntry(
        id=derived_id("evt", shipment.id, "courier", scan.id), state=state_of(scan.state), occurred_at=rfc3339(occurred_at),
        recorded_at=rfc3339(now), description=scan.description[:MOST_SAID], location=scan.location[:MOST_PLACED],
    )  # fmt: skip


def _older(shipment: Shipment, entry: LogEntry) -> bool:
    """Whether it happened before what the state comes from. What only we did, such as buying the label, is before every scan."""
    current = shipment.current
    return current.state not in UNSCANNED and entry.occurred_at < current.occurred_at


def _follows(shipment: Shipment, entry: LogEntry) -> bool:
    """Whether the entry's state may come, at once or with steps left out, after the shipment's."""
    if _older(shipment, entry):
        return False
    reached, frontier = set[State](), {shipment.state}
    while frontier:
        frontier = {after for state in frontier for after in NEXT[state] - {State.VOIDED}} - reached
        reached |= frontier
    return entry.state in reached
