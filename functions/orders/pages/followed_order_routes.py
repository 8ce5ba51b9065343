"""The pages by which a guest follows an order, cancels it, and finds it again."""

from functions.orders.bootstrap import Services
from functions.orders.buyers.order_lookup import NoSuchOrder, TooManyLookups
from functions.orders.order import Order
from functions.orders.pages.order_forms import CancelForm, OrderQuery, language_of
from functions.orders.pages.order_page_views import BEFORE, order_link, order_page
from functions.orders.refunds.cancellation import AlreadyDispatched
from shared.api.answers import Page, Raw
from shared.api.caller import Caller
from shared.api.tickets import TicketRefused
from shared.buyers.followed_orders import FollowedOrder
from shared.errors import Invalid, NotFound
from shared.optimistic_retry import Busy
from shared.pages.forms.typed_form import Typed
from shared.pages.page_answers import see_other
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.find_page import FindForm, find_page
from shared.pages.visits.own_host import own_host
from shared.pages.visits.visit import VisitOver

ROUTES = PageRoutes()


@ROUTES.page("/shop/{slug}/order", query=OrderQuery, answers={200: Page}, problems=[NotFound, TicketRefused])
def show_followed_order(slug: str, query: OrderQuery, raw: Raw, services: Services) -> Page:
    """Show an order by its link: what was bought, what was paid, how it stands, and what can be done with it now."""
    followed = services.followed_orders.read(query.ticket)
    order = _order(followed, services)
    visit = followed.visit(slug, query.language or order.language, own_host(raw.headers))
    return order_page(visit, query.ticket, order, services, told=BEFORE if query.told == BEFORE else "")


@ROUTES.form("/shop/{slug}/cancel", CancelForm, problems=[NotFound, TicketRefused, AlreadyDispatched, Busy])
def cancel_followed_order(slug: str, form: Typed[CancelForm], raw: Raw, services: Services) -> Page:
    """Cancel an order of which nothing has left, for whoever has its link and knows its buyer's e-mail: links are passed on."""
    ticket = form.values.get("order", "")
    followed = services.followed_orders.read(ticket)
    order = _order(followed, services)
    visit = followed.visit(slug, language_of(form.values, order.language), own_host(raw.headers))
    try:
        email = form.read().email
        services.order_lookup.find(followed.account_id, followed.storefront_id, order.number, email)
    except (Invalid, NoSuchOrder):
        return order_page(visit, ticket, order, services, told="email", status=422)
    except TooManyLookups as often:
        return order_page(visit, ticket, order, services, told="often", status=int(often.status))
    try:
        services.orders.cancel(_buyer(followed), followed.storefront_id, order.id, "shopper")
    except AlreadyDispatched as gone:
        return order_page(visit, ticket, order, services, told="left", status=int(gone.status))
    return see_other(order_link(services.followed_orders, visit, order.id))


@ROUTES.form("/shop/{slug}/find", FindForm, problems=[VisitOver, TooManyLookups])
def find_followed_order(slug: str, form: Typed[FindForm], services: Services) -> Page:
    """Find an order by its number and its buyer's e-mail."""
    visit = services.visits.read(form.values.get("visit", ""), slug)
    ticket = services.visits.ticket(visit)
    try:
        asked = form.read()
        order = services.order_lookup.find(visit.account_id, visit.storefront_id, asked.number, asked.email)
    except Invalid:
        return find_page(visit, ticket, form.values, told="flaws", status=422)
    except NoSuchOrder:
        return find_page(visit, ticket, form.values, told="none", status=404)
    except TooManyLookups as often:
        return find_page(visit, ticket, form.values, told="often", status=int(often.status))
    return see_other(order_link(services.followed_orders, visit, order.id))


def _order(followed: FollowedOrder, services: Services) -> Order:
    return services.orders.order(followed.account_id, followed.storefront_id, followed.order_id)


def _buyer(followed: FollowedOrder) -> Caller:
    """Who has shown to be the buyer may take back what is paid, while nothing has left."""
    return Caller(followed.account_id, frozenset({"client_site"}), verified=True, storefront_id=followed.storefront_id, scope="manage")
