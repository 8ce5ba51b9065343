"""What a product is like, on pages in another language than the one it is kept in."""

import re
from typing import Any

import pytest

from shared.messages import OfferPublished
from tests.fakes import Reply
from tests.unit.storefronts.pages.test_shop_routes import OPEN
from tests.unit.storefronts.service import StorefrontsService, published

LISTED = {"name": "Material", "values": ["Glass", "Bone china"], "id": "4"}
FREE = {"name": "产地", "values": ["景德镇"]}


def described(number: int, *attributes: dict[str, Any]) -> OfferPublished:
    message = published(number)
    told = message.product.model_dump(exclude_defaults=True) | {"attributes": list(attributes)}
    return message.model_copy(update={"product": type(message.product).model_validate(told)})


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    service.tell(described(1, LISTED, FREE), described(2, {"name": "Material", "values": ["Clay"], "id": "4"}))
    service.opened(OPEN)
    return service


def facts(page: Reply) -> list[tuple[str, str]]:
    return re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', page.body[page.body.rindex("<table>") :])


def test_a_chinese_page_shows_the_taxonomys_chinese_words_and_a_suppliers_own_as_written(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1", {"language": "zh"})
    assert facts(page)[:2] == [("材质", "玻璃 · Bone china"), ("产地", "景德镇")]


def test_an_english_page_shows_its_own_words_and_marks_chinese_ones_as_such(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1", {"language": "en"})
    assert facts(page)[:2] == [
        ("Material", "Glass · Bone china"), ('<span lang="zh">产地</span>', '<span lang="zh">景德镇</span>')
    ]  # fmt: skip


def test_a_list_is_narrowed_by_the_same_words(shop: StorefrontsService) -> None:
    page = shop.shown("products", {"language": "zh"})
    assert "<h2>材质</h2>" in page.body
    chosen = shop.shown("products", {"language": "zh", "attribute": "material:glass"})
    assert re.search(r'aria-current="true">玻璃 <span aria-hidden="true">×', chosen.body)


def test_what_is_in_no_list_of_the_readers_language_is_marked_as_english(service: StorefrontsService) -> None:
    service.tell(described(1, LISTED))
    service.opened(OPEN | {"languages": ["fr"]})
    page = service.shown("products/prd_1", {"language": "fr"})
    assert facts(page)[0] == ('<span lang="en">Material</span>', '<span lang="en">Glass</span> · Bone china')
