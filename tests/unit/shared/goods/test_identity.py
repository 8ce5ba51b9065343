"""A brand, a part number, a state: what is let in, and that whoever shows, finds or tells of a product knows them."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from shared.goods.part_number import part_number
from shared.messages import OfferPublished
from shared.trade.product import Product
from shared.variants.offered import offers_of
from tests.fakes import NOON

CABLE: dict[str, Any] = {
    "sku": "C-1", "texts": {"en": {"title": "Cable"}}, "category": "aa", "price": {"amount": 900, "currency": "GBP"}, "stock": 3,
    "weight": 100, "size": {"length": 1, "width": 2, "height": 3}, "hs_code": "621410", "origin": "CN", "brand": "StarTech.com",
    "mpn": "HDMM-2M", "condition": "refurbished", "item_group": "HDMM",
}  # fmt: skip
SEVERAL: dict[str, Any] = {
    "options": [{"name": "length"}],
    "variants": [
        {"sku": "C-1", "options": {"length": "2 m"}, "stock": 1},
        {"sku": "C-2", "options": {"length": "3 m"}, "stock": 1, "mpn": "HDMM-3M"},
        {"sku": "C-3", "options": {"length": "4 m"}, "stock": 1},
    ],
}  # fmt: skip


def published(**more: Any) -> OfferPublished:
    product = Product.model_validate(CABLE | more)
    return OfferPublished(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_1", product=product)


@pytest.mark.parametrize(
    "wrong", [{"brand": "x" * 71}, {"brand": ""}, {"mpn": "x" * 71}, {"condition": "like new"}, {"item_group": "x" * 51}], ids=str
)
def test_what_is_too_long_empty_or_no_state_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        Product.model_validate(CABLE | wrong)


@pytest.mark.parametrize("written", ["WH-1000XM4", "wh 1000 xm4", "WH1000XM4", "ＷＨ－１０００ＸＭ４"])
def test_a_part_number_is_the_same_however_it_is_written(written: str):
    assert part_number(written) == "wh1000xm4"


def test_a_part_number_of_signs_alone_is_none():
    assert part_number("---") == ""


def test_a_card_keeps_them_and_is_read_as_it_was_written():
    card = Card.of(published(**SEVERAL), "2026-11-01T12:00:00.000Z")
    assert (card.brand, card.mpns, card.condition) == ("StarTech.com", ("HDMM-2M", "HDMM-3M"), "refurbished")
    assert Card.from_json(card.to_json()) == card
    plain = Card.of(published(), "2026-11-01T12:00:00.000Z")
    assert (Card.from_json(plain.to_json()), plain.options, plain.tags) == (plain, (), ())


def test_a_part_number_is_a_variants_own_or_that_of_the_product_which_it_is():
    assert [each.product.mpn for each in offers_of("off_1", "prd_1", published(**SEVERAL).product)] == ["HDMM-2M", "HDMM-3M", None]
    assert [each.mpn for each in Detail.of(published(**SEVERAL)).variants] == ["HDMM-2M", "HDMM-3M", None]


def test_client_sites_are_told_of_them_and_of_each_variants_part_number():
    told = ParsedChange(ProductChange.published(published(**SEVERAL), NOON))
    wanted = {name: CABLE[name] for name in ("brand", "mpn", "condition", "item_group")}
    assert {name: told.shown_alike[name] for name in wanted} == wanted
    assert [variant.get("mpn") for variant in told.variants_alike] == ["HDMM-2M", "HDMM-3M", None]
