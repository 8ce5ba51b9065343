"""Who answers for a product's safety in the EU: what is asked, of whom, and that client sites can show it."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.storefronts.index.product_detail import Detail
from functions.uploads.products.described import described_flaws
from functions.uploads.products.submission import flaws
from shared.goods.safety import MEMBERS, Safety, asked_in_union, unanswered
from tests.fakes import NOON
from tests.unit.shared.goods.test_identity import published

MAKER = {"name": "Kiln Ltd", "lines": ["1 Clay Road"], "city": "Berlin", "postal_code": "10115", "country": "DE",
         "electronic_address": "safety@kiln.example"}  # fmt: skip
ABROAD = MAKER | {"city": "Jingdezhen", "country": "CN", "electronic_address": "https://kiln.example/contact"}
WARNINGS = {"en": "Not for children under 3.", "de": "Nicht für Kinder unter 3 Jahren."}


def test_there_are_27_members():
    assert len(MEMBERS) == 27


@pytest.mark.parametrize(
    ("safety", "asked"),
    [
        (None, "say who made it"), ({"manufacturer": MAKER}, None), ({"manufacturer": ABROAD}, "say who is responsible there"),
        ({"manufacturer": ABROAD, "responsible": MAKER}, None), ({"manufacturer": ABROAD, "responsible": ABROAD}, "must be in the EU"),
    ],
)  # fmt: skip
def test_a_maker_or_somebody_responsible_is_in_the_union(safety: dict[str, Any] | None, asked: str | None):
    found = unanswered(Safety.model_validate(safety) if safety else None)
    assert found is asked is None or (asked is not None and asked in str(found))


@pytest.mark.parametrize(("ships_to", "is_asked"), [([], True), (["GB", "DE"], True), (["GB", "US"], False)])
def test_it_is_asked_of_what_may_be_sent_there(ships_to: list[str], is_asked: bool):
    assert (asked_in_union(published(ships_to=ships_to).product) is not None) is is_asked


@pytest.mark.parametrize("wrong", [{"lines": []}, {"name": ""}, {"country": "Germany"}, {"electronic_address": "x" * 301}], ids=str)
def test_an_address_that_is_none_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        published(safety={"manufacturer": MAKER | wrong})


def test_what_can_be_checked_of_it_is_named_by_field():
    safety = {"manufacturer": ABROAD | {"country": "UK", "electronic_address": "call us"}, "responsible": MAKER | {"city": "Ber\u200blin"},
              "warnings": {"en": "Ho\u200bt"}}  # fmt: skip
    product = published(safety=safety).product
    assert [flaw.pointer for flaw in described_flaws(product)] == ["/safety/manufacturer/electronic_address"]
    assert {flaw.pointer for flaw in flaws(product, {"aa"})} == {
        "/safety/manufacturer/electronic_address", "/safety/manufacturer/country", "/safety/responsible/city", "/safety/warnings/en",
    }  # fmt: skip


def test_shoppers_sites_and_shipping_are_told():
    safety = {"manufacturer": ABROAD, "responsible": MAKER, "warnings": WARNINGS}
    message = published(safety=safety)
    assert Detail.of(message).safety == Safety.model_validate(safety)
    assert ParsedChange(ProductChange.published(message, NOON)).shown_alike["safety"]["warnings"] == WARNINGS
    assert ParcelFacts.of(message.offers()[0], "acc_1").answered
    assert not ParcelFacts.of(published().offers()[0], "acc_1").answered
