"""The route by which a supplier sees which parcels it cannot fill."""

from functions.shipping.bootstrap import Services
from functions.shipping.shortfalls.shortfall_views import ShortfallView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get("/v1/offers/{offer_id}/shortfall", answers={200: ShortfallView}, allow=["supplier"], problems=[NotFound])
def get_shortfall(offer_id: str, caller: Caller, services: Services) -> ShortfallView:
    """Show how many units of one's own offer are ordered beyond one's own count, and the parcels that cannot be filled."""
    return ShortfallView.of(services.shortfalls.of_offer(caller.tenant, offer_id))
