"""An order's plan: which shipments it has, and how many of them have gone and arrived. Pure."""

from pydantic import BaseModel, ConfigDict

from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from shared.order_messages import OrderEvent


class Planned(BaseModel):
    """One shipment of the plan."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    shipment_id: str
    supplier_id: str


class Plan(BaseModel):
    """The shipments of one order, fixed when it is accepted or paid, whichever is heard first; empty if it was cancelled before."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    order_id: str
    tenant: str
    """`account#storefront`."""
    made_by: str
    """The type of the event that made it; that event's deliveries, and no other's, complete its shipments."""
    shipments: tuple[Planned, ...]
    dispatched: frozenset[str] = frozenset()
    delivered: frozenset[str] = frozenset()
    version: int = 1

    def reached(self, shipment: Shipment) -> tuple["Plan", int]:
        """The plan once `shipment` is in transit or delivered, and how many of the order's shipments are not there yet."""
        field = "delivered" if shipment.state is State.DELIVERED else "dispatched"
        there = getattr(self, field) | {shipment.id}
        return self.model_copy(update={field: there, "version": self.version + 1}), len(self.shipments) - len(there)


def tenant_of(event: OrderEvent) -> str:
    """The storefront's key."""
    return f"{event.account_id}#{event.storefront_id}"
