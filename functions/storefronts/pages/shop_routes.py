"""The pages of shops: first page, list, product, and what search engines ask for. No key, no cookie, no script, no write."""

from collections.abc import Sequence
from urllib.parse import quote

from functions.storefronts.bootstrap import Services
from functions.storefronts.pages.lists.list_page_views import list_page
from functions.storefronts.pages.product.product_page_views import product_page
from functions.storefronts.pages.shop import Shop, query_of
from functions.storefronts.pages.shop_page_views import home_page, robots, sitemap
from functions.storefronts.pages.shop_query_views import ProductQuery, ProductsQuery, ShopQuery
from shared.api.answers import Page, Raw
from shared.errors import NotFound
from shared.pages.page_answers import moved, revalidated
from shared.pages.page_routes import PageRoutes

HOME = "/shop/{slug}"

ROUTES = PageRoutes()


def shop_of(slug: str, query: ShopQuery, raw: Raw, services: Services, rest: Sequence[str] = ()) -> Shop | Page:
    """The shop that an address names, `rest` behind its slug; where that is another spelling or an older name, the page that leads on."""
    storefront, depth = services.shops.shop(slug), len(rest)
    pages = storefront.configuration.pages
    if pages is None:
        raise NotFound("there is no such shop")
    if slug != pages.slug:
        parts = [".."] * depth + [pages.slug, *(quote(part, safe="") for part in rest)]
        return moved("/".join(parts) + query_of({**query.own, **query.wished}))
    asked = raw.address.rsplit("/", depth)[0] if depth else raw.address
    address = f"{services.public_url}/shop/{slug}" if services.public_url else asked
    accept = raw.headers.get("accept-language", "")
    return Shop.of(storefront, pages, wished=query.wished, accept=accept, address=address, depth=depth)


def answered(shop: Shop, page: Page, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """The page, or 304; kept by its address alone where that names the language."""
    return revalidated(page, raw, services.clock(), "" if query.language == shop.language else "Accept-Language")


@ROUTES.page(HOME, query=ShopQuery)
def show_home(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show a shop's first page: its owner's words, its categories, what is newest."""
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
