"""The pages of a shop, as a browser is answered."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from shared.messages import OfferAvailabilityChanged
from tests.fakes import Reply, call
from tests.unit.storefronts.service import BODY, StorefrontsService, published, recalled

PAGES: dict[str, Any] = {"slug": "tea-house", "accent": "#ffcc00", "welcome": {"en": "Loose leaves <since 1904>.", "zh": "始于1904年。"}}
OPEN: dict[str, Any] = {**BODY, "pages": PAGES, "price_rule": {**BODY["price_rule"], "currencies": ["GBP", "EUR"]}}  # type: ignore[dict-item]


def documents(page: Reply) -> list[dict[str, Any]]:
    """The structured data of a page."""
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.body, re.DOTALL)]


def links(page: Reply) -> set[str]:
    return {href.replace("&amp;", "&") for href in re.findall(r'<a [^>]*href="([^"]*)"', page.body)}


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    """A shop with three products, open to anybody."""
    service.tell(*(published(n) for n in range(1, 4)))
    service.opened(OPEN)
    return service


def test_anybody_sees_a_shop_without_a_key_in_the_language_of_their_browser(shop: StorefrontsService) -> None:
    english, chinese = shop.shown(), shop.shown(accept_language="zh-CN,en;q=0.5")
    assert (english.status, chinese.status) == (200, 200)
    assert "Loose leaves &lt;since 1904&gt;." in english.body
    assert '<html lang="en">' in english.body
    assert "Vase 3" in english.body
    assert "£12.99" in english.body
    assert '<html lang="zh">' in chinese.body
    for text in ("花瓶 3", "新品", "始于1904年。"):
        assert text in chinese.body
    assert english.headers["Vary"] == "Accept-Language"
    assert "Vary" not in shop.shown(query={"language": "zh"}).headers


@pytest.mark.parametrize("rest", ["nope", "products/prd_1/more", "a/b/c/d", "%00", "..%2f..", "a%20b"])
def test_an_address_below_a_shop_that_is_no_page_of_it_is_answered_by_a_page_that_leads_to_the_shop(
    shop: StorefrontsService, rest: str
) -> None:
    for host, at, home in (
        ({"x_shop_host": "tea.example"}, "https://tea.example/", "https://tea.example/"),
        ({}, "https://hub.example/shop/tea-house/", "https://hub.example/shop/tea-house"),
    ):
        page = shop.lost(rest, **host)
        assert (page.status, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8"), page.body
        assert "Nothing is here" in page.body
        back = re.search(r'<a class="button" href="([^"]*)">', page.body)
        assert back
        assert urljoin(at + rest, back[1]) == home


def test_a_shop_s_address_with_a_stroke_behind_it_leads_to_the_shop(shop: StorefrontsService) -> None:
    page = shop.lost("")
    assert (page.status, urljoin("https://hub.example/shop/tea-house/", page.headers["Location"])) == (
        301,
        "https://hub.example/shop/tea-house",
    )


@pytest.mark.parametrize(("step", "to"), [("rates", "cart"), ("review", "cart"), ("place", "cart"), ("pay", "find"), ("cancel", "find")])
def test_who_loads_the_address_of_a_form_s_answer_anew_goes_on_where_the_cart_or_the_order_is(
    shop: StorefrontsService, step: str, to: str
) -> None:
    page = shop.lost(step)
    assert (page.status, page.headers["Location"], page.headers["Cache-Control"]) == (303, to, "no-store")


def test_what_only_looks_whether_a_page_is_alive_is_answered_as_its_reader_is_without_the_page(shop: StorefrontsService) -> None:
    headers = {"accept": "text/html", "host": "hub.example"}
    for slug in ("tea-house", "no-such-house"):
        read, looked = (call(shop.app, method, "/shop/{slug}", path={"slug": slug}, headers=headers) for method in ("GET", "HEAD"))
        assert (looked.status, looked.headers, looked.body) == (read.status, read.headers, None)


def test_where_there_is_no_shop_and_where_it_is_closed_is_said_and_its_orders_are_still_found(service: StorefrontsService) -> None:
    nowhere = service.shown()
    assert (nowhere.status, "There is no shop at this address" in nowhere.body, "Search the shop" in nowhere.body) == (404, True, False)
    service.opened({**OPEN, "open": False})
    for path, find in (("", "tea-house/find"), ("home", "find"), ("products", "find"), ("products/prd_1", "../find"), ("cart", "find")):
        closed = service.shown(path)
        assert (closed.status, "This shop is closed at present" in closed.body) == (404, True), path
        assert f'<a href="{find}">' in closed.body
    assert "../find" not in service.shown("home", x_shop_host="tea.example").body
    found = service.shown("find")
    assert (found.status, 'action="find"' in found.body) == (200, True)


def test_a_shop_that_sells_nothing_yet_says_so_and_offers_nothing_but(service: StorefrontsService) -> None:
    service.opened(OPEN)
    for path, query in (("", None), ("products", None), ("products", {"q": "bowl"})):
        page = service.shown(path, query)
        assert "Nothing is on sale here yet. Come back soon." in page.body
        assert "Nothing was found, but" not in page.body


def test_language_and_currency_go_with_every_link(shop: StorefrontsService) -> None:
    for path in ("", "products", "products/prd_1"):
        page = shop.shown(path, {"language": "zh", "currency": "EUR"})
        own = [link for link in links(page) if not re.search(r"language=en|currency=GBP|^#", link)]
        assert own
        assert all("language=zh" in link and "currency=EUR" in link for link in own), own
        assert "€" in page.body
        assert "£" not in page.body


@pytest.mark.parametrize("path", ["", "products", "products/prd_1"])
def test_every_link_leads_to_a_page_wherever_the_shop_lies(shop: StorefrontsService, path: str) -> None:
    """Relative links, so that they hold below a stage and at a domain of the shop's own."""
    base = "https://hub.example/prod/shop/tea-house" + (f"/{path}" if path else "")
    for link in links(shop.shown(path)):
        assert not link.startswith(("/", "http"))
        target = urlsplit(urljoin(base, link))
        assert target.path.startswith("/prod/shop/tea-house"), (path, link)
        place = target.path.removeprefix("/prod/shop/tea-house").strip("/")
        assert shop.shown(place, dict(parse_qsl(target.query))).status == 200, link


