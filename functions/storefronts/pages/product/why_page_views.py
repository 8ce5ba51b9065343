"""The page that answers "why is this here?"."""

from functions.storefronts.listings.listing_page import Narrowing
from functions.storefronts.listings.listing_views import Listing
from functions.storefronts.pages.product.why_views import reasons
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import names_of, shop_page
from functions.storefronts.pages.shop_parts import ShopParts
from shared.api.answers import Page
from shared.errors import NotFound


def why_page(shop: Shop, product_id: str, services: ShopParts) -> Page:
    """Raises NotFound, or Gone with the reason of a recall."""
    window = services.reader.window(shop.storefront, Narrowing(currency=shop.currency))
    try:
        found, _ = services.reader.product(window, product_id)
    except NotFound as missing:
        raise services.shops.gone(product_id, shop.link()) from missing
    selection, names = shop.storefront.configuration.selection, names_of(shop, services)
    shown = Listing.of(found, shop.language, services.media_url)
    told = [(each.kind, [names.name(v) if each.kind == "category" else v for v in each.values]) for each in reasons(selection, found.card)]
    return shop_page(
        "product/why.html", shop, f"why/{product_id}", services.media_url, product=shown, reasons=told, indexed=False,
        several=len(services.reader.offers(window, found.card)), choice=selection.offers,
    )  # fmt: skip
