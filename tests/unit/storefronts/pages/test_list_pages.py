"""Lists: narrowed by links and by a form that keeps what was typed, searched, and what comes near where nothing is found."""

import re
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.messages import OfferPublished
from tests.fakes import Reply
from tests.unit.storefronts.pages.test_shop_routes import OPEN, links
from tests.unit.storefronts.service import StorefrontsService, published


def described(number: int, material: str, brand: str, cost: int = 1000, **changes: Any) -> OfferPublished:
    message = published(number, cost=cost, **changes)
    told = message.product.model_dump(exclude_defaults=True) | {"brand": brand, "attributes": [{"name": "Material", "values": [material]}]}
    return message.model_copy(update={"product": type(message.product).model_validate(told)})


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    service.tell(
        described(1, "Glass", "Fern & Field"),
        described(2, "Glass", "Ōkawa", 2000),
        described(3, "Clay", "Fern & Field", 3000, category="hg-3"),
    )
    service.opened(OPEN)
    return service


def products(page: Reply) -> list[str]:
    return re.findall(r'<li class="card">.*?products/(prd_\d+)', page.body, re.DOTALL)


def followed(service: StorefrontsService, page: Reply, text: str) -> Reply:
    """The page behind the link that says `text`."""
    href = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(text)}[ <]', page.body)
    assert href, text
    target = urlsplit(href[1].replace("&amp;", "&"))
    return service.shown(target.path.removeprefix("../"), dict(parse_qsl(target.query)))


def test_each_value_is_a_link_that_narrows_and_the_chosen_one_a_link_that_widens_again(shop: StorefrontsService) -> None:
    whole = shop.shown("products")
    glass = followed(shop, whole, "Glass")
    assert products(glass) == ["prd_2", "prd_1"]
    mine = followed(shop, glass, "Fern &amp; Field")
    assert products(mine) == ["prd_1"]
    assert mine.body.count('aria-current="true">') >= 2
    assert products(followed(shop, mine, "Glass")) == ["prd_3", "prd_1"]
    assert products(followed(shop, whole, "Vases")) == ["prd_2", "prd_1"]


def test_prices_are_typed_as_people_write_them(shop: StorefrontsService) -> None:
    """Costs of 10, 20 and 30 are sold at 12.99, 24.99 (or 25.99) and 37.99."""
    assert products(shop.shown("products", {"least": "20", "most": "30,50"})) == ["prd_2"]
    assert products(shop.shown("products", {"least": " 12.99 ", "most": ""})) == ["prd_3", "prd_2", "prd_1"]
    assert products(shop.shown("products", {"least": "13"})) == ["prd_3", "prd_2"]


@pytest.mark.parametrize(
    ("query", "said"),
    [({"least": "abc", "most": "20"}, "Write a price as a number"), ({"least": "20", "most": "10"}, "more than the highest"),
     ({"least": "-1"}, "Write a price as a number"), ({"most": "NaN"}, "Write a price"), ({"most": "1e99"}, "Write a price"),
     ({"q": "!!!"}, "Search for a word")],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_beside_the_form_which_keeps_what_was_typed(
    shop: StorefrontsService, query: dict[str, str], said: str
) -> None:
    page = shop.shown("products", query)
    assert page.status == 422
    assert said in page.body
    for name, typed in query.items():
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(typed)}"', page.body), name
    assert products(page)


def test_what_others_hang_on_a_link_is_passed_over_and_what_nobody_chose_too(shop: StorefrontsService) -> None:
    page = shop.shown("products", {"utm_source": "mail", "fbclid": "x" * 5000, "category": "", "condition": "", "currency": "", "q": ""})
    assert (page.status, len(products(page))) == (200, 3)
    assert "utm_source" not in page.body


@pytest.mark.parametrize(
    "query", [{"category": "' or 1=1"}, {"currency": "QQQ"}, {"option": "colour"}, {"q": "x" * 101}, {"language": "<b>"}]
)
def test_a_mistyped_address_is_a_page_too(shop: StorefrontsService, query: dict[str, str]) -> None:
    page = shop.shown("products", query)
    assert (page.status, page.headers["Content-Type"]) == (422, "text/html; charset=utf-8")
    assert "or 1=1" not in page.body
    assert "<b>" not in page.body


def test_a_list_goes_on_and_a_link_that_was_kept_too_long_begins_anew(service: StorefrontsService) -> None:
    service.tell(*(published(n) for n in range(1, 31)))
    service.opened(OPEN)
    first = service.shown("products", {"category": "hg-3"})
    (link,) = (found for found in links(first) if "cursor=" in found)
    query = dict(parse_qsl(urlsplit(link).query))
    second = service.shown("products", query)
    assert len(products(first)) == 24
    assert sorted(products(first) + products(second)) == sorted(f"prd_{n}" for n in range(1, 31))
    stale = service.shown("products", query | {"cursor": "x"})
    assert (stale.status, stale.headers["Location"], stale.headers["Cache-Control"]) == (303, "products?category=hg-3", "no-store")


def test_a_search_names_categories_that_are_called_so(shop: StorefrontsService) -> None:
    page = shop.shown("products", {"q": "vases"})
    assert {"prd_1", "prd_2", "prd_3"} == set(products(page))
    assert "products?category=hg-3-67" in links(page)


def test_where_nothing_is_found_words_that_find_something_are_offered(shop: StorefrontsService) -> None:
    page = shop.shown("products", {"q": "vaze porcelain"})
    assert page.status == 200
    assert "Nothing was found, but …" in page.body
    assert "products?q=vase" in links(page)
    assert "noindex" in page.body
    assert len(products(page)) == 3, "what is new"


def test_where_the_filters_hide_all_the_search_without_them_is_offered(shop: StorefrontsService) -> None:
    page = shop.shown("products", {"q": "vase", "least": "5000"})
    assert "3 products without what narrows the list" in page.body
    assert "products?q=vase" in links(page)


def test_a_list_of_24_is_at_most_8_kb_packed(service: StorefrontsService) -> None:
    service.tell(*(described(n, f"Material {n}", f"Brand {n}") for n in range(1, 41)))
    service.opened(OPEN)
    for path in ("", "products", "products/prd_1"):
        assert len(zlib.compress(service.shown(path, {"language": "zh"}).body.encode())) <= 8 * 1024
