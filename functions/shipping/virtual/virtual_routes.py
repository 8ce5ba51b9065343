"""The routes by which a supplier delivers virtual goods, and reads what it has delivered."""

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment import Held, PaymentLost
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.virtual.virtual_delivery import GivenUp, HasParcel
from functions.shipping.virtual.virtual_views import DeliveredLineView, DeliverVirtual, VirtualDeliveryView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Conflict, NotFound

ROUTES = Routes()


@ROUTES.put(
    "/v1/shipments/{shipment_id}/delivery", body=DeliverVirtual, answers={200: ShipmentView}, allow=["supplier"],
    problems=[NotFound, HasParcel, GivenUp, Held, PaymentLost, Conflict],
)  # fmt: skip
def deliver_virtual_goods(shipment_id: str, body: DeliverVirtual, caller: Caller, services: Services) -> ShipmentView:
    """Deliver one of the caller's shipments of virtual goods.

    The shopper reads it at the storefront. Sent again, it takes the place of what was delivered before.
    """
    return ShipmentView.shown(services.recipients, services.virtual_deliveries.deliver(caller.tenant, shipment_id, body.delivered()))


@ROUTES.get(
    "/v1/shipments/{shipment_id}/delivery", answers={200: VirtualDeliveryView}, allow=["supplier"], problems=[NotFound],
)  # fmt: skip
def get_virtual_delivery(shipment_id: str, caller: Caller, services: Services) -> VirtualDeliveryView:
    """Read what the caller has delivered of one of its shipments of virtual goods."""
    shipment = services.shipments.get(caller.tenant, shipment_id)
    return VirtualDeliveryView(lines=DeliveredLineView.of_all(services.virtual_deliveries.given(shipment)))
