"""The shipping that a shopper chose: the rate in a signed quote, which is good for the lines and the address that it was asked for."""

from functions.orders.checkout.basket import Basket
from shared.api.ticket_contents import ShippingQuote, address_digest
from shared.errors import Invalid
from shared.order_messages import ShippingChoice


def shipping_choice(quote: ShippingQuote, basket: Basket, account_id: str, storefront_id: str, currency: str) -> ShippingChoice:
    """The rate that the quote promises. Raises Invalid unless it was given for exactly this order."""
    same = {
        "storefront": (quote.account_id, quote.storefront_id) == (account_id, storefront_id),
        "lines": quote.quantities == dict(basket.quantities),
        "address": quote.address == address_digest(basket.address),
        "currency": quote.currency == currency,
    }
    unlike = [name for name, is_same in same.items() if not is_same]
    if unlike:
        raise Invalid.field("/shipping_ticket", f"it was given for another {' and another '.join(unlike)}: ask shipping for a new one")
    return quote.choice
