"""What is told of units that were asked back: released, or kept because they had left."""

from collections.abc import Mapping
from typing import Any

from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.parcels.parcel_facts import units_in
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.taken_back import TakenBack
from shared.order_messages import OrderUnitsWithdrawn
from shared.shipment_messages import ShipmentEvent, ShipmentUnitsKept, ShipmentUnitsReleased
from shared.variants.order_part import is_virtual, supplier_of


def of_shipment(shipment: Shipment, answer: TakenBack, plan: Plan | None) -> ShipmentEvent:
    """An answer that the shipment holds. `plan`: the order's plan of several parcels, if this one is empty now."""
    about: dict[str, Any] = {
        "version": shipment.version, "shipment_id": shipment.id, "order_id": shipment.order_id,
        "storefront_id": shipment.storefront_id, "account_id": shipment.account_id, "supplier_id": shipment.supplier_id,
        "withdrawal_id": answer.id, "test": bool(shipment.test), "virtual": shipment.virtual,
    }  # fmt: skip
    if answer.since:
        return ShipmentUnitsKept(**about, units=dict(answer.kept), since=answer.since, parcel=units_in(shipment.parcel))
    others = _others(plan) if not shipment.parcel.contents else {}
    return ShipmentUnitsReleased(
        **about, **others, why=answer.why, units=dict(answer.units), reason=answer.reason, restock=answer.restock
    )  # fmt: skip


def of_plan(plan: Plan, event: OrderUnitsWithdrawn, part: str, units: Mapping[str, int]) -> ShipmentUnitsReleased:
    """The answer for units that no shipment was made for; an empty `part`: all that was asked."""
    return ShipmentUnitsReleased(
        version=plan.version, shipment_id=event.order_id, order_id=event.order_id, storefront_id=event.storefront_id,
        account_id=event.account_id, supplier_id=supplier_of(part), virtual=is_virtual(part),
        withdrawal_id=event.withdrawal_id, why=event.why, units=dict(units),
        test=event.test,
    )  # fmt: skip


def _others(plan: Plan | None) -> dict[str, int]:
    """How many parcels hold goods still, beside the one that is empty now, and how far they are."""
    if plan is None:
        return {"parcels": 0}
    undispatched, undelivered = plan.undispatched, len(plan.full - plan.delivered)
    return {"parcels": len(plan.full), "remaining": undispatched, "undispatched": undispatched, "undelivered": undelivered}
