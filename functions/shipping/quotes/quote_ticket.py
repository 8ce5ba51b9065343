"""What a shipping quote may be used for: one rate, at its price, for exactly these lines to exactly this address.

The ticket is signed and good for LIFETIME, for orders of the account's storefront that asked, in the currency that was asked for. It
names no order: whoever orders the same to the same place may use it again until it ends, and pays a sale price that was on when it
was given. The checkout of `orders` (checkout/shipping_choice.py, checkout/pricing.py) holds an order to it.
"""

from datetime import timedelta

from functions.shipping.quotes.quote import QuoteRequest
from functions.shipping.quotes.rate_conversion import ConvertedRate
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.ticket_contents import SHIPPING_QUOTE, ShippingQuote, address_digest
from shared.api.tickets import Tickets
from shared.order_messages import SHIPS_NOTHING, ShippingChoice

LIFETIME = timedelta(minutes=30)


class QuoteTickets:
    """Signs rates for orders."""

    def __init__(self, tickets: Tickets, clock: Clock) -> None:
        self.tickets, self.clock = tickets, clock

    def issue(self, account_id: str, storefront_id: str, request: QuoteRequest, rate: ConvertedRate) -> str:
        installation = rate.courier.installation
        choice = ShippingChoice(
            installation_id=installation.id, plugin=installation.plugin, rate_id=rate.rate.id, service=rate.rate.service, price=rate.price,
        )  # fmt: skip
        return self._signed(account_id, storefront_id, request, choice)

    def issue_for_nothing(self, account_id: str, storefront_id: str, request: QuoteRequest) -> str:
        """Of virtual goods alone: a client site that always asks for a quote goes on as it does."""
        return self._signed(account_id, storefront_id, request, SHIPS_NOTHING)

    def _signed(self, account_id: str, storefront_id: str, request: QuoteRequest, choice: ShippingChoice) -> str:
        now = self.clock()
        quote = ShippingQuote(
            account_id=account_id, storefront_id=storefront_id, quantities=dict(request.quantities),
            address=address_digest(request.address), currency=request.currency, choice=choice,
            quoted_at=rfc3339(now),
        )  # fmt: skip
        return self.tickets.issue(SHIPPING_QUOTE, quote, now, LIFETIME)
