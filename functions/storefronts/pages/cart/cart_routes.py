"""The pages of a cart and of the address it goes to. The cart lies in its shopper's browser: nothing is written."""

from functions.storefronts.bootstrap import Services
from functions.storefronts.pages.cart.address_step_views import address_of, address_step, new_once, visit_of
from functions.storefronts.pages.cart.cart import Cart, CartFull, OtherCurrency
from functions.storefronts.pages.cart.cart_forms import CartForm
from functions.storefronts.pages.cart.cart_page_views import FULL, MIXED, cart_page, changed, in_currency, query_after
from functions.storefronts.pages.cart.cart_tickets import cart_ticket, kept_cart
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_query_views import ShopQuery
from functions.storefronts.pages.shop_routes import HOME, shop_of
from shared.api.answers import Page, Raw
from shared.errors import Invalid, NotFound
from shared.pages.addresses.address_form import AddressForm
from shared.pages.forms.typed_form import Typed
from shared.pages.page_answers import see_other
from shared.pages.page_routes import PageRoutes
from shared.pages.refusals import Gone
from shared.pages.visits.cart_cookie import cart_cookie, cart_in
from shared.pages.visits.find_page import find_page

ROUTES = PageRoutes()


def cart_of(shop: Shop, raw: Raw, services: Services) -> tuple[Cart, bool]:
    """The cart in the request's cookie, and whether that could not be read."""
    return kept_cart(services.tickets, shop.storefront.id, cart_in(raw.headers.get("cookie", "")), services.clock())


@ROUTES.page(HOME + "/cart", query=ShopQuery)
def show_cart(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show what a shopper put in the cart, at today's prices, and what has changed since."""
    shop = shop_of(slug, query, raw, services, ("cart",))
    if isinstance(shop, Page):
        return shop
    cart, unreadable = cart_of(shop, raw, services)
    return cart_page(shop, cart, services, unreadable=unreadable)


@ROUTES.form(HOME + "/cart", CartForm, query=ShopQuery, problems=[NotFound, Gone])
def change_cart(slug: str, query: ShopQuery, form: Typed[CartForm], raw: Raw, services: Services) -> Page:
    """Put something in the cart, change how many, or take it out."""
    shop = shop_of(slug, query, raw, services, ("cart",))
    if isinstance(shop, Page):
        return shop
    held = in_currency(shop, cart_of(shop, raw, services)[0], services)
    try:
        cart = changed(shop, held, form.read(), services)
    except (CartFull, OtherCurrency) as full:
        return cart_page(shop, held, services, told=FULL if isinstance(full, CartFull) else MIXED, status=int(full.status))
    except Invalid as flawed:
        if any(error.pointer != "/units" for error in flawed.errors):
            raise
        return cart_page(shop, held, services, told="units", status=422)
    value = cart_ticket(services.tickets, shop.storefront.id, cart.with_once(new_once()), services.clock())
    return see_other(query_after(shop), cart_cookie(value, is_secure=raw.address.startswith("https://")))


@ROUTES.page(HOME + "/address", query=ShopQuery, answers={200: Page, 303: None})
def show_address(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Ask where to send what is in the cart, in the way of the shopper's country."""
    shop = shop_of(slug, query, raw, services, ("address",))
    return shop if isinstance(shop, Page) else address_step(shop, cart_of(shop, raw, services)[0], slug, raw.headers, services)


@ROUTES.page(HOME + "/find", query=ShopQuery)
def show_find(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Ask for the number and the e-mail of an order that a guest wants to find again; of a shop that is closed by now, too."""
    shop = shop_of(slug, query, raw, services, ("find",), even_closed=True)
    if isinstance(shop, Page):
        return shop
    visit = visit_of(shop, shop.currency or next(iter(shop.currencies), ""), slug, services.media_url)
    return find_page(visit, services.visits.ticket(visit), {})


@ROUTES.form(HOME + "/address", AddressForm)
def change_address(slug: str, form: Typed[AddressForm], services: Services) -> Page:
    """Show the address's form in the way of another country, with what was typed."""
    return address_of(slug, form, services.visits)
