"""The shipping that a shopper chose: the rate in a signed quote, which is good for the lines and the address that it was asked for.

Virtual goods alone need no quote, and no address.
"""

from collections.abc import Sequence

from functions.orders.checkout.basket import Basket
from shared.api.ticket_contents import ShippingQuote, address_digest
from shared.errors import Invalid
from shared.order_messages import SHIPS_NOTHING, OrderLine, ShippingChoice

QUOTE = "/shipping_ticket"


def without_quote(basket: Basket, lines: Sequence[OrderLine]) -> ShippingChoice:
    """The choice of an order of virtual goods alone. Raises Invalid where something of it is to be shipped."""
    shipped = [line.title for line in lines if line.requires_shipping]
    if shipped and basket.address is None:
        raise Invalid.field("/address", f"say where to send {shipped[0]}")
    if shipped:
        raise Invalid.field(QUOTE, f"{shipped[0]} is sent: ask shipping for quotes, and send the chosen rate's ticket")
    return SHIPS_NOTHING


def shipping_choice(
    quote: ShippingQuote, basket: Basket, account_id: str, storefront_id: str, *, currency: str, lines: Sequence[OrderLine]
) -> ShippingChoice:  # fmt: skip
    """The rate that the quote promises. Raises Invalid unless it was given for exactly this order, and ships what is to be shipped."""
    same = {
        "storefront": (quote.account_id, quote.storefront_id) == (account_id, storefront_id),
        "lines": quote.quantities == dict(basket.quantities),
        "address": basket.address is not None and quote.address == address_digest(basket.address),
        "currency": quote.currency == currency,
    }
    unlike = [name for name, is_same in same.items() if not is_same]
    if unlike:
        raise Invalid.field(QUOTE, f"it was given for another {' and another '.join(unlike)}: ask shipping for a new one")
    if quote.choice.ships_nothing and any(line.requires_shipping for line in lines):
        raise Invalid.field(QUOTE, "it was given while these were virtual goods; they are shipped by now: ask shipping for a new one")
    return quote.choice
