"""The routes by which a supplier reads its shipments and reports on them."""

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment import Held, PaymentLost
from functions.shipping.shipments.shipment_views import Reported, ShipmentsQuery, ShipmentsView, ShipmentView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.operation import Routes
from shared.errors import Conflict, Malformed, NotFound

ROUTES = Routes()


@ROUTES.get("/v1/shipments", query=ShipmentsQuery, answers={200: ShipmentsView}, allow=["supplier"], problems=[Malformed])
def list_shipments(query: ShipmentsQuery, caller: Caller, services: Services) -> ShipmentsView:
    """List the caller's own shipments, newest first."""
    found, after = services.shipments.page(caller.tenant, query.cursor, query.limit)
    shown = services.recipients.shown([shipment for shipment in found if query.state in (None, shipment.state)])
    return ShipmentsView(items=[ShipmentView.of(shipment) for shipment in shown], next=after)


@ROUTES.get("/v1/shipments/{shipment_id}", answers={200: ShipmentView}, allow=["supplier"], problems=[NotFound])
def get_shipment(shipment_id: str, caller: Caller, services: Services) -> ShipmentView:
    """Read one of the caller's shipments."""
    return ShipmentView.shown(services.recipients, services.shipments.get(caller.tenant, shipment_id))


@ROUTES.post(
    "/v1/shipments/{shipment_id}/events", body=Reported, answers={200: ShipmentView}, allow=["supplier"], idempotent=True,
    problems=[NotFound, Conflict, Held, PaymentLost],
)  # fmt: skip
def report_shipment(shipment_id: str, body: Reported, caller: Caller, idempotency: Idempotency, services: Services) -> ShipmentView:
    """Report what happened to one of the caller's shipments."""
    return ShipmentView.shown(services.recipients, services.reports.record(caller.tenant, shipment_id, body.report(), idempotency))
