"""Titles, bullets: their bounds, and that client sites are told of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange
from functions.uploads.products.product_views import SentProduct
from functions.uploads.products.submission import flaws
from tests.fakes import NOON
from tests.unit.shared.goods.test_identity import CABLE, published


def texts(**english: Any) -> dict[str, Any]:
    return {"en": {"title": "Cable"} | english}


@pytest.mark.parametrize("wrong", [{"title": "x" * 501}, {"bullets": ["x"] * 11}, {"bullets": ["x" * 501]}, {"bullets": [""]}], ids=str)
def test_what_is_longer_than_people_read_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        published(texts=texts(**wrong))


def test_client_sites_are_told_bullets_where_there_are_any():
    told = ParsedChange(ProductChange.published(published(texts=texts(bullets=["Braided", "- 2 m"])), NOON)).shown_alike["texts"]
    assert told == {"en": {"title": "Cable", "description": "", "bullets": ["Braided", "- 2 m"]}}


def test_a_bullet_holds_nothing_that_nobody_sees():
    product = published(texts=texts(bullets=["fine", "bra\u200bided"])).product
    assert [flaw.pointer for flaw in flaws(product, {"aa"})] == ["/texts/en/bullets/1"]


def test_a_request_says_of_its_texts_what_it_was_sent():
    sent = SentProduct.model_validate(CABLE | {"texts": texts(bullets=["Braided"]) | {"de": {"title": "Kabel"}}})
    assert sent.model_dump()["texts"] == {
        "en": {"title": "Cable", "description": "", "bullets": ["Braided"]}, "de": {"title": "Kabel", "description": ""},
    }  # fmt: skip
