"""Where links in mails to merchants lead: a page with one button. Programs that look through mail follow links; they press no button."""

from functions.notices.bootstrap import Services
from functions.notices.merchants.notice_links import CONFIRM_PATH, SWITCH_PATH, LinkQuery
from functions.notices.merchants.settings_service import AddressChanged
from functions.notices.pages.link_page_views import confirm_page, confirmed_page, switch_off_page, switched_off_page
from shared.api.answers import Page, Raw
from shared.api.tickets import TicketRefused
from shared.pages.forms.typed_form import CrossSite, Form
from shared.pages.interface_language import Interface, accepted_interface
from shared.pages.page_routes import PageRoutes
from shared.pages.refusals import refusal_page

ROUTES = PageRoutes()


class Pressed(Form):
    """A form of one button: the link says all."""


def reader(raw: Raw) -> Interface:
    """Whose browser asks says in which language."""
    return accepted_interface(raw.headers.get("accept-language", ""))


@ROUTES.page(CONFIRM_PATH, query=LinkQuery, problems=[TicketRefused])
def show_confirmation(query: LinkQuery, raw: Raw, services: Services) -> Page:
    """Ask whoever reads mail at an address whether a merchant's notices may go there."""
    services.links.read_confirmation(query.ticket)
    return confirm_page(reader(raw))


@ROUTES.form(CONFIRM_PATH, Pressed, query=LinkQuery, answers={200: Page}, problems=[TicketRefused, AddressChanged, CrossSite])
def confirm_address(query: LinkQuery, services: Services) -> Page:
    """Let a merchant's notices go to the address that the mail went to."""
    return confirmed_page(services.merchants.confirm(services.links.read_confirmation(query.ticket)).language)


@ROUTES.page(SWITCH_PATH, query=LinkQuery, problems=[TicketRefused])
def show_unsubscription(query: LinkQuery, raw: Raw, services: Services) -> Page:
    """Ask whether notices of one kind are to stop."""
    services.links.read_switch(query.ticket)
    return switch_off_page(reader(raw))


@ROUTES.post(SWITCH_PATH, query=LinkQuery, answers={200: Page}, public=True, problems=[TicketRefused], refusal=refusal_page, max_body=1024)
def unsubscribe(query: LinkQuery, services: Services) -> Page:
    """Switch off notices of one kind, as mail programs do by one click (RFC 8058)."""
    return switched_off_page(services.merchants.switch_off(services.links.read_switch(query.ticket)).language)
