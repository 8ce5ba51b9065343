"""What couriers themselves say of parcels: notices that come in, and polls by the sweep; merged into the log in any order.

An event moves the state only if it happened after what the state comes from and the states allow it; any other is put on record
alone. Steps that a courier leaves out are allowed: a parcel that is delivered was on its way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from functions.shipping.installed_couriers import Couriers, deadline
from functions.shipping.labels.label_purchase import LEAST, Buying, Desk
from functions.shipping.shipment import MAX_EVENTS, NEXT, UNSCANNED, Event, Shipment, State, state_of
from functions.shipping.tracking.shipment_reports import ATTEMPTS, SKEW, Tracking
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.courier import TrackEvent
from monsoon_plugin.errors import PluginError
from monsoon_plugin.plugin import RawWebhook
from shared.errors import NotFound, Unauthorized, Unavailable
from shared.ids import derived_id
from shared.providers.installation import Installation

CALL = timedelta(seconds=10)
"""How long a courier may take to say where a parcel is."""
REMEMBERED = timedelta(hours=80)
"""How long a notice is remembered; couriers repeat theirs for up to three days."""
NOTED = 60
"""Of a log's MAX_EVENTS, this many may be couriers' events that change no state."""
SOONEST, LATEST = timedelta(minutes=30), timedelta(hours=12)
FORGOTTEN = timedelta(days=60)
"""A parcel of which nothing is heard for this long is not asked for any more."""


class Store(Protocol):
    """What notices read and write."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def save(self, shipment: Shipment) -> bool: ...

    def pointed(self, installation_id: str, tracking_number: str) -> Shipment | None: ...

    def claim(self, installation_id: str, event_id: str, until: datetime) -> bool: ...

    def release(self, installation_id: str, event_id: str) -> None: ...


class NoticeRefused(Unauthorized):
    code, title = "notice-refused", "This notice is not signed by the courier with the installation's secret, or is too old"


class Scans:
    """Hears couriers."""

    def __init__(self, store: Store, couriers: Couriers, buying: Buying, tracking: Tracking, now: Clock) -> None:
        self._store, self._couriers, self._buying, self._tracking, self._now = store, couriers, buying, tracking, now

    def notice(self, installation: Installation | None, raw: RawWebhook) -> None:
        """Take a notice for an installation, enabled or not, once. One of a parcel that is not known is dropped.

        Raises NotFound, NoticeRefused, and Unavailable if the courier must be asked and cannot be: its next try then counts.
        """
        if installation is None:
            raise NotFound("there is no such installation")
        courier = self._couriers.plugin(installation)
        ctx = self._couriers.context(installation, deadline(self._now, courier, CALL, CALL + LEAST))
        try:
            told = courier.webhook(ctx, raw)
        except PluginError as error:
            raise NoticeRefused(error.message) from error
        shipment = told and self._store.pointed(installation.id, told.tracking_number)
        if not told or not shipment or not self._store.claim(installation.id, told.event_id, self._now() + REMEMBERED):
            return
        try:
            self.merged(shipment, told.events or self._asked(shipment))
        except Exception:
            self._store.release(installation.id, told.event_id)
            raise

    def polled(self, shipment: Shipment) -> Shipment:
        """Ask the courier of a shipment that is due, and say when to ask again: the longer nothing is heard, the later."""
        desk = self._buying.desk(shipment)
        if desk.capability.tracking != "poll":
            return self._put_off(shipment, "")
        try:
            if self._couriers.allow_call(desk.installation):
                shipment = self.merged(shipment, self._told(desk, shipment))
        except PluginError as error:
            self._couriers.record_outcome(desk.installation, error)
        return self._put_off(shipment, self._next(shipment))

    def merged(self, shipment: Shipment, told: Sequence[TrackEvent]) -> Shipment:
        """The shipment with what the courier told, each event in one write with its news; what is known already writes nothing."""
        for event in sorted(told, key=lambda e: e.occurred_at):
            shipment = self._merged_one(shipment, event)
        return shipment

    def _merged_one(self, shipment: Shipment, told: TrackEvent) -> Shipment:
        for _ in range(ATTEMPTS):
            steps = heard(shipment, told, self._now())
            if not steps:
                return shipment
            if self._tracking.kept(shipment, steps[0]):
                shipment = steps[0]
                if len(steps) == 1:
                    return shipment
            else:
                shipment = self._store.shipment(shipment.supplier_id, shipment.id) or shipment
        raise Unavailable(f"shipment {shipment.id} is being changed by others too: try again")

    def _asked(self, shipment: Shipment) -> Sequence[TrackEvent]:
        desk = self._buying.desk(shipment)
        try:
            return self._told(desk, shipment)
        except PluginError as error:
            self._couriers.record_outcome(desk.installation, error)
            raise Unavailable("the courier cannot be asked now") from error

    def _told(self, desk: Desk, shipment: Shipment) -> Sequence[TrackEvent]:
        if shipment.label is None or not shipment.label.tracking_number or desk.capability.tracking == "none":
            return ()
        told = desk.courier.track(desk.ctx, shipment.label)
        self._couriers.record_outcome(desk.installation, None)
        return told

    def _next(self, shipment: Shipment) -> str:
        """When to ask again: a quarter of the time since something was heard, between SOONEST and LATEST; empty after FORGOTTEN."""
        silent = self._now() - from_rfc3339(shipment.log[-1].recorded_at)
        if silent > FORGOTTEN or not NEXT[shipment.state]:
            return ""
        return rfc3339(self._now() + min(max(silent / 4, SOONEST), LATEST))

    def _put_off(self, shipment: Shipment, due: str) -> Shipment:
        if shipment.due == due:
            return shipment
        later = shipment.noted(due=due)
        return later if self._store.save(later) else shipment


