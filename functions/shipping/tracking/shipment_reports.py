"""Where parcels are: suppliers report, shoppers' client sites read."""

from datetime import datetime, timedelta
from typing import Protocol

from functions.shipping.fulfilment.recall_holds import Holding
from functions.shipping.fulfilment.recall_holds import Store as HoldingStore
from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.shipment import UNSCANNED, Event, Shipment, State, state_of
from functions.shipping.tracking.shipment_views import Reported, ShipmentsQuery, ShipmentsView, ShipmentView, TrackingView
from functions.shipping.tracking.tracking_numbers import POSTAL, checked
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent

ATTEMPTS = 5
"""Changes of one order's shipments that may race each other."""
SKEW = timedelta(minutes=5)
"""A reporter's clock may be this far ahead."""


class Store(HoldingStore, Protocol):
    """What tracking reads and writes."""

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def shipments(self, plan: Plan) -> list[Shipment]:
        """The plan's shipments that are written, in one call."""
        ...

    def page(self, supplier_id: str, after: str | None, limit: int) -> tuple[list[Shipment], str | None]:
        """The supplier's shipments, newest first, beyond the id `after`; and the last one's id if more may follow."""
        ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool:
        """Write the next version of the shipment, and of the plan if given, with the event; False if either was changed."""
        ...


class Tracking:
    """Answers for shipments; cursors are signed with `tickets`."""

    def __init__(self, store: Store, tickets: Tickets, now: Clock) -> None:
        self._store, self._tickets, self._now = store, tickets, now
        self._holding = Holding(store)

    def page(self, supplier_id: str, query: ShipmentsQuery) -> ShipmentsView:
        """A page of the supplier's shipments."""
        scope = f"shipments:{supplier_id}"
        at = at_cursor(self._tickets, scope, query.cursor, self._now()) or {}
        found, last = self._store.page(supplier_id, str(at["id"]) if at else None, query.limit)
        items = [ShipmentView.of(shipment) for shipment in found if query.state in (None, shipment.state)]
        return ShipmentsView(items=items, next=cursor_of(self._tickets, scope, {"id": last}, self._now()) if last else None)

    def get(self, supplier_id: str, shipment_id: str) -> Shipment:
        """Raises NotFound."""
        found = self._store.shipment(supplier_id, shipment_id)
        if found is None:
            raise NotFound
        return found

    def of_order(self, caller: Caller, storefront_id: str, order_id: str) -> TrackingView:
        """The tracking of an order; the pick-up code is for the client site, which shows it to the shopper. Raises NotFound."""
        plan = self._plan(caller, storefront_id, order_id)
        return TrackingView.of(order_id, self._shipments(plan), with_code="client_site" in caller.roles)

    def report(self, supplier_id: str, shipment_id: str, body: Reported, idempotency: Idempotency) -> Shipment:
        """What the supplier reports; the shipment as it then is. Raises NotFound, Conflict, Held, Invalid, KeyReused.

        Before a report that sends it, the offers themselves are asked: a recall stops it from that moment on.
        """
        for _ in range(ATTEMPTS):
            shipment = self.get(supplier_id, shipment_id)
            if state_of(body.state) not in UNSCANNED:
                shipment = self._holding.settled(shipment)
            changed = reported(shipment, body, idempotency, self._now())
            if changed is shipment or self.kept(shipment, changed):
                return changed
        raise Conflict("this order's shipments are being changed by others too: try again")

    def hand_over(
        self, caller: Caller, storefront_id: str, order_id: str, shipment_id: str, *, body: Reported, idempotency: Idempotency
    ) -> Shipment:
        """What a storefront's owner reports of a parcel that is collected at its place. Raises Forbidden for others."""
        shipment = self.of_storefront(caller, storefront_id, order_id, shipment_id)
        if not shipment.pickup_code:
            raise Forbidden("its supplier reports on this shipment; a storefront reports on parcels that are collected")
        return self.report(shipment.supplier_id, shipment_id, body, idempotency)

    def of_storefront(self, caller: Caller, storefront_id: str, order_id: str, shipment_id: str) -> Shipment:
        """A shipment of one of the storefront's orders. Raises NotFound."""
        plan = self._plan(caller, storefront_id, order_id)
        planned = next((p for p in plan.shipments if p.shipment_id == shipment_id), None)
        if planned is None:
            raise NotFound
        return self.get(planned.supplier_id, shipment_id)

    def _plan(self, caller: Caller, storefront_id: str, order_id: str) -> Plan:
        plan = self._store.plan(caller.at_storefront(storefront_id), order_id)
        if plan is None:
            raise NotFound("no shipment has been planned for this order: it is not confirmed, or not yours")
        return plan

    def _shipments(self, plan: Plan) -> list[Shipment]:
        return self._store.shipments(plan) if plan.shipments else []

    def kept(self, before: Shipment, after: Shipment) -> bool:
        """Write one more step of a shipment, with the news of it for the order; False if something was changed meanwhile."""
        if before.has_been(after.state) or after.state not in (State.IN_TRANSIT, State.DELIVERED):
            return self._store.save(after)
        if after.siblings == 1:
            return self._store.save(after, _news(after, 0))
        plan = self._store.plan(f"{after.account_id}#{after.storefront_id}", after.order_id)
        if plan is None:
            raise NotFound
        counted, remaining = plan.reached(after)
        return self._store.save(after, _news(after, remaining), counted)


