"""A cart's lines as they stand today: what each costs now, and what stands in the way of ordering it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.listing_views import ListingDetail, as_variant
from functions.storefronts.pages.cart.cart import Cart, CartLine
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_parts import ShopParts
from monsoon_plugin.money import MAX_AMOUNT
from shared.errors import Invalid, NotFound
from shared.goods.order_quantity import OrderQuantity, quantity_flaw
from shared.pages.refusals import Gone

Flaw = Literal["", "recalled", "gone", "currency", "sold_out", "quantity", "dear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    line: CartLine
    product: ListingDetail | None = None
    """None: it is not sold here any more."""
    flaw: Flaw = ""
    """Why it cannot be ordered as it is; empty: it can."""
    reason: str = ""
    """Of a recall."""
    before: int | None = None
    """What a unit cost when it was put in, where it costs another sum now."""
    instead: tuple[int, ...] = field(default=())
    """Units in which it is sold, near those that are wanted."""

    @property
    def total(self) -> int:
        return self.product.price.amount * self.line.units if self.product else 0

    @property
    def ships(self) -> bool:
        return self.product is not None and self.product.requires_shipping is not False


@dataclass(frozen=True, slots=True)
class ShownCart:
    currency: str
    lines: Sequence[ShownLine]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines if not line.flaw)

    @property
    def can_be_ordered(self) -> bool:
        return bool(self.lines) and not any(line.flaw for line in self.lines) and self.total <= MAX_AMOUNT

    @property
    def ships(self) -> bool:
        return any(line.ships for line in self.lines)

    @property
    def quantities(self) -> dict[str, int]:
        return {shown.line.offer_id: shown.line.units for shown in self.lines}


def shown_cart(shop: Shop, cart: Cart, services: ShopParts) -> ShownCart:
    """The cart at today's prices, in the currency that its reader chose, else in its own."""
    currency = _currency(shop, cart)
    window = services.reader.window(shop.storefront, Narrowing(currency=currency if shop.currencies else None))
    lines = [_shown(shop, line, window, services) for line in cart.lines]
    found = currency or next((each.product.price.currency for each in lines if each.product), "")
    return ShownCart(found, [_judged(each, found, cart.currency) for each in lines])


def _currency(shop: Shop, cart: Cart) -> str:
    """Of an order that is made of it."""
    if not shop.currencies:
        return cart.currency
    wished = shop.currency or cart.currency
    return wished if wished in shop.currencies else shop.currencies[0]


def product_of(shop: Shop, window: Window, product_id: str, offer_id: str, services: ShopParts) -> ListingDetail:
    """What one offer is sold as. Raises NotFound, Gone with a recall's reason, and Invalid for a currency that it is not sold in."""
    try:
        found, detail = services.reader.product(window, product_id)
        return as_variant(ListingDetail.of_product(found, detail, window, shop.language, services.media_url), offer_id)
    except NotFound as missing:
        raise services.shops.gone(product_id, "cart") from missing


def _shown(shop: Shop, line: CartLine, window: Window, services: ShopParts) -> ShownLine:
    try:
        return ShownLine(line=line, product=product_of(shop, window, line.product_id, line.offer_id, services))
    except Gone as recalled:
        return ShownLine(line=line, flaw="recalled", reason=recalled.detail)
    except NotFound:
        return ShownLine(line=line, flaw="gone")
    except Invalid:
        return ShownLine(line=line, flaw="currency")


def _judged(shown: ShownLine, currency: str, kept: str) -> ShownLine:
    product, line = shown.product, shown.line
    if product is None:
        return shown
    before = line.seen if kept == product.price.currency and line.seen != product.price.amount else None
    flaw, instead = _flaw(product, line.units, currency)
    return ShownLine(line=line, product=product, flaw=flaw, before=before, instead=instead)


def _flaw(product: ListingDetail, units: int, currency: str) -> tuple[Flaw, tuple[int, ...]]:
    if product.price.currency != currency:
        return "currency", ()
    if not product.in_stock and product.backorder_days is None:
        return "sold_out", ()
    if quantity_flaw(units, product.order_quantity) and product.order_quantity:
        return "quantity", _near(units, product.order_quantity)
    return ("dear", ()) if product.price.amount * units > MAX_AMOUNT else ("", ())


def _near(units: int, sold: OrderQuantity) -> tuple[int, ...]:
    """The quantities on both sides in which it is sold."""
    either = (units // sold.multiple * sold.multiple, sold.fewest_from(max(units, sold.minimum)))
    return tuple(dict.fromkeys(each for each in either if quantity_flaw(each, sold) is None and each > 0))
