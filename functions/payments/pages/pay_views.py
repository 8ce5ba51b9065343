"""What the pages show: the ways to pay, a payment as it stands, and that a page was open for too long."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from functions.payments.lifecycle.payment import Payment
from functions.payments.pages.kept_page import PaymentPage
from functions.payments.pages.pay_parts import PayParts
from functions.payments.pages.payment_words import AWAITED, ENDED, reason_of, stand_of
from functions.payments.pages.ways_to_pay import Way, ways_to_pay
from functions.payments.pages.web_address import split
from functions.payments.provider_routing import RoutingRequest
from shared.api.answers import Page
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, PayableOrder
from shared.api.tickets import TicketRefused
from shared.errors import NotFound, Unavailable
from shared.ids import new_id
from shared.pages.interface_language import Interface
from shared.pages.qr_code import qr_svg
from shared.pages.visits.visit import Visit
from shared.pages.visits.visit_pages import visit_page

MOST_LOOKS, SHORTEST, LONGEST = 20, 3, 30
"""A page looks again by itself so often, after so many seconds: some seven minutes in all. Then a link does."""
MOST_QR = 1000
"""Characters of a code that a telephone still reads from a screen; the kit holds plug-ins to it."""
TEMPLATES = "functions/payments/pages"


def routing_of(order: PayableOrder, tenant: str) -> RoutingRequest:
    return RoutingRequest(tenant, order.amount.money, order.country, requires_shipping=order.requires_shipping)


def choice_page(
    services: PayParts, page: PaymentPage, order: PayableOrder, *, notice: str = "", status: int = 200
) -> Page:  # fmt: skip
    """The ways to pay, each a form of its own. `notice`: why the one that was chosen could not be begun, one of the template's words."""
    ways = ways_to_pay(services.installations, routing_of(order, page.tenant))
    told = {"amount": order.amount, "notice": notice, **_choices(services, page, ways)}
    return _shown(services, "choose.html", page.visit, told, status=status)


def payment_page(services: PayParts, page: PaymentPage, payment: Payment, look: int, *, asked: bool) -> Page:
    """A payment as it stands, or stood, where its provider could not be `asked` now.

    While it is awaited the page looks again by itself, by the header that `<meta http-equiv=refresh>` means.
    """
    kind = _kind(services, payment, page)
    stand = stand_of(payment, kind)
    order = _payable(services, page) if stand in {*ENDED, "go_on", "scan", "transfer"} else None
    ways = ways_to_pay(services.installations, routing_of(order, page.tenant)) if order else []
    others = [way for way in ways if stand in ENDED or way.installation_id != payment.installation_id]
    again = f"payment?{urlencode({'t': services.payment_links.token(payment.id)})}"
    unasked = not asked and stand in ("go_on", "scan")
    waits = (unasked or stand in AWAITED) and look < MOST_LOOKS
    told = {
        "stand": stand, "unasked": unasked, "amount": payment.amount, "test": bool(payment.test),
        "provider": _provider(services, payment, page.visit.interface),
        "reason": reason_of(payment, page.visit.interface), "again": again, "still": f"{again}&look={MOST_LOOKS}" if waits else "",
        **_action(payment, stand), **_choices(services, page, others),
    }  # fmt: skip
    refresh = {"Refresh": f"{min(SHORTEST + 2 * look, LONGEST)}; url={again}&look={look + 1}"} if waits else {}
    return _shown(services, "payment.html", page.visit, told, headers=refresh)


def too_late(services: PayParts, visit: Visit, order: str) -> Page:
    """The payment ticket is too old: the order's page has a new one, while the order may be paid."""
    return _shown(services, "too_late.html", visit, {"order_link": order_link(order)}, status=422)


def order_link(order: str) -> str:
    """The order's page, from one right below the shop's address; empty without the ticket that shows it."""
    return f"order?{urlencode({'ticket': order})}" if order else ""


def _choices(services: PayParts, page: PaymentPage, ways: Sequence[Way]) -> Mapping[str, object]:
    return {
        "ways": ways, "payable": page.ticket, "order": page.order, "order_link": order_link(page.order),
        "key": new_id("form", services.clock(), services.random),
    }  # fmt: skip


def _provider(services: PayParts, payment: Payment, interface: Interface) -> str:
    """Its name for people; its id, where this hub does not offer it any more."""
    try:
        installation = services.installations.get(payment.tenant, payment.installation_id)
        names = services.installations.plugin(installation).manifest.name
    except (NotFound, Unavailable):
        return payment.plugin
    return names.get(interface, names.get("en", payment.plugin))


def _kind(services: PayParts, payment: Payment, page: PaymentPage) -> str:
    """What the way to pay shows; "nothing" of what is collected at the door, though its plug-in is not asked."""
    if payment.online:
        return "redirect"
    try:
        installation = services.installations.get(payment.tenant, payment.installation_id)
        return str(services.installations.capability(installation).pages.get(page.method, "nothing"))
    except (NotFound, Unavailable):
        return "nothing"


def _action(payment: Payment, stand: str) -> Mapping[str, object]:
    """What the shopper does next, held to what a page may show: an address is of the web, whatever the provider said."""
    action = payment.next_action or {}
    url = str(action.get("url", "")) if stand == "go_on" else ""
    code = str(action.get("data", "")) if stand == "scan" else ""
    code = code if len(code) <= MOST_QR else ""
    return {
        "url": url if _of_the_web(url) else "", "host": split(url).hostname if _of_the_web(url) else "",
        "qr": qr_svg(code) if code else "", "app_url": code if code.startswith("https://") else "",
        "transfer": {name: str(action.get(name, "")) for name in ("account_holder", "iban", "bic", "reference")},
    }  # fmt: skip


def _of_the_web(url: str) -> bool:
    return split(url).scheme in ("https", "http")


def _payable(services: PayParts, page: PaymentPage) -> PayableOrder | None:
    """The order, while its payment ticket is good."""
    try:
        return services.tickets.read(PAYABLE_ORDER, page.ticket, PayableOrder, services.clock(), longest=PAYABLE_FOR)
    except TicketRefused:
        return None


def _shown(
    services: PayParts, template: str, visit: Visit, told: Mapping[str, object], *, status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Page:  # fmt: skip
    ticket = services.visits.ticket(visit)
    return visit_page(f"{TEMPLATES}/{template}", visit, told, ticket=ticket, status=status, headers=headers)
