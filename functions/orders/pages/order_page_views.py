"""An order's page, as its buyer sees it: no supplier's cost, no margin, and no name or address, whoever has the link."""

from types import SimpleNamespace
from typing import Protocol

from functions.orders.buyers.guest_views import FollowedOrderView
from functions.orders.checkout.checkout_service import CheckoutService
from functions.orders.order import Order
from functions.orders.pages.order_forms import CancelForm, ReceiptForm
from functions.orders.pages.receipts.receipt import money_received
from shared.api.answers import Page
from shared.buyers.followed_orders import FollowedOrders
from shared.buyers.seller import Seller
from shared.pages.forms.json_schema import asked
from shared.pages.visits.visit import Visit, Visits
from shared.pages.visits.visit_pages import visit_page


class Parts(Protocol):
    """Of functions.orders.bootstrap.Services."""

    @property
    def checkout(self) -> CheckoutService: ...

    @property
    def visits(self) -> Visits: ...

    def seller(self, account_id: str, storefront_id: str) -> Seller | None: ...


BEFORE = "before"


def order_link(orders: FollowedOrders, visit: Visit, order_id: str, told: str = "") -> str:
    """The order's page from one right below the shop's address. `told`: BEFORE of one that was placed before something else was typed."""
    named = SimpleNamespace(id=order_id, account_id=visit.account_id, storefront_id=visit.storefront_id)
    return f"order?ticket={orders.ticket(named, visit)}&language={visit.language}{f'&told={told}' if told else ''}"


def order_page(visit: Visit, ticket: str, order: Order, services: Parts, *, told: str = "", status: int = 200) -> Page:
    """`ticket`: of its link. `told`: what the last form could not do: `email`, `often`, `left`, `receipt`, `receipt_often`; or BEFORE."""
    shown = FollowedOrderView.of(order)
    values = {
        "order": shown, "link": ticket, "told": told, "payment_ticket": services.checkout.payment_ticket(order),
        "can_cancel": _can_cancel(order, shown), "ships": order.requires_shipping, "has_receipt": money_received(order) > 0,
        "cancel_form": asked(CancelForm), "receipt_form": asked(ReceiptForm),
        "seller": services.seller(order.account_id, order.storefront_id),
    }  # fmt: skip
    return visit_page("functions/orders/pages/order.html", visit, values, ticket=services.visits.ticket(visit), status=status)


def _can_cancel(order: Order, shown: FollowedOrderView) -> bool:
    """Whether nothing of it has left, as far as orders has heard; shipping is asked before it is done."""
    return shown.state in ("unpaid", "accepted", "paid", "review") and order.fulfilment in ("waiting", "under_way")
