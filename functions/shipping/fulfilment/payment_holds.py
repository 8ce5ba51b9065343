"""What happens to an order's parcels when what paid it is gone: those not sent are held, and free again when it is paid anew."""

from collections.abc import Callable
from typing import Protocol

from functions.shipping.fulfilment.shipment_plan import NotYet, Plan, tenant_of
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_versions import change_shipment
from shared.optimistic_retry import Retry
from shared.order_messages import OrderAccepted, OrderPaid, OrderPaymentLost
from shared.shipment_messages import ShipmentEvent


class Store(Protocol):
    """What these holds read and write."""

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None) -> bool: ...


class PaymentHolds:
    """News of an order's payment come doubled and in any order: the newest version of the order counts."""

    def __init__(self, store: Store, retry: Retry) -> None:
        self._store, self._retry = store, retry

    def payment_lost(self, event: OrderPaymentLost) -> None:
        """Hold the order's parcels that are not sent. Raises NotYet, Unavailable."""
        self._each(event, lambda shipment: shipment.with_payment_news(event.version, lost=True))

    def payment_regained(self, event: OrderAccepted | OrderPaid) -> None:
        """Free them, if the order had lost its payment before. Raises NotYet, Unavailable."""
        if event.again:
            self._each(event, lambda shipment: shipment.with_payment_news(event.version, lost=False))

    def _each(self, event: OrderAccepted | OrderPaid | OrderPaymentLost, change: Callable[[Shipment], Shipment]) -> None:
        plan = self._store.plan(tenant_of(event), event.order_id)
        if plan is None or not plan.is_made:
            raise NotYet(f"the parcels of {event.order_id}")
        for planned in plan.shipments:
            shipment = self._store.shipment(planned.supplier_id, planned.shipment_id)
            if shipment is None:
                raise NotYet(f"shipment {planned.shipment_id}")
            change_shipment(self._store, shipment, change, self._retry)
