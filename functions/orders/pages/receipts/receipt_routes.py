"""The receipt of an order, by its link; with its buyer's name and tax number for whoever knows the e-mail: links are passed on."""

from functions.orders.bootstrap import Services
from functions.orders.buyers.order_lookup import NoSuchOrder, TooManyLookups
from functions.orders.order import Order
from functions.orders.pages.order_forms import OrderQuery, ReceiptForm, language_of
from functions.orders.pages.order_page_views import order_page
from functions.orders.pages.receipts.receipt import NothingPaid, Receipt, receipt_of
from shared.api.answers import Bytes, Page, Raw
from shared.api.tickets import TicketRefused
from shared.errors import Invalid, NotFound
from shared.pages.forms.typed_form import Typed
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.own_host import own_host
from shared.pages.visits.visit import Visit

ROUTES = PageRoutes()


@ROUTES.page("/shop/{slug}/receipt", query=OrderQuery, answers={200: Bytes}, problems=[NotFound, TicketRefused, NothingPaid])
def show_receipt(slug: str, query: OrderQuery, raw: Raw, services: Services) -> Bytes:
    """Show, as PDF, what was paid for an order, by its link: without a word of who bought it."""
    followed = services.followed_orders.read(query.ticket)
    order = services.orders.order(followed.account_id, followed.storefront_id, followed.order_id)
    visit = followed.visit(slug, query.language or order.language, own_host(raw.headers))
    return _pdf(receipt_of(order, visit.shop.name, services.seller(order.account_id, order.storefront_id)), visit)


@ROUTES.form("/shop/{slug}/receipt", ReceiptForm, answers={200: Bytes}, problems=[NotFound, TicketRefused, NothingPaid, TooManyLookups])
def show_buyers_receipt(slug: str, form: Typed[ReceiptForm], raw: Raw, services: Services) -> Bytes | Page:
    """Show the receipt with its buyer's name and tax number, to whoever has the order's link and knows its buyer's e-mail."""
    ticket = form.values.get("order", "")
    followed = services.followed_orders.read(ticket)
    order = services.orders.order(followed.account_id, followed.storefront_id, followed.order_id)
    visit = followed.visit(slug, language_of(form.values, order.language), own_host(raw.headers))
    try:
        mine = services.order_lookup.find(followed.account_id, followed.storefront_id, order.number, form.read().receipt_email)
    except (Invalid, NoSuchOrder):
        return order_page(visit, ticket, order, services, told="receipt", status=422)
    except TooManyLookups as often:
        return order_page(visit, ticket, order, services, told="receipt_often", status=int(often.status))
    return _pdf(_with_buyer(mine, visit, services), visit)


def _with_buyer(order: Order, visit: Visit, services: Services) -> Receipt:
    """Of an order whose buyer was erased it names nobody."""
    (opened,) = services.buyers.opened([order])
    return receipt_of(order, visit.shop.name, services.seller(order.account_id, order.storefront_id), opened.buyer)


def _pdf(receipt: Receipt, visit: Visit) -> Bytes:
    from functions.orders.pages.receipts.receipt_pdf import draw_receipt  # noqa: PLC0415 (fpdf2 takes 200 ms, and few pages are receipts)

    return Bytes(draw_receipt(receipt, visit.interface), "application/pdf", f"receipt-{receipt.number}.pdf")
