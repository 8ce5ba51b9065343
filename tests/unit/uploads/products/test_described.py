"""What describes a product is held to what listings can show and filter by."""

import json
from typing import Any

import pytest

from functions.uploads.products.described import described_flaws
from functions.uploads.products.product_views import SentProduct
from functions.uploads.products.submission import flaws
from shared.api.payload import parsed
from shared.errors import Invalid
from shared.trade.product import Product
from tests.unit.uploads import samples


def product(**changes: Any) -> Product:
    return Product.model_validate(samples.product(**changes))


def with_option(name: str, value: str) -> Product:
    return product(options=[{"name": name}], variants=[{"sku": "A-1", "options": {name: value}, "stock": 1}])


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        ("a:b", "x", "/options/0/name"), ("a：b", "x", "/options/0/name"), ("a|b", "x", "/options/0/name"),
        ("colour", "red|blue", "/variants/0/options/colour"),
    ],
)  # fmt: skip
def test_what_separates_options_in_a_listings_address_stands_in_none(name: str, value: str, pointer: str):
    found = list(described_flaws(with_option(name, value)))
    assert [flaw.pointer for flaw in found] == [pointer]
    assert "such as" in found[0].detail


@pytest.mark.parametrize("other", ["Colour", "COLOUR", "ｃｏｌｏｕｒ", "cólour"])
def test_two_options_of_one_name_are_refused_however_they_are_written(other: str):
    one = {"sku": "A-1", "options": {"colour": "red", other: "1"}, "stock": 1}
    found = described_flaws(product(options=[{"name": "colour"}, {"name": other}], variants=[one]))
    assert [flaw.pointer for flaw in found] == ["/options"]


@pytest.mark.parametrize("other", ["Red", "RÉD", "ｒｅｄ"])
def test_two_variants_of_the_same_values_are_refused_however_they_are_written(other: str):
    variants = [{"sku": f"A-{n}", "options": {"colour": value, "size": "M"}, "stock": 1} for n, value in enumerate(("red", "blue", other))]
    found = described_flaws(product(options=[{"name": "colour"}, {"name": "size"}], variants=variants))
    assert [flaw.pointer for flaw in found] == ["/variants/2/options"]


@pytest.mark.parametrize(("name", "value"), [("scale", "1:24"), ("尺码", "均码"), ("Größe", "38/40")])
def test_a_value_may_hold_a_colon(name: str, value: str):
    assert list(described_flaws(with_option(name, value))) == []


def test_it_is_asked_of_whatever_comes_in():
    held = product().category
    assert [flaw.pointer for flaw in flaws(with_option("a:b", "x"), {held})] == ["/options/0/name"]
    assert [flaw.pointer for flaw in flaws(with_option("colour", "r\u200bed"), {held})] == ["/variants/0/options/colour"]


def test_one_attribute_has_all_values_of_its_name():
    attributes = [{"name": "Material", "values": ["Silk"]}, {"name": "MATERIAL", "values": ["Wool"]}]
    assert [flaw.pointer for flaw in described_flaws(product(attributes=attributes))] == ["/attributes/1/name"]


def test_every_category_is_one_of_the_taxonomy_and_no_value_hides_anything():
    one = product(categories=["hg", "zz-1"], attributes=[{"name": "Material", "values": ["Si\u200blk"]}])
    assert [flaw.pointer for flaw in flaws(one, {"hg", one.category})] == ["/attributes/0/values/0", "/categories/1"]


def test_what_is_wrong_with_variants_is_said_in_our_words_alone():
    body = samples.product(
        options=[{"name": "colour"}, {"name": "colour"}], variants=[{"sku": "A", "options": {"colour": "x"}, "stock": 1}]
    )
    with pytest.raises(Invalid) as refused:
        parsed(SentProduct, json.dumps(body).encode())
    assert [error.detail for error in refused.value.errors] == ["name different options, and at least one variant with a value of each"]
