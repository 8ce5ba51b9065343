"""What every page of a shop shows around its own, the first page, and what search engines ask for."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from functions.storefronts.configuration.shop_look import ShopPicture
from functions.storefronts.listings.listing_page import START, Narrowing, Window
from functions.storefronts.listings.listing_views import Listing
from functions.storefronts.offers.priced_card import PricedCard
from functions.storefronts.pages.category_names import CategoryNames
from functions.storefronts.pages.shop import Shop
from functions.storefronts.pages.shop_parts import ShopParts
from functions.storefronts.pages.shop_query_views import ProductsQuery
from functions.storefronts.pages.structured_data_views import as_script, site_document
from shared.api.answers import Page
from shared.errors import Unavailable
from shared.pages.content_security import HEADERS
from shared.pages.forms.json_schema import asked
from shared.pages.page_answers import html_page
from shared.pictures.addresses import ProductPictureView, SizedPicture, sized_picture

NEWEST, CATEGORIES, MAPPED = 12, 12, 500
"""Products and categories of a first page; products of a sitemap."""
COLLECTIONS, IN_COLLECTION, LEAST = 3, 4, 4
"""Categories of which a first page shows products, how many, and how many there must be: a shop of one kind has none."""
MOST_LEVELS = 3
"""Of categories that hold all there is."""


def shop_page(
    template: str, shop: Shop, path: str, media_url: str, *, pictures: Sequence[SizedPicture] = (), status: int = 200,
    css_more: str = "", **values: object,
) -> Page:  # fmt: skip
    """A page within its shop's header and footer. `path`: the page's own within the shop. `pictures`: all that it shows; the first
    stands for it where it is shared. `media_url`: what stands before each picture's key."""
    logo = shop_picture(shop.pages.look.logo, media_url)
    told = {
        "shop": shop,
        "path": path,
        "query": {},
        "indexed": True,
        "canonical": "",
        "documents": (),
        "logo": logo,
        "sharing": {},
        "narrowing": asked(ProductsQuery),
        **values,
    }
    stands_for = pictures[0] if pictures else logo
    told |= {"pictures": pictures, "cover": urljoin(shop.address, stands_for.jpeg) if stands_for else ""}
    all_ = [*pictures, *([logo] if logo else [])]
    return html_page(
        f"functions/storefronts/pages/{template}", shop.interface, shop.language, told, status=status, accent=shop.pages.accent,
        look=shop.style, css_more=css_more, pictures=() if shop.view == "text" else all_,
    )  # fmt: skip


def shop_picture(chosen: ShopPicture | None, media_url: str) -> SizedPicture | None:
    return sized_picture(chosen.content, (chosen.width, chosen.height), chosen.colour, media_url) if chosen else None


def names_of(shop: Shop, services: ShopParts) -> CategoryNames:
    """The categories' names; none where the operator has loaded no taxonomy: a shop without one is open all the same."""
    try:
        return services.category_names(shop.language)
    except Unavailable:
        return CategoryNames({})


def window_of(shop: Shop, services: ShopParts, narrowing: Narrowing | None = None) -> Window:
    return services.reader.window(shop.storefront, narrowing or Narrowing(currency=shop.currency))


def categories_below(shop: Shop, services: ShopParts, window: Window) -> Sequence[tuple[str, int]]:
    """The categories by which what is on show can be narrowed: a single one that holds all of it is passed over for those below it."""
    found = services.reader.facets(window)
    for _ in range(MOST_LEVELS):
        if len(found.categories) != 1 or found.categories[0][1] < found.total:
            break
        inner = replace(window.narrowing, category=found.categories[0][0])
        deeper = services.reader.facets(services.reader.window(shop.storefront, inner))
        if not deeper.categories:
            break
        found = deeper
    return found.categories


def listings(shown: list[PricedCard], shop: Shop, media_url: str) -> list[Listing]:
    return [Listing.of(each, shop.language, media_url) for each in shown]


def images(*lists: Sequence[Listing]) -> list[ProductPictureView]:
    """The pictures that lists show."""
    return [each.image for found in lists for each in found if each.image]


def collections(shop: Shop, services: ShopParts, counted: Sequence[tuple[str, int]]) -> list[tuple[str, list[Listing]]]:
    """The largest categories of what the shop's rule chose, each with its newest; none where there is one category alone."""
    wanted = [category for category, count in counted if count >= LEAST][:COLLECTIONS] if len(counted) > 1 else []
    windows = [(each, window_of(shop, services, Narrowing(currency=shop.currency, category=each))) for each in wanted]
    found = [(each, services.reader.page(window, START, IN_COLLECTION)[0]) for each, window in windows]
    return [(each, listings(shown, shop, services.media_url)) for each, shown in found]


def home_page(shop: Shop, services: ShopParts) -> Page:
    window, names = window_of(shop, services), names_of(shop, services)
    shown, after = services.reader.page(window, START, NEWEST)
    counted = categories_below(shop, services, window)[:CATEGORIES] if shown else ()
    search, newest = f"{shop.absolute('products')}?q=", listings(shown, shop, services.media_url)
    hero, rooms = shop_picture(shop.pages.look.hero, services.media_url), collections(shop, services, counted)
    return shop_page(
        "home.html", shop, "", services.media_url, hero=hero,
        pictures=[*([hero] if hero else []), *images(newest, *(each for _, each in rooms))],
        collections=[(category, names.name(category), each) for category, each in rooms],
        listings=newest, more=after is not None, canonical=shop.canonical(),
        alternates=shop.alternates(""), categories=[(category, names.name(category), count) for category, count in counted],
        documents=[as_script(site_document(shop.name, shop.absolute(), search))],
    )  # fmt: skip


def sitemap(shop: Shop, services: ShopParts) -> Page:
    """Of sitemaps.org; each page once a language."""
    window = window_of(shop, services)
    shown, _ = services.reader.page(window, START, MAPPED)
    categories = categories_below(shop, services, window) if shown else ()
    places = [("", {}), ("products", {}), *(("products", {"category": category}) for category, _ in categories)]
    dated = [*((*place, "") for place in places), *((f"products/{each.card.product_id}", {}, each.card.changed_at) for each in shown)]
    urls = [
        f"<url><loc>{escape(shop.absolute(path, **query, language=tag))}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</url>"
        for path, query, at in dated
        for tag in (shop.languages if len(shop.languages) > 1 else (None,))
    ]
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>\n'
    return Page(text, headers={"Content-Type": "application/xml; charset=utf-8", **HEADERS})


def robots(shop: Shop) -> Page:
    text = f"User-agent: *\nDisallow: /*?*q=\nDisallow: /*?*cursor=\nAllow: /\nSitemap: {shop.absolute('sitemap.xml')}\n"
    return Page(text, headers={"Content-Type": "text/plain; charset=utf-8", **HEADERS})
