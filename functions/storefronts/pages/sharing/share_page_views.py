"""A link that is kept or given on: to the shop, a list as it is narrowed, or a product, as its reader sees it; with its QR code."""

from functions.storefronts.listings.listing_page import Narrowing
from functions.storefronts.listings.listing_views import ListingDetail, as_variant
from functions.storefronts.pages.sharing.sharing_style import SHARING_CSS
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import shop_page
from functions.storefronts.pages.shop_parts import ShopParts
from functions.storefronts.pages.shop_query_views import ShareQuery
from shared.api.answers import Page
from shared.errors import NotFound
from shared.pages.qr_code import qr_svg
from shared.pages.texts import texts


def share_page(shop: Shop, query: ShareQuery, services: ShopParts) -> Page:
    """Raises NotFound, or Gone with the reason of a recall."""
    product = shared_product(shop, query.product, query.offer, services) if query.product else None
    told = {"offer": query.offer} if product else query.own
    path = f"products/{query.product}" if product else "products" if told else ""
    address = shop.absolute(path, **told, **shop.wished)
    code = qr_svg(address, texts(shop.interface).gettext("QR code of the link"))
    pictures = (product.shown or [])[:1] if product else []
    return shop_page(
        "sharing/share.html", shop, "share", services.media_url, pictures=pictures, query=query.own | query.shared, product=product,
        image=next(iter(pictures), None), address=address, back=shop.link(path, **told), code=code, indexed=False, narrowed=bool(told),
        css_more=SHARING_CSS,
    )  # fmt: skip


def shared_product(shop: Shop, product_id: str, offer: str | None, services: ShopParts, language: str = "") -> ListingDetail:
    """In the shop's present language, or another. Raises NotFound, or Gone with the reason of a recall."""
    window = services.reader.window(shop.storefront, Narrowing(currency=shop.currency))
    try:
        found, detail = services.reader.product(window, product_id)
    except NotFound as missing:
        raise services.shops.gone(product_id, shop.link()) from missing
    shown = ListingDetail.of_product(found, detail, window, language or shop.language, services.media_url)
    return as_variant(shown, offer) if offer else shown
