"""Reading shipments: a supplier's own, page by page, and those of a storefront's order."""

from typing import Protocol

from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.shipments.shipment import Shipment
from shared.api.paging import Paging, Position
from shared.errors import NotFound


class Store(Protocol):
    """What reading shipments needs."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def shipments(self, plan: Plan) -> list[Shipment]:
        """The plan's shipments that are written, in one call."""
        ...

    def page(self, supplier_id: str, after: str | None, limit: int) -> tuple[list[Shipment], str | None]:
        """The supplier's shipments, newest first, beyond the id `after`; and the last one's id if more may follow."""
        ...


class ShipmentQueries:
    def __init__(self, store: Store, paging: Paging) -> None:
        self.store, self.paging = store, paging

    def page(self, supplier_id: str, cursor: str | None, limit: int) -> tuple[list[Shipment], str | None]:
        """A page of the supplier's shipments, newest first, and the next one's cursor. Raises Malformed."""

        def read(at: Position | None) -> tuple[list[Shipment], Position | None]:
            found, last = self.store.page(supplier_id, str(at["id"]) if at else None, limit)
            return found, {"id": last} if last else None

        return self.paging.page(f"shipments:{supplier_id}", cursor, read)

    def get(self, supplier_id: str, shipment_id: str) -> Shipment:
        """Raises NotFound."""
        found = self.store.shipment(supplier_id, shipment_id)
        if found is None:
            raise NotFound
        return found

    def of_order(self, tenant: str, order_id: str) -> list[Shipment]:
        """The shipments of one of the storefront's orders. Raises NotFound."""
        plan = self._plan(tenant, order_id)
        return self.store.shipments(plan) if plan.shipments else []

    def of_storefront(self, tenant: str, order_id: str, shipment_id: str) -> Shipment:
        """A shipment of one of the storefront's orders. Raises NotFound."""
        planned = next((p for p in self._plan(tenant, order_id).shipments if p.shipment_id == shipment_id), None)
        if planned is None:
            raise NotFound
        return self.get(planned.supplier_id, shipment_id)

    def _plan(self, tenant: str, order_id: str) -> Plan:
        plan = self.store.plan(tenant, order_id)
        if plan is None:
            raise NotFound("no shipment has been planned for this order: it is not confirmed, or not yours")
        return plan
