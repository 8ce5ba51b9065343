"""The route by which an order is placed."""

from functions.orders.bootstrap import Services
from functions.orders.checkout.checkout_views import PlaceOrder
from functions.orders.checkout.storefront import Closed, SuspendedStorefront
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.inventory.shortage import NotSellable, OutOfStock
from functions.orders.order_views import OrderView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.api.tickets import TicketRefused
from shared.errors import NotFound
from shared.optimistic_retry import Busy

ROUTES = Routes()


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/orders",
    body=PlaceOrder,
    answers={201: OrderView},
    allow=["storefront"],
    key="sell",
    verified=True,
    idempotent=True,
    problems=[NotFound, OutOfStock, NotSellable, Closed, SuspendedStorefront, SuspendedSupplier, TicketRefused, KeyReused, Busy],
)
def place_order(storefront_id: str, body: PlaceOrder, caller: Caller, idempotency: Idempotency, services: Services) -> OrderView:
    """Place an order; the same Idempotency-Key gives the same order."""
    caller.at_storefront(storefront_id)
    placed = services.checkout.place(caller.account_id, storefront_id, body.basket(services.unpaid), idempotency)
    (order,) = services.buyers.opened([placed])
    return OrderView.of(
        order,
        caller,
        payment_ticket=services.checkout.payment_ticket(order),
        order_ticket=services.followed_orders.ticket(order),
    )
