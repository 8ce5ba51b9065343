"""The routes by which a storefront follows an order's parcels, and reports on those that are collected at its place."""

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment import Held, PaymentLost
from functions.shipping.shipments.shipment_views import Reported, TrackingView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.operation import Routes
from shared.api.tickets import TicketRefused
from shared.buyers.followed_orders import FollowQuery
from shared.errors import Conflict, Forbidden, NotFound

ROUTES = Routes()


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments", answers={200: TrackingView},
    allow=["storefront"], key="sell", problems=[NotFound],
)  # fmt: skip
def track_order(storefront_id: str, order_id: str, caller: Caller, services: Services) -> TrackingView:
    """Track the shipments of an order."""
    found = services.shipments.of_order(caller.at_storefront(storefront_id), order_id)
    shoppers = "client_site" in caller.roles  # which shows it to the shopper
    return TrackingView.of(order_id, found, with_code=shoppers, given=services.virtual_deliveries.given_of(found) if shoppers else {})


@ROUTES.get("/v1/followed-order/shipments", query=FollowQuery, answers={200: TrackingView}, public=True, problems=[NotFound, TicketRefused])
def follow_shipments(query: FollowQuery, services: Services) -> TrackingView:
    """Track the shipments of an order by its link. Links are passed on: no pick-up code and no key is told."""
    followed = services.followed_orders.read(query.ticket)
    found = services.shipments.of_order(f"{followed.account_id}#{followed.storefront_id}", followed.order_id)
    return TrackingView.of(followed.order_id, found, with_code=False)


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/events", body=Reported,
    answers={200: TrackingView}, allow=["storefront"], idempotent=True, problems=[NotFound, Forbidden, Conflict, Held, PaymentLost],
)  # fmt: skip
def report_pickup(
    storefront_id: str, order_id: str, shipment_id: str, *, body: Reported, caller: Caller, idempotency: Idempotency, services: Services
) -> TrackingView:
    """Report on a parcel that is collected at the storefront's place."""
    shipment = services.shipments.of_storefront(caller.at_storefront(storefront_id), order_id, shipment_id)
    found = services.reports.record_pickup(shipment, body.report(), idempotency)
    return TrackingView.of(order_id, [found], with_code=False)
