"""A cart: what a shopper put in, at which price, until it is ordered. Pure; nobody keeps it but the shopper's browser."""

from dataclasses import dataclass, field, replace

from shared.errors import Conflict, Invalid

MOST_KINDS = 30
"""Lines of a cart: as many as fit in a cookie of three kilobytes. A client site's order may have fifty."""
MOST_UNITS = 10_000


class CartFull(Conflict):
    code, title = "cart-full", "The cart is full: order what is in it first"


class OtherCurrency(Conflict):
    code, title = "other-currency", "The cart is in another currency: order what is in it first, or take it out"


@dataclass(frozen=True, slots=True)
class CartLine:
    product_id: str
    offer_id: str
    units: int
    seen: int
    """Minor units of the cart's currency: what a unit cost when it was put in, or last looked at."""


@dataclass(frozen=True, slots=True)
class Cart:
    currency: str
    lines: tuple[CartLine, ...] = field(default=())
    once: str = ""
    """By which it is ordered once: random, given to it when its first line is put in. A cart after that has another."""

    def line(self, offer_id: str) -> CartLine | None:
        return next((line for line in self.lines if line.offer_id == offer_id), None)

    def with_added(self, line: CartLine, currency: str) -> "Cart":
        """One more line, or more units of one that is there. Raises CartFull, OtherCurrency."""
        if self.lines and self.currency != currency:
            raise OtherCurrency(self.currency)
        held = self.line(line.offer_id)
        if held is not None:
            return self.with_units(line.offer_id, min(held.units + line.units, MOST_UNITS), line.seen)
        if len(self.lines) >= MOST_KINDS:
            raise CartFull
        return replace(self, currency=currency, lines=(*self.lines, line))

    def with_once(self, once: str) -> "Cart":
        """Ordered by `once`, unless it has one already."""
        return self if self.once else replace(self, once=once)

    def with_units(self, offer_id: str, units: int, seen: int) -> "Cart":
        """So many of an offer, at the price that is known now; what is not in it is passed over. Raises Invalid beyond MOST_UNITS."""
        if not 1 <= units <= MOST_UNITS:
            raise Invalid.field("/units", f"write 1 to {MOST_UNITS}")
        changed = (replace(line, units=units, seen=seen) if line.offer_id == offer_id else line for line in self.lines)
        return replace(self, lines=tuple(changed))

    def without(self, offer_id: str) -> "Cart":
        return replace(self, lines=tuple(line for line in self.lines if line.offer_id != offer_id))
