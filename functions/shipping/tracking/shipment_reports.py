"""What suppliers, and storefronts of parcels that are collected, report of a shipment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from functions.shipping.fulfilment.recall_holds import RecallHolds
from functions.shipping.shipments.shipment import LogEntry, Shipment
from functions.shipping.shipments.shipment_states import UNSCANNED, Report, State, state_of
from functions.shipping.tracking.shipment_steps import Store as StepStore
from functions.shipping.tracking.shipment_steps import save_step
from functions.shipping.tracking.tracking_numbers import sound_number
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.optimistic_retry import Contended, Retry

CLOCK_SKEW = timedelta(minutes=5)
"""A reporter's clock may be this far ahead."""


class Store(StepStore, Protocol):
    """What a report reads and writes."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...


@dataclass(frozen=True, slots=True)
class ShipmentReport:
    """What is said of a shipment."""

    state: Report
    tracking_number: str | None = None
    """The courier's."""
    occurred_at: datetime | None = None
    """None: now."""
    pickup_code: str | None = None
    """What the shopper showed at the pick-up place."""


class ShipmentReports:
    def __init__(self, store: Store, holds: RecallHolds, clock: Clock, retry: Retry) -> None:
        self._store, self._holds, self._clock, self._retry = store, holds, clock, retry

    def record(self, supplier_id: str, shipment_id: str, report: ShipmentReport, idempotency: Idempotency) -> Shipment:
        """Write what the supplier reports; the shipment as it then is. Raises NotFound, Conflict, Held, Invalid, KeyReused.

        Before a report that sends it, the offers themselves are asked: a recall stops it from that moment on.
        """

        def attempt() -> Shipment:
            shipment = self._store.shipment(supplier_id, shipment_id)
            if shipment is None:
                raise NotFound
            if state_of(report.state) not in UNSCANNED:
                shipment = self._holds.bring_up_to_date(shipment)
            changed = after_report(shipment, report, idempotency, self._clock())
            if changed is not shipment and not save_step(self._store, shipment, changed):
                raise Contended
            return changed

        return self._retry(attempt, lambda: Conflict("this order's shipments are being changed by others too: try again"))

    def record_pickup(self, shipment: Shipment, report: ShipmentReport, idempotency: Idempotency) -> Shipment:
        """Write what a storefront's owner reports of a parcel that is collected at its place. Raises Forbidden for others."""
        if not shipment.pickup_code:
            raise Forbidden("its supplier reports on this shipment; a storefront reports on parcels that are collected")
        return self.record(shipment.supplier_id, shipment.id, report, idempotency)


def after_report(shipment: Shipment, report: ShipmentReport, idempotency: Idempotency, now: datetime) -> Shipment:
    """The shipment after a report; itself if the report is a replay, or says what is known already.

    Raises Conflict (not what may follow), Held, Invalid (a wrong code, a time to come) and KeyReused.
    """
    entry_id = idempotency.id("evt")
    known = shipment.entry(entry_id)
    if known is not None:
        idempotency.same(known.fingerprint)
        return shipment
    state = state_of(report.state)
    label = shipment.label
    if state is shipment.state and report.tracking_number in (None, "", label.tracking_number if label else ""):
        return shipment
    if report.occurred_at is not None and report.occurred_at > now + CLOCK_SKEW:
        raise Invalid.field("/occurred_at", "this is in the future")
    if shipment.virtual and report.tracking_number:
        raise Invalid.field("/tracking_number", "these are virtual goods, which no courier carries: leave it out")
    entry = LogEntry(
        id=entry_id, state=state, occurred_at=rfc3339(report.occurred_at or now), recorded_at=rfc3339(now),
        fingerprint=idempotency.fingerprint,
    )  # fmt: skip
    if state not in UNSCANNED and shipment.unsent:
        shipment.refuse_if_held()
    number = report.tracking_number and sound_number(report.tracking_number, label.carrier if label else "")
    changed = shipment.after(entry).tracked_by(number)
    if state is State.DELIVERED:
        shipment.check_pickup_code(report.pickup_code)
    return changed