def test_a_page_is_the_same_query_as_the_apis_listing_and_writes_nothing(shop: StorefrontsService) -> None:
    page = shop.shown("products")
    assert re.findall(r"products/(prd_\d)", page.body) == ["prd_3", "prd_2", "prd_1"]
    assert "3 products" in page.body


def test_a_product_says_what_must_be_known_before_it_is_bought(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1")
    for said in ("Vase 1", "£12.99", "In stock", "Prices for businesses", "from 10 units", "Blown glass.", "300 g", "China"):
        assert said in page.body, said
    product, trail = documents(page)
    assert (product["@type"], product["offers"]["price"], product["offers"]["priceCurrency"]) == ("Product", "12.99", "GBP")
    assert product["offers"]["availability"] == "https://schema.org/InStock"
    assert [step["name"] for step in trail["itemListElement"]] == ["Lantern", "Home & Garden", "Decor", "Vases", "Vase 1"]


def test_what_is_sold_out_says_so(shop: StorefrontsService) -> None:
    stock = OfferAvailabilityChanged(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_7", in_stock=False)
    shop.tell(stock)
    page = shop.shown("products/prd_1")
    assert "Sold out" in page.body
    assert documents(page)[0]["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_a_recalled_product_is_gone_with_the_reason_and_unknown_ones_are_not_found(shop: StorefrontsService) -> None:
    shop.tell(recalled(1, 2))
    gone, missing = shop.shown("products/prd_1"), shop.shown("products/prd_77")
    assert (gone.status, missing.status) == (410, 404)
    assert "cracks" in gone.body
    assert 'href="../../tea-house"' in gone.body
    shop.tell(published(1, version=3))
    assert shop.shown("products/prd_1").status == 200


def test_another_spelling_and_an_older_name_lead_to_the_shop(shop: StorefrontsService) -> None:
    for slug in ("TEA-HOUSE", "teahouse", "tea-h0use"):
        moved = shop.shown("products/prd_1", {"offer": "off_1"}, slug=slug)
        assert (moved.status, moved.headers["Location"]) == (301, "../../tea-house/products/prd_1?offer=off_1"), slug
    assert shop.shown(slug="TEA-HOUSE").headers["Location"] == "tea-house"
    assert shop.shown(slug="coffee-house").status == 404
    assert shop.shown(slug="TEA HOUSE").status == 404


def test_a_shop_that_is_closed_or_suspended_says_no_more_than_that(service: StorefrontsService) -> None:
    service.tell(published(1))
    storefront = service.opened(OPEN).body["id"]
    service.sanctioned(storefront, "suspension", reason="sold copies")
    service.forget()
    page = service.shown()
    assert page.status == 404
    assert "sold copies" not in page.body
    service.sanctioned(storefront, "reinstatement")
    service.changed(storefront, 3, open=False)
    service.forget()
    assert service.shown().status == 404


def test_search_engines_are_told_one_address_a_page_and_all_its_languages(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1", {"language": "zh", "currency": "EUR", "utm_source": "mail"}).body
    own = "https://hub.example/shop/tea-house/products/prd_1"
    assert f'<link rel="canonical" href="{own}?language=zh">' in page
    told = re.findall(r'rel="alternate" hreflang="([^"]*)" href="([^"]*)"', page)
    assert told == [("en", f"{own}?language=en"), ("zh", f"{own}?language=zh"), ("x-default", own)]
    assert f'<link rel="canonical" href="{own}">' in shop.shown("products/prd_1").body, "the address of x-default is its own, too"
    assert 'content="noindex,follow"' in shop.shown("products", {"q": "vase"}).body
    assert "noindex" not in shop.shown("products", {"category": "hg-3"}).body


def test_a_page_is_in_one_of_the_shops_languages_whatever_its_address_asks_for(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1", {"language": "fr"}, accept_language="zh")
    assert '<html lang="zh">' in page.body
    assert 'products/prd_1?language=zh">' in page.body.partition('rel="canonical"')[2]
    assert "language=fr" not in page.body
    assert page.headers["Vary"] == "Accept-Language"


def test_a_slug_is_there_as_soon_as_it_is_claimed_also_for_whoever_looked_before(service: StorefrontsService) -> None:
    before = service.shown()
    service.opened(OPEN)
    assert (before.status, service.shown().status) == (404, 200)


def test_sitemap_and_robots_name_every_page(shop: StorefrontsService) -> None:
    sitemap, robots = shop.shown("sitemap.xml"), shop.shown("robots.txt")
    assert sitemap.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert sitemap.body.count("<loc>") == 2 * (2 + 1 + 3), "in both languages: home, list, one category, three products"
    assert "https://hub.example/shop/tea-house/products/prd_3?language=zh" in sitemap.body
    assert "Sitemap: https://hub.example/shop/tea-house/sitemap.xml" in robots.body


def test_what_merchants_write_is_text_and_ends_no_script(service: StorefrontsService) -> None:
    hostile = published(1)
    text = hostile.product.texts["en"].model_copy(update={"title": "</script><script>alert(1)</script>", "description": "<!--<script>"})
    product = hostile.product.model_copy(update={"texts": {"en": text}})
    service.tell(hostile.model_copy(update={"product": product}))
    service.opened({**OPEN, "name": "<b>Tea</b>"})
    for path in ("", "products", "products/prd_1"):
        page = service.shown(path)
        assert "alert(1)</script>" not in page.body.replace("&lt;/script&gt;", "")
        assert "<b>Tea" not in page.body
        assert all(documents(page))


def test_a_copy_that_is_the_same_is_not_sent_again(shop: StorefrontsService) -> None:
    for path in ("", "products", "products/prd_1"):
        first = shop.shown(path)
        assert shop.shown(path, if_none_match=first.headers["ETag"]).status == 304


def test_a_shop_of_nothing_says_so(service: StorefrontsService) -> None:
    service.opened(OPEN)
    assert "Nothing is on sale here yet" in service.shown().body
    assert service.shown("products").status == 200
