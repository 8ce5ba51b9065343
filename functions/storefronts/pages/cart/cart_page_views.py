"""The cart's page, and what a form of it does."""

from dataclasses import replace
from urllib.parse import urlencode

from functions.storefronts.listings.listing_page import Narrowing
from functions.storefronts.pages.cart.cart import MOST_UNITS, Cart, CartLine
from functions.storefronts.pages.cart.cart_forms import CartForm
from functions.storefronts.pages.cart.cart_line_views import product_of, shown_cart
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import shop_page
from functions.storefronts.pages.shop_parts import ShopParts
from shared.api.answers import Page
from shared.pages.forms.form_style import form_css
from shared.pages.forms.json_schema import asked
from shared.pages.visits.visit_pages import PRIVATE

FULL, MIXED = "full", "currency"


def cart_page(shop: Shop, cart: Cart, services: ShopParts, *, unreadable: bool = False, told: str = "", status: int = 200) -> Page:
    """`unreadable`: its cookie could not be read. `told`: what the last form could not do."""
    shown = shown_cart(shop, cart, services)
    page = shop_page(
        "cart/cart.html", shop, "cart", services.media_url, css_more=form_css(),
        pictures=[line.product.image for line in shown.lines if line.product and line.product.image],
        indexed=False, cart=shown, unreadable=unreadable, told=told, status=status,
        action=shop.link("cart"), currency=cart.currency, asked=asked(CartForm), most_units=MOST_UNITS,
    )  # fmt: skip
    return Page(page.text, page.status, {**page.headers, **PRIVATE})


def changed(shop: Shop, cart: Cart, form: CartForm, services: ShopParts) -> Cart:
    """The cart after a form. Raises NotFound and Gone for what cannot be put in, CartFull, OtherCurrency, Invalid."""
    if form.act == "remove":
        return cart.without(form.offer)
    window = services.reader.window(shop.storefront, Narrowing(currency=_wished(shop, cart)))
    product = product_of(shop, window, form.product, form.offer, services)
    if form.act == "set":
        return cart.with_units(form.offer, form.units, product.price.amount)
    return cart.with_added(CartLine(form.product, form.offer, form.units, product.price.amount), product.price.currency)


def _wished(shop: Shop, cart: Cart) -> str | None:
    """An order has one currency: the cart's, where the shop sells in it still."""
    held = cart.currency if cart.lines and cart.currency in shop.currencies else None
    return held or shop.currency


def in_currency(shop: Shop, cart: Cart, services: ShopParts) -> Cart:
    """The cart in the currency that its reader chose since, at today's prices; as it is, where nothing was chosen."""
    if not cart.lines or shop.currency in (None, cart.currency) or shop.currency not in shop.currencies:
        return cart
    shown = shown_cart(shop, cart, services)
    lines = [CartLine(s.line.product_id, s.line.offer_id, s.line.units, s.product.price.amount if s.product else 0) for s in shown.lines]
    return replace(cart, currency=shown.currency, lines=tuple(lines))


def query_after(shop: Shop) -> str:
    """Where a form leads: the cart, as its reader sees the shop."""
    return f"cart?{urlencode(dict(shop.wished))}" if shop.wished else "cart"
