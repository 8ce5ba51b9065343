"""One more step of a parcel's way, written with the event that tells the order of it, and how many of its others are not that far."""

from typing import Any, Protocol

from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.parcels.parcel_facts import units_in
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from shared.errors import NotFound
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent


class Store(Protocol):
    """What a step reads and writes."""

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool:
        """Write the next version of the shipment, and of the plan if given, with the event; False if either was changed."""
        ...


def save_step(store: Store, before: Shipment, after: Shipment) -> bool:
    """Write one more step of a shipment, with the news of it for the order; False if something was changed meanwhile."""
    if before.has_been(after.state) or after.state not in (State.IN_TRANSIT, State.DELIVERED):
        return store.save(after)
    if after.siblings == 1:
        return store.save(after, step_event(after, others=0, undispatched=0))
    plan = store.plan(after.tenant, after.order_id)
    if plan is None:
        raise NotFound
    counted, others = plan.reached(after)
    return store.save(after, step_event(after, others=others, undispatched=counted.undispatched), counted)


def step_event(shipment: Shipment, *, others: int, undispatched: int) -> ShipmentEvent:
    """What is told of a shipment that was dispatched or delivered; so many `others` of the order are not that far yet."""
    about: dict[str, Any] = {
        "version": shipment.version, "shipment_id": shipment.id, "order_id": shipment.order_id,
        "storefront_id": shipment.storefront_id, "account_id": shipment.account_id, "supplier_id": shipment.supplier_id,
        "remaining": others, "test": bool(shipment.test), "units": units_in(shipment.parcel), "virtual": shipment.virtual,
    }  # fmt: skip
    if shipment.state is State.DELIVERED:
        return ShipmentDelivered.model_validate(about | {"undelivered": others, "undispatched": undispatched})
    number = shipment.label.tracking_number if shipment.label else ""
    return ShipmentDispatched.model_validate(about | {"undispatched": others, "tracking_number": number})
