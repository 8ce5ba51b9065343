"""The route by which a client site learns what shipping costs."""

from functions.shipping.bootstrap import Services
from functions.shipping.quotes.quote import AddressIncomplete, GoodsIncomplete, NotSentThere, SafetyUnanswered, UnknownOffer
from functions.shipping.quotes.quote_views import QuotesView, WantQuotes
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/storefronts/{storefront_id}/shipping-quotes", body=WantQuotes, answers={200: QuotesView},
    allow=["storefront"], key="sell", problems=[NotFound, UnknownOffer, NotSentThere, SafetyUnanswered, AddressIncomplete, GoodsIncomplete],
)  # fmt: skip
def quote_shipping(storefront_id: str, body: WantQuotes, caller: Caller, services: Services) -> QuotesView:
    """Ask every installed courier what it costs to send these lines to this address."""
    return QuotesView.of(services.quotes.quote(caller, storefront_id, body.request()))
