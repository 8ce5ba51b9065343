"""From the cart to the address: the first page that carries a visit."""

import re
import secrets
from collections.abc import Mapping

from functions.storefronts.pages.cart.cart import Cart
from functions.storefronts.pages.cart.cart_line_views import ShownCart, shown_cart
from functions.storefronts.pages.cart.cart_page_views import query_after
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import shop_picture
from functions.storefronts.pages.shop_parts import ShopParts
from shared.api.answers import Page
from shared.pages.addresses.address_form import VIRTUAL, AddressForm
from shared.pages.addresses.address_layout import countries
from shared.pages.addresses.address_page_views import address_page
from shared.pages.forms import line_pictures
from shared.pages.forms.basket_field import as_field, basket_values
from shared.pages.forms.typed_form import Typed
from shared.pages.page_answers import see_other
from shared.pages.visits.visit import MOST_ADDRESS, MOST_NAME, ShopLogo, ShopLook, Visit, Visits
from shared.pictures.addresses import content_of

USUAL = "GB"
ONCE_BYTES = 16


def new_once() -> str:
    """What nobody guesses: 22 characters."""
    return secrets.token_urlsafe(ONCE_BYTES)


def visit_of(shop: Shop, currency: str, slug: str, media_url: str) -> Visit:
    """What other services' pages must know of the shop. `currency`: of the order. `slug`: as it was asked for, since their forms are: at a
    host of its own a shop's older name goes on."""
    look = ShopLook(
        slug=slug, name=shop.name[:MOST_NAME], accent=shop.pages.accent, style=shop.style.words or None, logo=_logo(shop, media_url)
    )
    return Visit(
        account_id=shop.storefront.account_id, storefront_id=shop.storefront.id, shop=look, language=shop.language, currency=currency
    )


def _logo(shop: Shop, media_url: str) -> ShopLogo | None:
    """None, too, for who reads the shop without pictures, and where its address would make links too long."""
    shown = None if shop.view == "text" else shop_picture(shop.pages.look.logo, media_url)
    address = shown.sizes[0].url if shown else ""
    return ShopLogo(address=address, width=shown.width, height=shown.height) if shown and len(address) <= MOST_ADDRESS else None


def address_step(shop: Shop, cart: Cart, slug: str, headers: Mapping[str, str], services: ShopParts) -> Page:
    """The form; or the way back to the cart, where something in it stands in the way."""
    shown = shown_cart(shop, cart, services)
    if not shown.can_be_ordered:
        return see_other(query_after(shop))
    visit = visit_of(shop, shown.currency, slug, services.media_url).model_copy(update={"once": cart.once or new_once()})
    country = likely_country(headers.get("accept-language", ""), shown.currency)
    ticket = services.visits.ticket(visit)
    basket = {"lines": as_field(shown.quantities), "pictures": _pictures(shop, shown, services.media_url)}
    return address_page(visit, ticket, basket, country=country, typed={}, ships=shown.ships)


def _pictures(shop: Shop, shown: ShownCart, media_url: str) -> str:
    """Of the lines, for the review; none for who reads the shop without."""
    found = [line.product.image if line.product else None for line in shown.lines]
    return "" if shop.view == "text" else line_pictures.as_field(content_of(each, media_url) if each else None for each in found)


def address_of(slug: str, form: Typed[AddressForm], visits: Visits) -> Page:
    """The form with what was typed. Raises VisitOver, and Invalid for what no form of ours sends."""
    visit = visits.read(form.values.get("visit", ""), slug)
    asked = form.values.get("country", "")
    country = asked if asked in countries() else USUAL
    basket, ships = basket_values(form.values), form.values.get(VIRTUAL) != "1"
    return address_page(visit, visits.ticket(visit), basket, country=country, typed=form.values, ships=ships)


def likely_country(accept: str, currency: str) -> str:
    """Where a shopper may live: the country that the browser's languages name, else the one whose money it is (ISO 4217)."""
    known = countries()
    named = re.findall(r"[a-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})\b", accept[:200])
    candidates = [*(code.upper() for code in named), currency[:2]]
    return next((code for code in candidates if code in known), USUAL)
