"""The same pages at a host of a shop's own, at its root."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from functions.storefronts.configuration.shop_pages import ShopPages
from monsoon_plugin.clock import utc_now
from shared.pages.visits.visit import VisitOver, Visits
from tests.fakes import TICKETS, Reply, caller
from tests.unit.storefronts.pages.shopper import hidden
from tests.unit.storefronts.pages.test_shop_routes import OPEN, PAGES, documents, links
from tests.unit.storefronts.service import StorefrontsService, published

HOST = "tea.example"


def at_root(service: StorefrontsService, path: str, query: dict[str, str] | None = None, slug: str = "tea-house") -> Reply:
    """As CloudFront's function asks for what a browser asked at the shop's own host."""
    return service.shown(path or "home", query, slug, x_shop_host=HOST)


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    service.tell(*(published(n) for n in range(1, 4)))
    service.opened(OPEN)
    return service


@pytest.mark.parametrize("path", ["", "products", "products/prd_1", "why/prd_1", "about/imprint", "share"])
def test_every_link_leads_to_a_page_from_the_root(shop: StorefrontsService, path: str) -> None:
    page = at_root(shop, path)
    assert page.status == 200
    for href in links(page):
        parts = urlsplit(urljoin(f"https://{HOST}/{path}", href))
        assert "tea-house" not in parts.path
        if parts.netloc == HOST and not href.startswith("#"):
            assert at_root(shop, parts.path.strip("/"), dict(parse_qsl(parts.query))).status == 200, href


def test_the_addresses_that_others_are_told_are_the_hosts_own(shop: StorefrontsService) -> None:
    page = at_root(shop, "products/prd_1", {"language": "en"})
    assert f'<link rel="canonical" href="https://{HOST}/products/prd_1?language=en">' in page.body
    assert documents(page)[0]["url"] == f"https://{HOST}/products/prd_1?language=en"
    assert f"Sitemap: https://{HOST}/sitemap.xml" in at_root(shop, "robots.txt").body
    assert f"https://{HOST}/?language=en" in at_root(shop, "", {"language": "en"}).body.partition('rel="canonical"')[2]
    assert f"<loc>https://{HOST}/products/prd_1?language=en</loc>" in at_root(shop, "sitemap.xml").body


def test_what_caches_keep_of_it_they_keep_by_the_host(shop: StorefrontsService) -> None:
    assert at_root(shop, "products").headers["Vary"] == "Accept-Language, X-Shop-Host"
    assert at_root(shop, "products", {"language": "en"}).headers["Vary"] == "X-Shop-Host"
    assert shop.shown("products").headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("host", ['evil"><b', "a b", "../x", "x" * 300, "-tea", "tea.example/"])
def test_what_is_no_host_is_none(shop: StorefrontsService, host: str) -> None:
    page = shop.shown("products", x_shop_host=host)
    assert "https://hub.example" in page.body
    assert host not in page.body


def test_an_older_name_of_the_shop_goes_on_at_its_host(service: StorefrontsService) -> None:
    made = service.opened(OPEN).body
    service.changed(made["id"], 1, pages={**PAGES, "slug": "coffee-house"})
    assert at_root(service, "products").status == 200
    assert service.shown("products").status == 301


def test_what_is_bought_under_an_older_name_is_of_the_shop_that_its_forms_name(service: StorefrontsService) -> None:
    service.tell(published(1))
    made = service.opened(OPEN).body
    service.changed(made["id"], 1, pages={**PAGES, "slug": "coffee-house"})
    visit = hidden(at_root(service, "find"), "visit")
    Visits(TICKETS, utc_now).read(visit, "tea-house")
    with pytest.raises(VisitOver):
        Visits(TICKETS, utc_now).read(visit, "coffee-house")


def test_others_are_told_of_the_host_that_the_owner_names_wherever_the_reader_is(shop: StorefrontsService) -> None:
    (storefront,) = shop.asked("/v1/storefronts", {}, caller()).body["items"]
    changed = shop.changed(storefront["id"], 1, pages={**PAGES, "host": HOST})
    assert changed.status == 200
    shop.forget()
    page = shop.shown("products/prd_1", {"language": "en"})
    assert f'<link rel="canonical" href="https://{HOST}/products/prd_1?language=en">' in page.body
    assert f"https://{HOST}/products/prd_1" in shop.shown("share", {"product": "prd_1"}).body
    assert f'<link rel="canonical" href="https://{HOST}/' in shop.shown("", {"language": "en"}).body
    assert all("://" not in href for href in links(page) if HOST not in href), "its own links stay where the reader is"


def test_a_shop_without_a_host_is_told_of_and_kept_as_before(service: StorefrontsService) -> None:
    assert "host" not in service.opened(OPEN).body["pages"]
    assert '"host"' not in ShopPages(slug="tea-house").model_dump_json(), "sent again after an upgrade, it is the same request"


@pytest.mark.parametrize(
    "host", ["https://tea.example", "tea.example/shop", "Tea.example", "tea", "192.0.2.1", "tea.example:8080", "-t.example"]
)
def test_a_host_that_is_no_domain_is_refused_and_its_owner_told_what_to_write(service: StorefrontsService, host: str) -> None:
    refused = service.opened({**OPEN, "pages": {**PAGES, "host": host}})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/pages/host")
    assert "tea.example" in refused.body["errors"][0]["detail"]


def test_the_roots_page_elsewhere_leads_to_the_shops_first(shop: StorefrontsService) -> None:
    moved = shop.shown("home", {"language": "zh"})
    assert (moved.status, moved.headers["Location"]) == (301, "../tea-house?language=zh")
