"""The routes by which a guest finds an order, and follows it."""

from functions.orders.bootstrap import Services
from functions.orders.buyers.guest_views import FindOrder, FollowedOrderView, FoundOrderView
from functions.orders.buyers.order_lookup import NoSuchOrder, TooManyLookups
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.api.tickets import TicketRefused
from shared.buyers.followed_orders import FollowQuery
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/order-lookups",
    body=FindOrder,
    answers={200: FoundOrderView},
    allow=["storefront"],
    key="sell",
    problems=[NoSuchOrder, TooManyLookups],
)
def find_order(storefront_id: str, body: FindOrder, caller: Caller, services: Services) -> FoundOrderView:
    """Find an order by its number and its buyer's e-mail, for a guest who has lost its link."""
    caller.at_storefront(storefront_id)
    order = services.order_lookup.find(caller.account_id, storefront_id, body.number, body.email)
    return FoundOrderView(order_ticket=services.followed_orders.ticket(order), order=FollowedOrderView.of(order))


@ROUTES.get("/v1/followed-order", query=FollowQuery, answers={200: FollowedOrderView}, public=True, problems=[NotFound, TicketRefused])
def follow_order(query: FollowQuery, services: Services) -> FollowedOrderView:
    """Follow an order by its link: what was bought, and how it stands."""
    followed = services.followed_orders.read(query.ticket)
    return FollowedOrderView.of(services.orders.order(followed.account_id, followed.storefront_id, followed.order_id))
