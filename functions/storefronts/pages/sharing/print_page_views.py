"""What is printed: a label for a shelf (A6), a leaflet (A4), each in two of the shop's languages, with the code that leads to its page."""

from functions.storefronts.listings.listing_page import START
from functions.storefronts.pages.sharing.share_page_views import shared_product
from functions.storefronts.pages.sharing.sharing_style import SHARING_CSS
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_page_views import images, listings, shop_page, window_of
from functions.storefronts.pages.shop_parts import ShopParts
from functions.storefronts.pages.shop_query_views import PrintQuery
from shared.api.answers import Page
from shared.pages.qr_code import qr_svg
from shared.pages.texts import texts

ON_A_LEAFLET = 6
PAPERS = {"a6": "@page{size:A6;margin:6mm}", "a4": "@page{size:A4;margin:14mm}"}


def print_page(shop: Shop, query: PrintQuery, services: ShopParts) -> Page:
    """Of a product, or of the shop with what is newest. Raises NotFound, or Gone with the reason of a recall."""
    tongues = list(dict.fromkeys((shop.language, *shop.languages)))[:2]
    told = [shared_product(shop, query.product, query.offer, services, tongue) for tongue in tongues] if query.product else []
    count = ON_A_LEAFLET if query.paper == "a4" and not told else 0
    newest = listings(services.reader.page(window_of(shop, services), START, count)[0], shop, services.media_url) if count else []
    address = shop.absolute(f"products/{query.product}" if told else "", offer=query.offer, **shop.wished)
    pictures = (told[0].shown or [])[:1] if told else images(newest)
    return shop_page(
        "sharing/print.html", shop, "print", services.media_url, pictures=pictures, query=query.own, products=told,
        paper=query.paper, newest=newest, address=address, welcomes=[shop.pages.welcome_in(tongue) for tongue in tongues],
        code=qr_svg(address, texts(shop.interface).gettext("QR code of the link")), indexed=False,
        css_more=SHARING_CSS + PAPERS[query.paper],
    )  # fmt: skip
