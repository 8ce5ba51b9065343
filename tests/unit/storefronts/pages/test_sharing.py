"""Links to be kept, given on and printed."""

import re

import pytest

from shared.pages.qr_code import qr_svg
from tests.unit.storefronts.pages.test_shop_pictures import FRONT, pictured, pictures
from tests.unit.storefronts.pages.test_shop_routes import OPEN, links
from tests.unit.storefronts.service import StorefrontsService, published

OWN = "https://hub.example/shop/tea-house"


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    service.tell(pictured(published(1), [FRONT]), published(2))
    service.opened(OPEN)
    return service


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({}, OWN),
        ({"view": "dense", "currency": "EUR"}, f"{OWN}?currency=EUR&amp;view=dense"),
        ({"q": "vase", "in_stock": "true", "view": "text"}, f"{OWN}/products?q=vase&amp;in_stock=true&amp;view=text"),
        ({"product": "prd_1", "language": "zh"}, f"{OWN}/products/prd_1?language=zh"),
    ],
)
def test_a_link_holds_what_is_seen_and_how_and_nothing_else(shop: StorefrontsService, query: dict[str, str], address: str) -> None:
    page = shop.shown("share", {**query, "utm_source": "mail"})
    assert page.status == 200
    assert f">{address}</a>" in page.body
    assert '<svg class="qr"' in page.body
    assert "noindex" in page.body


def test_every_page_offers_to_keep_it_as_it_is_narrowed(shop: StorefrontsService) -> None:
    (way,) = {href for href in links(shop.shown("products", {"q": "vase", "view": "dense"})) if href.startswith("share")}
    assert way == "share?q=vase&view=dense"
    ways = {href for href in links(shop.shown("products/prd_1")) if "share" in href}
    assert ways == {"../share?product=prd_1"}


def test_a_card_shows_picture_and_price(shop: StorefrontsService) -> None:
    page = shop.shown("share", {"product": "prd_1"})
    assert len(pictures(page)) == 1
    assert "£" in page.body
    assert shop.shown("share", {"product": "prd_9"}).status == 404


def test_a_link_that_no_code_holds_is_shown_without_one(shop: StorefrontsService) -> None:
    page = shop.shown("share", {"option": "颜色:" + "茶" * 300})
    assert (page.status, '<svg class="qr"' in page.body) == (200, False)
    assert "too long for a code" in page.body


def test_a_code_is_of_its_address_alone_and_has_a_quiet_zone():
    one, other = qr_svg(OWN, "<code>"), qr_svg(OWN + "/products", "code")
    assert one != other
    assert 'aria-label="&lt;code&gt;"' in one
    side = int(re.findall(r'viewBox="0 0 (\d+)', one)[0])
    at = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", one)]
    assert min(x for x, _ in at) == 4
    assert max(x for x, _ in at) == side - 5


def test_a_label_has_two_languages_a_price_and_a_code_on_a_paper_of_its_size(shop: StorefrontsService) -> None:
    page = shop.shown("print", {"product": "prd_1"})
    assert re.findall(r'<h1 lang="(\w+)">([^<]*)</h1>', page.body) == [("en", "Vase 1"), ("zh", "花瓶 1")]
    assert "@page{size:A6" in page.body
    assert '<svg class="qr"' in page.body
    assert "<script" not in page.body.replace('<script type="application/ld+json">', "")
    leaflet = shop.shown("print", {"product": "prd_1", "paper": "a4", "language": "zh"})
    assert "@page{size:A4" in leaflet.body
    assert "Blown glass." in leaflet.body
    assert leaflet.body.index("花瓶 1</h1>") < leaflet.body.index("Vase 1</h1>")


def test_a_shop_has_a_leaflet_of_its_newest(shop: StorefrontsService) -> None:
    page = shop.shown("print", {"paper": "a4"})
    assert ("Vase 1" in page.body, "始于1904年。" in page.body) == (True, True)
    assert shop.shown("print", {"paper": "a3"}).status == 422
