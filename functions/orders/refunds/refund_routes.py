"""The routes by which an order is cancelled or refunded."""

from functions.orders.bootstrap import Services
from functions.orders.order_views import OrderView
from functions.orders.refunds.cancellation import AlreadyDispatched, NotConfirmed
from functions.orders.refunds.refund import NotPaid, NotPaidYet, TooManyRefunds
from functions.orders.refunds.refund_views import CancelOrder, RequestRefund
from shared.api.caller import Caller, ScopeTooSmall
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import NotFound
from shared.optimistic_retry import Busy

ROUTES = Routes()


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/cancellation",
    body=CancelOrder,
    answers={200: OrderView},
    allow=["storefront"],
    key="sell",
    problems=[NotFound, ScopeTooSmall, AlreadyDispatched, NotConfirmed, Busy],
)
def cancel_order(storefront_id: str, order_id: str, body: CancelOrder, caller: Caller, services: Services) -> OrderView:
    """Cancel an order of which nothing has left, or one supplier's part of it. Doing it again changes nothing.

    An order that may have been packed is `cancelling` until shipping has taken its units back, some seconds as a rule; then it is
    `cancelled` and what was paid is refunded. Units that had left by then go on: `withdrawals` says which.
    An API key needs the scope `manage` for an order that is paid, or whose payment is promised.
    """
    caller.at_storefront(storefront_id)
    order = services.orders.cancel(caller, storefront_id, order_id, body.reason, body.supplier_id)
    return OrderView.of(services.buyers.opened([order])[0], caller)


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/refunds",
    body=RequestRefund,
    answers={201: OrderView},
    allow=["storefront"],
    key="manage",
    idempotent=True,
    problems=[NotFound, NotPaid, NotPaidYet, TooManyRefunds, KeyReused, Busy],
)
def request_refund(
    storefront_id: str, order_id: str, *, body: RequestRefund, caller: Caller, idempotency: Idempotency, services: Services
) -> OrderView:
    """Refund units or shipping of a paid order; the same Idempotency-Key refunds once.

    Units that may not have left are taken back first: the refund is `awaiting_goods`, then `requested`, or `kept` if they had left.
    Of an order whose payment is promised, the units are taken out and less is to be paid.
    """
    caller.at_storefront(storefront_id)
    order = services.orders.refund(caller.account_id, storefront_id, order_id, body.ask(), idempotency)
    return OrderView.of(services.buyers.opened([order])[0], caller)
