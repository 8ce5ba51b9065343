"""The route by which a supplier declines its part of an order."""

from functions.shipping.bootstrap import Services
from functions.shipping.fulfilment.decline_views import DeclineShipment
from functions.shipping.fulfilment.supplier_declines import AlreadyLeft, NothingLeft, TooManyDeclines
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.clock import TimeLeft
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import NotFound, Unavailable

ROUTES = Routes()


@ROUTES.post(
    "/v1/shipments/{shipment_id}/decline", body=DeclineShipment, answers={200: ShipmentView}, allow=["supplier"], idempotent=True,
    problems=[NotFound, AlreadyLeft, NothingLeft, TooManyDeclines, KeyReused, Unavailable],
)  # fmt: skip
def decline_shipment(
    shipment_id: str, body: DeclineShipment, *, caller: Caller, idempotency: Idempotency, services: Services, time_left: TimeLeft
) -> ShipmentView:
    """Decline one of the caller's shipments before it leaves, or some of its units: the order pays them back."""
    declines = services.supplier_declines(time_left)
    return ShipmentView.shown(services.recipients, declines.decline(caller.tenant, shipment_id, body.decline(), idempotency))
