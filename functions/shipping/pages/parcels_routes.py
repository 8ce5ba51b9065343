"""The page of an order's parcels, by the order's link."""

from pydantic import ConfigDict, Field

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment_views import TrackingView
from shared.api.answers import Page, Raw
from shared.api.payload import Query
from shared.api.tickets import TicketRefused
from shared.errors import NotFound
from shared.goods.texts import LanguageTag
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.own_host import own_host
from shared.pages.visits.visit_pages import visit_page

ROUTES = PageRoutes()


class ParcelsQuery(Query):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    ticket: str = Field(max_length=3000, description="the order's, of its link")
    language: LanguageTag = "en"


@ROUTES.page("/shop/{slug}/parcels", query=ParcelsQuery, answers={200: Page}, problems=[NotFound, TicketRefused])
def show_parcels(slug: str, query: ParcelsQuery, raw: Raw, services: Services) -> Page:
    """Show where an order's parcels are, by its link. Links are passed on: no pick-up code, no key and no address is told."""
    followed = services.followed_orders.read(query.ticket)
    visit = followed.visit(slug, query.language, own_host(raw.headers))
    try:
        found = services.shipments.of_order(f"{followed.account_id}#{followed.storefront_id}", followed.order_id)
    except NotFound:  # an order that is not paid yet
        found = []
    told = {"parcels": TrackingView.of(followed.order_id, found, with_code=False).items, "link": query.ticket}
    return visit_page("functions/shipping/pages/parcels.html", visit, told, ticket=services.visits.ticket(visit))