def heard(shipment: Shipment, told: TrackEvent, now: datetime) -> list[Shipment]:
    """The shipment after what a courier told: one step, or two where it left `in_transit` out; none if there is nothing new."""
    event = _event(shipment, told, now)
    if event is None or shipment.found(event.id) or shipment.label is None or shipment.state is State.VOIDED:
        return []
    moves = event.state is not shipment.state and _follows(shipment, event)
    if not moves:
        on_record = event.model_copy(update={"late": event.state is not shipment.state or _older(shipment, event)})
        return [shipment.amended(log=(*shipment.log, on_record))] if len(shipment.log) < NOTED else []
    if len(shipment.log) >= MAX_EVENTS:
        return []
    if event.state in UNSCANNED or event.state is State.IN_TRANSIT or shipment.scanned:
        return [_moved(shipment, event)]
    left_out = event.model_copy(update={"id": derived_id("evt", event.id, "dispatched"), "state": State.IN_TRANSIT, "description": ""})
    dispatched = _moved(shipment, left_out)
    return [dispatched, _moved(dispatched, event)]


def _event(shipment: Shipment, told: TrackEvent, now: datetime) -> Event | None:
    """None for what lies in the future by more than SKEW."""
    occurred_at = from_rfc3339(told.occurred_at)
    if occurred_at > now + SKEW:
        return None
    return Event(
        id=derived_id("evt", shipment.id, "courier", told.id), state=state_of(told.state), occurred_at=rfc3339(occurred_at),
        recorded_at=rfc3339(now), description=told.description[:200], location=told.location[:100],
    )  # fmt: skip


def _moved(shipment: Shipment, event: Event) -> Shipment:
    ended = {} if NEXT[event.state] else {"due": ""}
    return shipment.amended(log=(*shipment.log, event), **ended)


def _older(shipment: Shipment, event: Event) -> bool:
    """Whether it happened before what the state comes from. What only we did, such as buying the label, is before every scan."""
    current = shipment.current
    return current.state not in UNSCANNED and event.occurred_at < current.occurred_at


def _follows(shipment: Shipment, event: Event) -> bool:
    """Whether the event's state may come, at once or with steps left out, after the shipment's."""
    if _older(shipment, event):
        return False
    reached, frontier = set[State](), {shipment.state}
    while frontier:
        frontier = {after for state in frontier for after in NEXT[state] - {State.VOIDED}} - reached
        reached |= frontier
    return event.state in reached
