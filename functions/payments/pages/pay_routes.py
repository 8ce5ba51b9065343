"""The pages by which a shopper pays: the ways to pay, and a payment as it stands, to which providers lead back."""

from pydantic import ConfigDict, Field

from functions.payments.bootstrap import Services
from functions.payments.pages.kept_page import PaymentPage
from functions.payments.pages.page_payments import Choice
from functions.payments.pages.pay_views import choice_page, order_link, payment_page, routing_of, too_late
from functions.payments.pages.ways_to_pay import chosen_way
from functions.payments.pages.web_address import split
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.payment import Shopper
from shared.api.answers import Page, Raw
from shared.api.payload import Query
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, PayableOrder
from shared.api.tickets import TicketRefused
from shared.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from shared.pages.forms.typed_form import CrossSite, Form, Typed
from shared.pages.page_answers import see_other
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.own_host import origin, own_host
from shared.pages.visits.visit import Visit, VisitOver
from shared.providers.places import ProviderSettings

ROUTES = PageRoutes()
OWN = "/shop/{slug}/payment"
UNREACHED, REFUSED, OFTEN = "unreached", "refused", "often"


class PayForm(Form):
    """From the order's page: without a choice; from the page of choices: with one."""

    visit: str = Field(max_length=2048)
    ticket: str = Field(max_length=4096, description="the order's payment ticket")
    order: str = Field(default="", max_length=2048, description="the ticket by which the shopper follows the order")
    installation: str = Field(default="", max_length=64)
    method: str = Field(default="", max_length=40)
    key: str = Field(default="", max_length=64, pattern=r"^[0-9A-Za-z_]*$")


class PaymentQuery(Query):
    """Providers add words of their own to the address that they lead back to."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    t: str = Field(max_length=100)
    look: int = Field(default=0, ge=0, le=99, description="how often the page has looked again by itself")


@ROUTES.form("/shop/{slug}/pay", PayForm, problems=[NotFound, CrossSite, VisitOver, Invalid])
def pay_on_page(slug: str, form: Typed[PayForm], raw: Raw, services: Services, time_left: TimeLeft) -> Page:
    """Show the ways to pay an order, or begin to pay it by the one that is chosen; an order that is being paid leads to that payment."""
    told = form.read()
    visit = _visit(told, slug, services)
    try:
        order = services.tickets.read(PAYABLE_ORDER, told.ticket, PayableOrder, services.clock(), longest=PAYABLE_FOR)
    except TicketRefused:
        return too_late(services, visit, told.order)
    if (order.account_id, order.storefront_id) != (visit.account_id, visit.storefront_id):
        raise Invalid.field("/ticket", "this order is another shop's")
    page = PaymentPage(
        payment_id="", order_id=order.order_id, visit=visit, order=told.order, ticket=told.ticket, method=told.method
    )  # fmt: skip
    if told.method:
        return _begun(page, told, order, raw=raw, services=services, time_left=time_left)
    pages = services.page_payments(time_left)
    living = pages.living(page.tenant, order.order_id)
    if living is None:
        return choice_page(services, page, order)
    return _to(services, pages.kept(page, living.id))


@ROUTES.page(OWN, query=PaymentQuery, answers={200: Page})
def show_payment(slug: str, query: PaymentQuery, services: Services, time_left: TimeLeft) -> Page:
    """Show a payment as its provider tells it now: paid, not known yet, or declined and how to pay instead. Providers lead back here."""
    page = services.page_store.find(services.payment_links.payment_id(query.t))
    if page.visit.shop.slug != slug:
        raise NotFound("this is a page of another shop")
    payment, asked = services.page_payments(time_left).looked_up(page)
    return payment_page(services, page, payment, query.look, asked=asked)


def _visit(told: PayForm, slug: str, services: Services) -> Visit:
    """Raises VisitOver, which leads to the order's page: the order stands, whatever became of this one."""
    try:
        return services.visits.read(told.visit, slug)
    except VisitOver as over:
        raise VisitOver(over.detail, over.errors, back=order_link(told.order) or "cart") from over


def _begun(page: PaymentPage, told: PayForm, order: PayableOrder, *, raw: Raw, services: Services, time_left: TimeLeft) -> Page:
    """303 to the payment's page; the choices again where nothing was begun, and so nothing charged."""
    shopper = Shopper(ip=_ip(raw), locale=page.visit.language)
    try:
        way = chosen_way(services.installations, routing_of(order, page.tenant), told.installation, told.method)
        choice = Choice(page=page, order=order, way=way, key=told.key, shopper=shopper)
        return _to(services, services.page_payments(time_left).begin(choice, _address(page.visit, raw, services)))
    except Problem as problem:
        notice = UNREACHED if isinstance(problem, Unavailable) else OFTEN if isinstance(problem, Conflict) else REFUSED
        return choice_page(services, page, order, notice=notice, status={UNREACHED: 503, OFTEN: 409}.get(notice, 422))


def _to(services: Services, page: PaymentPage) -> Page:
    return see_other(f"payment?t={services.payment_links.token(page.payment_id)}")


def _address(visit: Visit, raw: Raw, services: Services) -> str:
    """Where payments' pages lie for the outside: providers lead back there, at a shop's own host to that.

    Of a hub that was given no address the browser knows what stands before the stage (the laptop's emulator does not tell): the page that
    the form was on lies beside them.
    """
    if host := own_host(raw.headers):
        return f"{origin(host)}/payment"
    if public := services.settings(ProviderSettings).public_url.rstrip("/"):
        return f"{public}/shop/{visit.shop.slug}/payment"
    own, before = raw.path.rpartition("/")[0], split(raw.headers.get("referer", ""))
    folder = before.path.rpartition("/")[0]
    if own and before.netloc == raw.headers.get("host") and folder.endswith(own):
        return f"{before.scheme}://{before.netloc}{folder}/payment"
    return f"{raw.address.rpartition('/')[0]}/payment"


def _ip(raw: Raw) -> str:
    """The shopper's, as the gateway saw it; some providers must be told. What a browser says of itself is passed over.

    At a shop's own host the gateway sees CloudFront, which writes whom it saw before that (X-Forwarded-For). Who goes round CloudFront can
    say of himself there what he likes: providers compare it with the telephone that pays.
    """
    seen = raw.source_ip
    if own_host(raw.headers):
        before = [one.strip() for one in raw.headers.get("x-forwarded-for", "").split(",")]
        seen = next((one for one in reversed(before) if one != raw.source_ip), seen) or seen
    return seen if len(seen) <= 45 and all(c in "0123456789abcdefABCDEF.:" for c in seen) else ""
