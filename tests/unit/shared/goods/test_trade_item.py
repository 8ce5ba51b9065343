"""What identifies a thing makes its trade item, whoever sends it and however it is written."""

from typing import Any

import pytest

from shared.goods.trade_item import own_trade_item, trade_item_of
from shared.trade.product import Product
from tests.unit.fanout.world import PRODUCT


def item(**said: Any) -> str:
    return trade_item_of(Product.model_validate(PRODUCT.model_dump(exclude_defaults=True) | said))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"gtin": "036000291452"}, {"gtin": "0036000291452"}),
        (
            {"gtin": "4006381333931", "weight": 10},
            {"gtin": "4006381333931", "brand": "Other", "mpn": "X1", "texts": {"zh": {"title": "笔"}}},
        ),
        ({"brand": "Sony", "mpn": "WH-1000XM4"}, {"brand": "SONY ", "mpn": "wh 1000 xm4"}),
    ],
)
def test_the_same_code_is_the_same_thing_whatever_else_is_said(one: dict[str, Any], other: dict[str, Any]):
    assert item(**one) == item(**other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"gtin": "4006381333931"}, {"gtin": "036000291452"}),
        ({"gtin": "4006381333931"}, {"gtin": "4006381333931", "condition": "used"}),
        ({"brand": "Sony", "mpn": "X1"}, {"brand": "Sonos", "mpn": "X1"}),
        ({"brand": "Bosch", "mpn": "M3x1.5"}, {"brand": "Bosch", "mpn": "M3x15"}),
    ],
)
def test_another_code_maker_or_state_is_another(one: dict[str, Any], other: dict[str, Any]):
    assert item(**one) != item(**other)


@pytest.mark.parametrize(
    "said",
    [
        {}, {"brand": "Sony"}, {"mpn": "X1"},
        {"brand": "Unbranded", "mpn": "Does not apply"}, {"brand": "Generic", "mpn": "X1"}, {"brand": "Sony", "mpn": "n/a"},
        {"brand": "無品牌", "mpn": "X1"}, {"brand": "Sony", "mpn": "000-0"},
    ],
)  # fmt: skip
def test_who_says_neither_is_known_by_nothing(said: dict[str, Any]):
    assert item(**said) == ""


def test_a_product_with_variants_is_several():
    assert item(gtin="4006381333931", options=[{"name": "size"}], variants=[{"sku": "M-1", "options": {"size": "S"}, "stock": 1}]) == ""


def test_a_products_own_is_nobody_elses():
    assert own_trade_item("prd_1") != own_trade_item("prd_2")


@pytest.mark.parametrize("gtin", ["2000000000015", "0212345678909", "212345678909", "20123451", "00000000", "0000000000000",
                                  "9521234567899", "9801234567892", "12000000000012"])  # fmt: skip
def test_what_a_shop_prints_for_itself_and_what_is_no_thing_links_nobody(gtin: str):
    """Prefixes 2, 02 and 04 are each shop's own, 98 and 99 coupons', 952 of examples; two shops say them of different things."""
    assert item(gtin=gtin) == ""
    assert item(gtin=gtin, brand="Sony", mpn="X1") == item(brand="Sony", mpn="X1")


@pytest.mark.parametrize("gtin", ["96385074", "036000291452", "4006381333931", "14006381333938", "9780306406157"])
def test_what_is_one_thing_everywhere_links(gtin: str):
    assert item(gtin=gtin) != item(brand="Sony", mpn="X1")
    assert item(gtin=gtin) == item(gtin=gtin, brand="Sony", mpn="X1") != ""
