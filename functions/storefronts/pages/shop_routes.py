"""The pages of shops: first page, list, product, and what search engines ask for. No key, no cookie, no script, no write."""

from collections.abc import Sequence
from urllib.parse import quote, unquote

from functions.storefronts.bootstrap import Services
from functions.storefronts.pages.feed_views import feed
from functions.storefronts.pages.lists.list_page_views import list_page
from functions.storefronts.pages.product.product_page_views import product_page
from functions.storefronts.pages.product.why_page_views import why_page
from functions.storefronts.pages.sharing.print_page_views import print_page
from functions.storefronts.pages.sharing.share_page_views import share_page
from functions.storefronts.pages.shop import Shop, query_of
from functions.storefronts.pages.shop_page_views import home_page, robots, sitemap
from functions.storefronts.pages.shop_query_views import PrintQuery, ProductQuery, ProductsQuery, ShareQuery, ShopQuery
from functions.storefronts.pages.shop_reader import NoSuchShop, ShopClosed
from functions.storefronts.pages.texts.text_page_views import text_page
from shared.api.answers import Page, Raw
from shared.errors import NotFound
from shared.pages.page_answers import moved, revalidated
from shared.pages.page_routes import PageRoutes
from shared.pages.visits.own_host import HEADER, origin, own_host

HOME = "/shop/{slug}"

FORM_STEPS = {"rates": "cart", "review": "cart", "place": "cart", "pay": "find", "cancel": "find"}
"""Pages that answer a form alone, and where somebody goes on who comes to one without it: who loads its address anew, say."""

ROUTES = PageRoutes()


def shop_of(
    slug: str, query: ShopQuery, raw: Raw, services: Services, rest: Sequence[str] = (), *, even_closed: bool = False
) -> Shop | Page:  # fmt: skip
    """The shop that an address names, `rest` behind its slug; where that is another spelling or an older name, the page that leads on."""
    host, depth = own_host(raw.headers), len(rest)
    try:
        storefront = services.shops.shop(slug, even_closed=even_closed)
    except ShopClosed as closed:
        raise ShopClosed(closed.detail, find=_find_from(slug, raw, depth, at_root=bool(host))) from closed
    pages = storefront.configuration.pages
    if pages is None:
        raise NoSuchShop("ask who gave you the address")
    if slug != pages.slug and not host:
        parts = [".."] * depth + [pages.slug, *(quote(part, safe="") for part in rest)]
        return moved("/".join(parts) + query_of({**query.own, **query.wished}))
    asked = raw.address.rsplit("/", depth)[0] if depth else raw.address
    address = origin(host) if host else f"{services.public_url}/shop/{slug}" if services.public_url else asked
    accept = raw.headers.get("accept-language", "")
    return Shop.of(storefront, pages, wished=query.wished, accept=accept, address=address, depth=depth, at_root=bool(host))


def _find_from(slug: str, raw: Raw, depth: int, *, at_root: bool) -> str:
    """Where the orders of a closed shop are found, from a page of it."""
    if depth > 1:
        return "../" * (depth - 1) + "find"
    return "find" if depth or at_root or raw.path.endswith("/home") else f"{slug}/find"


