"""A cart as its cookie has it: signed, of one storefront, so small that a browser keeps it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from functions.storefronts.pages.cart.cart import MOST_KINDS, MOST_UNITS, Cart, CartLine
from monsoon_plugin.money import MAX_AMOUNT
from shared.api.tickets import TicketRefused, Tickets
from shared.pages.visits.cart_cookie import KEPT

KIND = "cart"
MOST_BYTES = 3600
"""A browser keeps 4,096 with the name and all that is said of it (RFC 6265, 6.1)."""


class KeptCart(BaseModel):
    """Ticket kind: cart. Its names are short, for each letter is sent with each request."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    s: str = Field(max_length=64)
    """The storefront."""
    c: str = Field(max_length=3)
    """The currency."""
    n: list[str] = Field(max_length=MOST_KINDS)
    """Lines: product, offer, units, minor units."""
    o: str = Field(default="", max_length=64)
    """By which it is ordered once; a cart of the release before has none."""


def cart_ticket(tickets: Tickets, storefront_id: str, cart: Cart, now: datetime) -> str:
    """The cookie's value; empty for an empty cart."""
    if not cart.lines:
        return ""
    told = [f"{line.product_id}:{line.offer_id}:{line.units}:{line.seen}" for line in cart.lines]
    return tickets.issue(KIND, KeptCart(s=storefront_id, c=cart.currency, n=told, o=cart.once), now, KEPT)


def kept_cart(tickets: Tickets, storefront_id: str, value: str, now: datetime) -> tuple[Cart, bool]:
    """The cart in a cookie, and whether there was one that could not be read: forged, too old, too long, or another shop's."""
    if not value:
        return Cart(""), False
    try:
        kept = tickets.read(KIND, value if len(value) <= MOST_BYTES else "", KeptCart, now, longest=KEPT)
        lines = tuple(_line(text) for text in kept.n)
    except (TicketRefused, ValueError):
        return Cart(""), True
    return (Cart(kept.c, lines, kept.o), False) if kept.s == storefront_id else (Cart(""), True)


def _line(text: str) -> CartLine:
    """Raises ValueError."""
    product_id, offer_id, units, seen = text.split(":")
    line = CartLine(product_id, offer_id, int(units), int(seen))
    if not (1 <= line.units <= MOST_UNITS and 0 <= line.seen <= MAX_AMOUNT):
        raise ValueError("no line of ours")
    return line
