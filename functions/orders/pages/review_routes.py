"""The pages on which a shopper reviews an order, and places it: the same checkout as a client site's."""

from functions.orders.bootstrap import Services
from functions.orders.checkout.bill import TotalChanged
from functions.orders.checkout.storefront import Closed, SuspendedStorefront
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.inventory.shortage import NotSellable, OutOfStock
from functions.orders.pages.order_page_views import BEFORE, order_link
from functions.orders.pages.review_form_views import PlaceForm, ReviewForm
from functions.orders.pages.review_page_views import HERE_ALONE, review_page
from functions.orders.pages.stopped_page_views import stopped_page
from shared.api.answers import Page, Raw
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.tickets import TicketRefused
from shared.errors import Invalid, NotFound, Problem
from shared.optimistic_retry import Busy, Contended
from shared.pages.forms.typed_form import Typed
from shared.pages.page_answers import see_other
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.cart_cookie import KEPT, cart_cookie
from shared.pages.visits.visit import Visit, VisitOver

ROUTES = PageRoutes()
PROBLEMS = [NotFound, VisitOver, OutOfStock, NotSellable, Closed, SuspendedStorefront, SuspendedSupplier, TicketRefused]


@ROUTES.form("/shop/{slug}/review", ReviewForm, answers={200: Page, 303: None}, problems=PROBLEMS)
def review_order(slug: str, form: Typed[ReviewForm], services: Services) -> Page:
    """Show what an order would come to, and ask who buys; an order that its cart placed already, where it cannot be placed any more.

    Nothing is written."""
    try:
        visit = services.visits.read(form.values.get("visit", ""), slug)
    except VisitOver as over:
        return _of_before(form, slug, services, over)
    return _reviewed(visit, form, services, visit.once)


@ROUTES.form("/shop/{slug}/place", PlaceForm, problems=[*PROBLEMS, TotalChanged, Busy])
def place_reviewed_order(slug: str, form: Typed[PlaceForm], raw: Raw, services: Services) -> Page:
    """Place the order that was reviewed, at the sum that was shown; the same form sent again leads to the same order."""
    try:
        visit = services.visits.read(form.values.get("visit", ""), slug)
    except VisitOver as over:
        return _of_before(form, slug, services, over)
    try:
        order_id, is_other = _placed(visit, form, services)
    except (Invalid, TotalChanged, Busy, Contended) as mendable:
        return _reviewed(visit, form, services, "", mendable)
    except Problem as refused:
        return stopped_page(visit, services.visits.ticket(visit), form.values, refused)
    headers = cart_cookie("", is_secure=raw.address.startswith("https://"))
    return see_other(order_link(services.followed_orders, visit, order_id, told=BEFORE if is_other else ""), headers)


def _of_before(form: Typed[ReviewForm] | Typed[PlaceForm], slug: str, services: Services, over: VisitOver) -> Page:
    """Where a page leads that was left open for too long: to what its cart ordered before. Raises VisitOver where it ordered nothing."""
    visit = services.visits.read(form.values.get("visit", ""), slug, late=KEPT)
    placed = _placed_before(visit, visit.once, services)
    if not placed:
        raise over
    return see_other(order_link(services.followed_orders, visit, placed))


def _placed(visit: Visit, form: Typed[PlaceForm], services: Services) -> tuple[str, bool]:
    """The id of the order that the form placed, now or before; and whether that one was placed with something else typed."""
    asked = form.read()
    body = asked.body(visit, form.values)
    idempotency = Idempotency.of({"idempotency-key": asked.key}, visit.account_id, _target(visit), body)
    basket = body.basket(services.unpaid).model_copy(update={"expected_total": asked.total})
    try:
        return services.checkout.place(visit.account_id, visit.storefront_id, basket, idempotency).id, False
    except KeyReused:  # Back, or a second tab, something else typed, sent again: the first order stands
        return idempotency.id("ord"), True


def _target(visit: Visit) -> str:
    """Of an Idempotency-Key: the route of client sites' orders."""
    return f"POST /v1/storefronts/{visit.storefront_id}/orders"


def _placed_before(visit: Visit, once: str, services: Services) -> str:
    """The id of the order that this cart placed already; empty without one. `once`: empty asks nothing."""
    if not once:
        return ""
    order_id = Idempotency.of({"idempotency-key": once}, visit.account_id, _target(visit), None).id("ord")
    try:
        return services.orders.order(visit.account_id, visit.storefront_id, order_id).id
    except NotFound:
        return ""


def _reviewed(
    visit: Visit, form: Typed[ReviewForm] | Typed[PlaceForm], services: Services, once: str, flawed: Exception | None = None
) -> Page:  # fmt: skip
    """The review, at today's sum, with what is wrong of it; where that is nothing that it asks for, where to go instead.

    `once`: by which its cart may have placed an order already; empty where that is known."""
    ticket = services.visits.ticket(visit)
    if isinstance(flawed, Invalid) and {error.pointer for error in flawed.errors} & HERE_ALONE:
        raise VisitOver(back="cart") from flawed
    try:
        body = Typed(ReviewForm, form.values).read().body(visit, {})
        bill = services.checkout.bill(visit.account_id, visit.storefront_id, body.basket(services.unpaid))
    except Problem as refused:
        if placed := _placed_before(visit, once, services):
            return see_other(order_link(services.followed_orders, visit, placed))
        return stopped_page(visit, ticket, form.values, refused)
    return review_page(visit, ticket, form.values, bill, media_url=services.media_url, flawed=flawed)