def reported(shipment: Shipment, body: Reported, idempotency: Idempotency, now: datetime) -> Shipment:
    """The shipment after a report; itself if the report is a replay, or says what is known already.

    Raises Conflict (not what may follow), Held, Invalid (a wrong code, a time to come) and KeyReused.
    """
    event_id = idempotency.id("evt")
    known = shipment.found(event_id)
    if known is not None:
        idempotency.same(known.fingerprint)
        return shipment
    state = state_of(body.state)
    number = shipment.label.tracking_number if shipment.label else ""
    if state is shipment.state and body.tracking_number in (None, "", number):
        return shipment
    if body.occurred_at is not None and body.occurred_at > now + SKEW:
        raise Invalid.field("/occurred_at", "this is in the future")
    event = Event(
        id=event_id, state=state, occurred_at=rfc3339(body.occurred_at or now), recorded_at=rfc3339(now),
        fingerprint=idempotency.fingerprint,
    )  # fmt: skip
    if state not in UNSCANNED and shipment.unsent:
        shipment.check_free()
    told = body.tracking_number and sound(body.tracking_number, shipment.label.carrier if shipment.label else "")
    changed = shipment.after(event).tracked_by(told)
    if state is State.DELIVERED:
        shipment.check_code(body.pickup_code)
    return changed


def sound(tracking_number: str, carrier: str) -> str:
    """The number as it is written, if it can be one. Raises Invalid for a wrong check digit.

    Where the carrier is not known, only a post's number is refused: digits alone may be those of a courier without a check digit.
    """
    found = checked(tracking_number, carrier or None)
    if found.valid is False and (carrier or found.courier_code == POSTAL):
        raise Invalid.field("/tracking_number", found.note)
    return found.number if found.valid else tracking_number


def _news(shipment: Shipment, remaining: int) -> ShipmentEvent:
    about = {
        "version": shipment.version, "shipment_id": shipment.id, "order_id": shipment.order_id,
        "storefront_id": shipment.storefront_id, "account_id": shipment.account_id, "supplier_id": shipment.supplier_id,
        "remaining": remaining,
    }  # fmt: skip
    if shipment.state is State.DELIVERED:
        return ShipmentDelivered.model_validate(about)
    return ShipmentDispatched.model_validate(about | {"tracking_number": shipment.label.tracking_number if shipment.label else ""})
