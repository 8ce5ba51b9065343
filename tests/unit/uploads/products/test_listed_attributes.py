"""Attributes by the taxonomy's own list, in any language that is loaded."""

from typing import Any

import pytest

from functions.uploads.products.listed_attributes import by_list
from functions.uploads.products.submission import digest_of
from shared.goods.attributes import Attribute
from shared.trade.product import Product
from shared.trade.reference_data import Reference, load
from tests.fakes import FakeObjects
from tests.unit.uploads import samples

ENGLISH = [["1", "Color", [["2", "Red"], ["3", "Navy"]]], ["4", "Material", [["5", "Cotton"]]]]
CHINESE = [["1", "颜色", [["2", "红色"], ["3", "海军蓝"]]]]


def tidied(*attributes: dict[str, Any], lists: dict[str, Any] | None = None, **more: Any) -> list[Attribute]:
    objects = FakeObjects()
    for language, rows in ({"en": ENGLISH, "zh": CHINESE} if lists is None else lists).items():
        load(objects, f"attributes/{language}", "1", rows)
    body = samples.product(texts={"en": {"title": "Lantern"}, "zh-Hans": {"title": "灯笼"}}, attributes=list(attributes)) | more
    return by_list(Reference(objects))(Product.model_validate(body)).attributes


@pytest.mark.parametrize("name", ["Color", "COLOR", "颜色", "ｃｏｌｏｒ"])
def test_a_name_of_the_list_in_any_language_of_the_product_becomes_the_english_one(name: str):
    found = tidied({"name": name, "values": ["red", "海军蓝", "Teal"]})
    assert found == [Attribute(id="1", name="Color", values=["Red", "Navy", "Teal"])]


def test_a_language_that_the_product_does_not_speak_is_not_looked_at():
    texts = {"en": {"title": "Lantern"}}
    assert tidied({"name": "颜色", "values": ["红色"]}, texts=texts) == [Attribute(name="颜色", values=["红色"])]


def test_a_free_attribute_stays_as_it_is_and_has_no_id_of_the_list():
    assert tidied({"name": "Warp factor", "values": ["9"], "id": "4"}) == [Attribute(name="Warp factor", values=["9"])]


def test_without_a_list_all_are_free():
    assert tidied({"name": "Color", "values": ["Red"]}, lists={}) == [Attribute(name="Color", values=["Red"])]


def test_what_was_tidied_stays_so_that_it_is_the_same_content_when_it_is_sent_again():
    once = tidied({"name": "颜色", "values": ["红色"]})
    assert tidied(*(each.model_dump() for each in once)) == once


def test_two_values_that_are_one_in_the_list_are_one():
    assert tidied({"name": "Color", "values": ["red", "红色"]}) == [Attribute(id="1", name="Color", values=["Red"])]


def test_a_product_without_attributes_is_the_same_content():
    plain = Product.model_validate(samples.product())
    assert digest_of(by_list(Reference(FakeObjects()))(plain)) == digest_of(plain)
