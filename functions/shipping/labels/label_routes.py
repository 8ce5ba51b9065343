"""The route by which a merchant gets a label that was not bought."""

from functions.shipping.bootstrap import Services
from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.clock import TimeLeft
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.operation import Routes
from shared.errors import Conflict, NotFound, Unavailable

ROUTES = Routes()


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/label", body=BuyLabel, answers={200: ShipmentView},
    allow=["storefront"], key="manage", idempotent=True, problems=[NotFound, Conflict, Unavailable],
)  # fmt: skip
def buy_label(
    storefront_id: str, order_id: str, shipment_id: str, *, body: BuyLabel, caller: Caller, idempotency: Idempotency, services: Services,
    time_left: TimeLeft,
) -> ShipmentView:  # fmt: skip
    """Have a label bought that was refused, of the same courier or another that is named, or enter the number of one's own.

    Where `problem.code` is `untold` or `unreturned`, say what the courier told you: what then becomes of the parcel follows from it.
    """
    shipment = services.shipments.of_storefront(caller.at_storefront(storefront_id), order_id, shipment_id)
    return ShipmentView.shown(services.recipients, services.manual_labels(time_left).provide(shipment, body.wish(), idempotency))