def answered(shop: Shop, page: Page, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """The page, or 304; kept by its address alone where that names the language, and the host does not make it another."""
    told = ((query.language != shop.language, "Accept-Language"), (shop.at_root, HEADER))
    return revalidated(page, raw, services.clock(), ", ".join(name for depends, name in told if depends))


@ROUTES.page(HOME, query=ShopQuery)
def show_home(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show a shop's first page: its owner's words, its categories, what is newest."""
    return _home(slug, query, raw, services)


@ROUTES.page(HOME + "/home", query=ShopQuery)
def show_root(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show a shop's first page at a host of its own, whose root leads here; elsewhere it leads to where that page is."""
    if own_host(raw.headers):
        return _home(slug, query, raw, services)
    shop = shop_of(slug, query, raw, services)
    return shop if isinstance(shop, Page) else moved(f"../{quote(slug, safe='')}" + query_of(query.wished))


def _home(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    shop = shop_of(slug, query, raw, services)
    return shop if isinstance(shop, Page) else answered(shop, home_page(shop, services), query, raw, services)


@ROUTES.page(HOME + "/products", query=ProductsQuery)
def show_products(slug: str, query: ProductsQuery, raw: Raw, services: Services) -> Page:
    """Show what a shop sells, narrowed or searched as its address says."""
    shop = shop_of(slug, query, raw, services, ("products",))
    return shop if isinstance(shop, Page) else answered(shop, list_page(shop, query, services), query, raw, services)


@ROUTES.page(HOME + "/products/{product_id}", query=ProductQuery)
def show_product(slug: str, product_id: str, query: ProductQuery, raw: Raw, services: Services) -> Page:
    """Show a product as a shop sells it, or one of its variants; 410 with the reason if it was recalled."""
    shop = shop_of(slug, query, raw, services, ("products", product_id))
    return shop if isinstance(shop, Page) else answered(shop, product_page(shop, product_id, query, services), query, raw, services)


@ROUTES.page(HOME + "/why/{product_id}", query=ShopQuery)
def show_why(slug: str, product_id: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Say why a product is in a shop, by its owner's rule, and why it stands where it stands."""
    shop = shop_of(slug, query, raw, services, ("why", product_id))
    return shop if isinstance(shop, Page) else answered(shop, why_page(shop, product_id, services), query, raw, services)


@ROUTES.page(HOME + "/about/{topic}", query=ShopQuery)
def show_text(slug: str, topic: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show what a shop says of itself or its terms, or that it has not said it: imprint, terms, privacy, returns, shipping."""
    shop = shop_of(slug, query, raw, services, ("about", topic))
    return shop if isinstance(shop, Page) else answered(shop, text_page(shop, topic, services), query, raw, services)


@ROUTES.page(HOME + "/share", query=ShareQuery)
def show_share(slug: str, query: ShareQuery, raw: Raw, services: Services) -> Page:
    """Show a link to be kept or given on, with its QR code: to the shop, a list as it is narrowed, or a product."""
    shop = shop_of(slug, query, raw, services, ("share",))
    return shop if isinstance(shop, Page) else answered(shop, share_page(shop, query, services), query, raw, services)


@ROUTES.page(HOME + "/print", query=PrintQuery)
def show_print(slug: str, query: PrintQuery, raw: Raw, services: Services) -> Page:
    """Show a label or a leaflet to be printed, in two languages: of a product, or of the shop."""
    shop = shop_of(slug, query, raw, services, ("print",))
    return shop if isinstance(shop, Page) else answered(shop, print_page(shop, query, services), query, raw, services)


@ROUTES.page(HOME + "/feed.xml", query=ShopQuery)
def show_feed(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show what is newest in a shop as an Atom feed."""
    shop = shop_of(slug, query, raw, services, ("feed.xml",))
    return shop if isinstance(shop, Page) else answered(shop, feed(shop, services), query, raw, services)


@ROUTES.page(HOME + "/sitemap.xml", query=ShopQuery)
def show_sitemap(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Name a shop's pages to search engines: its categories, and its newest products."""
    shop = shop_of(slug, query, raw, services, ("sitemap.xml",))
    return shop if isinstance(shop, Page) else answered(shop, sitemap(shop, services), query, raw, services)


@ROUTES.page(HOME + "/robots.txt", query=ShopQuery)
def show_robots(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Say what of a shop search engines look at; they ask for it at a domain of its own."""
    shop = shop_of(slug, query, raw, services, ("robots.txt",))
    return shop if isinstance(shop, Page) else answered(shop, robots(shop), query, raw, services)


@ROUTES.page(HOME + "/{rest+}", query=ShopQuery)
def show_nothing(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Say that nothing is at an address of a shop that is no page of it, and lead to its first page. Raises NotFound, or ShopClosed."""
    rest = [unquote(part) for part in raw.path.partition("/shop/")[2].split("/")[1:]]
    shop = shop_of(slug, query, raw, services, rest)
    if isinstance(shop, Page):
        return shop
    if not any(rest):
        return moved(f"../{quote(slug, safe='')}" + query_of(query.wished))
    if len(rest) == 1 and rest[0] in FORM_STEPS:
        return moved(shop.link(FORM_STEPS[rest[0]]), 303)
    raise NotFound("this shop has no such page", back=shop.link())
