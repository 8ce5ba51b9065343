"""The page on which a shopper chooses who brings it: the same quote as a client site's."""

from functions.shipping.bootstrap import Services
from functions.shipping.pages.rates_page_views import rates_page, with_flaws
from functions.shipping.quotes.quote import AddressIncomplete, GoodsIncomplete, NotSentThere, QuoteRequest, SafetyUnanswered, UnknownOffer
from shared.api.answers import Page
from shared.errors import Invalid, NotFound
from shared.pages.addresses.address_form import AddressForm
from shared.pages.forms.typed_form import Typed
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.visit import VisitOver

ROUTES = PageRoutes()


@ROUTES.form(
    "/shop/{slug}/rates", AddressForm, answers={200: Page},
    problems=[NotFound, VisitOver, UnknownOffer, NotSentThere, SafetyUnanswered, AddressIncomplete, GoodsIncomplete],
)  # fmt: skip
def show_rates(slug: str, form: Typed[AddressForm], services: Services) -> Page:
    """Show what each courier asks to bring a cart to an address; or the address again, with what is wrong."""
    visit = services.visits.read(form.values.get("visit", ""), slug)
    ticket = services.visits.ticket(visit)
    try:
        asked = form.read()
        request = QuoteRequest(asked.quantities, asked.address(), visit.currency)
        quote = services.quotes.quote(visit.caller, visit.storefront_id, request)
    except (Invalid, NotFound) as refused:
        return with_flaws(visit, ticket, form, refused)
    return rates_page(visit, ticket, form, quote)
