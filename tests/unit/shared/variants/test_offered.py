"""A product with variants: what is let in, and what it is sold as."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.ids import derived_id, offer_id_of
from shared.trade.product import Product
from shared.variants.offered import offers_of, titled, variant_offer_id

RED_M: dict[str, Any] = {"sku": "SCARF", "options": {"colour": "red", "size": "M"}, "stock": 3}
BLUE_M: dict[str, Any] = {
    "sku": "SCARF-B", "options": {"colour": "blue", "size": "M"}, "stock": 4, "price": {"amount": 800, "currency": "GBP"},
    "weight": 90, "pictures": ["pic_blue"], "gtin": "12345678",
}  # fmt: skip


def scarf(**more: Any) -> Product:
    told: dict[str, Any] = {
        "sku": "SCARF", "texts": {"en": {"title": "Silk scarf"}}, "category": "aa", "price": {"amount": 900, "currency": "GBP"},
        "tiers": [{"min_quantity": 10, "price": {"amount": 700, "currency": "GBP"}}], "stock": 0, "weight": 100,
        "size": {"length": 1, "width": 2, "height": 3}, "hs_code": "621410", "origin": "CN", "pictures": ["pic_red"], "gtin": "87654321",
        "options": [{"name": "colour"}, {"name": "size", "names": {"zh": "尺码"}}], "variants": [RED_M, BLUE_M],
    }  # fmt: skip
    return Product.model_validate(told | more)


def test_each_variant_is_sold_as_a_product_of_its_own_and_what_it_does_not_say_is_the_products() -> None:
    own, blue = offers_of("off_own", "prd_1", scarf())
    assert (own.offer_id, own.choice, own.product.stock, own.product.price.amount) == ("off_own", ("red", "M"), 3, 900)
    assert (own.product.weight, own.product.pictures, own.product.gtin, len(own.product.tiers)) == (100, ["pic_red"], "87654321", 1)
    assert (blue.offer_id, blue.choice, blue.product.sku) == (derived_id("off", "prd_1", "SCARF-B"), ("blue", "M"), "SCARF-B")
    assert (blue.product.price.amount, blue.product.weight, blue.product.pictures) == (800, 90, ["pic_blue"])
    assert blue.product.options == blue.product.variants == []
    assert own.lowest.amount == blue.lowest.amount == 800


def test_a_variant_with_a_price_of_its_own_has_none_of_the_products_tiers_which_are_below_another_price() -> None:
    _, blue = offers_of("off_own", "prd_1", scarf())
    assert blue.product.tiers == []


def test_the_variant_with_the_products_sku_keeps_the_offer_that_the_product_had() -> None:
    assert variant_offer_id("prd_1", "SCARF", "SCARF") == offer_id_of("prd_1")
    assert variant_offer_id("prd_1", "SCARF", "SCARF-B") != offer_id_of("prd_1")


def test_a_product_of_several_costs_its_lowest_price_and_has_the_sum_of_their_stock() -> None:
    assert (scarf().lowest.amount, scarf().highest.amount, scarf().units) == (800, 900, 7)


def test_a_product_without_variants_is_one_offer_and_the_same_json_as_before() -> None:
    plain = scarf(options=[], variants=[])
    assert [(each.offer_id, each.product, each.choice) for each in offers_of("off_own", "prd_1", plain)] == [("off_own", plain, ())]
    assert not {"options", "variants"} & set(plain.model_dump(exclude_defaults=True))
    assert (plain.lowest, plain.units) == (plain.price, plain.stock)


@pytest.mark.parametrize(
    ("variants", "says"),
    [
        ([RED_M, BLUE_M | {"options": {"colour": "red", "size": "M"}}], "variant 1: another has"),
        ([RED_M, BLUE_M | {"sku": "SCARF"}], "variant 1: another has"),
        ([RED_M, BLUE_M | {"options": {"colour": "blue"}}], "variant 1: give one value of each option, which are colour, size"),
        ([RED_M, BLUE_M | {"price": {"amount": 1, "currency": "EUR"}}], "variant 1: give its prices in the product's currency, GBP"),
        ([], "name different options"),
    ],
)
def test_variants_that_cannot_be_told_apart_or_priced_together_are_refused_by_name(variants: list[Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        scarf(variants=variants)


def test_a_variants_values_are_shown_in_its_title_however_long_they_are() -> None:
    assert titled("Silk scarf", ("red", "M")) == "Silk scarf — red / M"
    assert titled("Silk scarf", ()) == "Silk scarf"
    long = titled("x" * 200, ("red", "M"))
    assert len(long) == 200
    assert long.endswith("… — red / M")


def test_a_title_is_cut_to_what_orders_and_parcels_take() -> None:
    assert titled("x" * 500, ()) == "x" * 199 + "…"
    assert len(titled("x" * 500, ("y" * 100, "z" * 100, "w" * 100))) == 200
