"""The pages of shops: first page, list, product, and what search engines ask for. No key, no cookie, no script, no write."""

from functions.storefronts.bootstrap import Services
from functions.storefronts.pages.lists.list_page_views import list_page
from functions.storefronts.pages.product.product_page_views import product_page
from functions.storefronts.pages.shop import Depth, Shop, query_of
from functions.storefronts.pages.shop_page_views import home_page, robots, sitemap
from functions.storefronts.pages.shop_query_views import ProductQuery, ProductsQuery, ShopQuery
from shared.api.answers import Page, Raw
from shared.errors import NotFound
from shared.pages.page_answers import moved, revalidated
from shared.pages.page_routes import PageRoutes

HOME = "/shop/{slug}"
BY_LANGUAGE = "Accept-Language"

ROUTES = PageRoutes()


def shop_of(slug: str, query: ShopQuery, raw: Raw, services: Services, depth: Depth = 0) -> Shop | Page:
    """The shop that an address names; where it is another spelling or an older name, the page that leads on."""
    storefront = services.shops.shop(slug)
    pages = storefront.configuration.pages
    if pages is None:
        raise NotFound("there is no such shop")
    accept = raw.headers.get("accept-language", "")
    asked = raw.address.rsplit("/", depth)[0] if depth else raw.address
    address = f"{services.public_url}/shop/{pages.slug}" if services.public_url else asked
    shop = Shop.of(storefront, pages, wished=query.wished, accept=accept, address=address, depth=depth)
    if slug == pages.slug:
        return shop
    rest = raw.path.rsplit("/", depth)[1:] if depth else []
    return moved("/".join([".."] * depth + [pages.slug, *rest]) + query_of({**query.own, **query.wished}))


def answered(page: Page, query: ShopQuery, raw: Raw, services: Services) -> Page:
    return revalidated(page, raw, services.clock(), "" if query.language else BY_LANGUAGE)


@ROUTES.page(HOME, query=ShopQuery)
def show_home(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Show a shop's first page: its owner's words, its categories, what is newest."""
    shop = shop_of(slug, query, raw, services)
    return shop if isinstance(shop, Page) else answered(home_page(shop, services), query, raw, services)


@ROUTES.page(HOME + "/products", query=ProductsQuery)
def show_products(slug: str, query: ProductsQuery, raw: Raw, services: Services) -> Page:
    """Show what a shop sells, narrowed or searched as its address says."""
    shop = shop_of(slug, query, raw, services, 1)
    return shop if isinstance(shop, Page) else answered(list_page(shop, query, services), query, raw, services)


@ROUTES.page(HOME + "/products/{product_id}", query=ProductQuery)
def show_product(slug: str, product_id: str, query: ProductQuery, raw: Raw, services: Services) -> Page:
    """Show a product as a shop sells it, or one of its variants; 410 with the reason if it was recalled."""
    shop = shop_of(slug, query, raw, services, 2)
    return shop if isinstance(shop, Page) else answered(product_page(shop, product_id, query, services), query, raw, services)


@ROUTES.page(HOME + "/sitemap.xml", query=ShopQuery)
def show_sitemap(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Name a shop's pages to search engines: its categories, and its newest products."""
    shop = shop_of(slug, query, raw, services, 1)
    return shop if isinstance(shop, Page) else answered(sitemap(shop, services), query, raw, services)


@ROUTES.page(HOME + "/robots.txt", query=ShopQuery)
def show_robots(slug: str, query: ShopQuery, raw: Raw, services: Services) -> Page:
    """Say what of a shop search engines look at; they ask for it at a domain of its own."""
    shop = shop_of(slug, query, raw, services, 1)
    return shop if isinstance(shop, Page) else answered(robots(shop), query, raw, services)
