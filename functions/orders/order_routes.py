"""The routes by which a storefront looks at its orders."""

from functions.orders.bootstrap import Services
from functions.orders.buyers.buyer_sealing import StillNeeded
from functions.orders.order_views import OrderList, OrderPage, OrderView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/orders",
    query=OrderList,
    answers={200: OrderPage},
    allow=["storefront"],
    key="sell",
    problems=[NotFound],
)
def list_orders(storefront_id: str, query: OrderList, caller: Caller, services: Services) -> OrderPage:
    """List a storefront's orders, the latest first, or those of one number."""
    scope = f"orders {caller.at_storefront(storefront_id)} {query.status} {query.flagged} {query.overdue}"
    if query.number is not None:
        named = services.orders.numbered(caller.account_id, storefront_id, query.number)
        return OrderPage(items=[OrderView.of(order, caller) for order in services.buyers.opened(named) if query.wants(order)])
    found, following = services.paging.page(
        scope, query.cursor, lambda at: services.orders.page(caller.account_id, storefront_id, query.limit, at)
    )
    shown = services.buyers.opened([order for order in found if query.wants(order)])
    return OrderPage(items=[OrderView.of(order, caller) for order in shown], next=following)


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/orders/{order_id}",
    answers={200: OrderView},
    allow=["storefront"],
    key="sell",
    problems=[NotFound],
)
def get_order(storefront_id: str, order_id: str, caller: Caller, services: Services) -> OrderView:
    """Look at an order."""
    caller.at_storefront(storefront_id)
    (order,) = services.buyers.opened([services.orders.order(caller.account_id, storefront_id, order_id)])
    return OrderView.of(
        order,
        caller,
        payment_ticket=services.checkout.payment_ticket(order),
        order_ticket=services.followed_orders.ticket(order),
    )


@ROUTES.delete(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/buyer",
    answers={200: OrderView},
    allow=["storefront"],
    problems=[NotFound, StillNeeded],
)
def erase_buyer(storefront_id: str, order_id: str, caller: Caller, services: Services) -> OrderView:
    """Erase who bought an order and where it went, in every copy, for good. What money moved stays."""
    caller.at_storefront(storefront_id)
    order = services.orders.order(caller.account_id, storefront_id, order_id)
    services.buyers.erase(order)
    return OrderView.of(services.buyers.opened([services.orders.forget(order)])[0], caller)
