"""Options as links, prices as typed, categories as called: the pages' pure parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.storefronts.pages.category_names import CategoryNames
from functions.storefronts.pages.product.option_choices import Variant, choices
from functions.storefronts.pages.shop_query_views import minor_units
from functions.storefronts.pages.structured_data_views import as_script
from shared.pages.figures import figures

RED_M, RED_L, BLUE_M = (
    Variant("off_1", {"colour": "red", "size": "M"}, in_stock=True), Variant("off_2", {"colour": "red", "size": "L"}, in_stock=False),
    Variant("off_3", {"colour": "blue", "size": "M"}, in_stock=True),
)  # fmt: skip
NAMES = CategoryNames.of("en", [["hg", "Home & Garden"], ["hg-3", "Home & Garden > Decor"], ["hg-3-67", "Home & Garden > Decor > Vases"]])


def test_a_value_keeps_what_else_is_chosen_where_there_is_such_a_variant():
    found = choices([RED_M, RED_L, BLUE_M], RED_M.options)
    assert [(v.text, v.offer_id, v.chosen) for v in found["colour"]] == [("red", "off_1", True), ("blue", "off_3", False)]
    assert [(v.text, v.offer_id, v.chosen, v.in_stock) for v in found["size"]] == [("M", "off_1", True, True), ("L", "off_2", False, False)]


def test_a_value_that_nothing_else_chosen_has_leads_to_a_variant_all_the_same():
    (_, large) = choices([RED_M, RED_L, BLUE_M], BLUE_M.options)["size"]
    assert (large.offer_id, large.fits) == ("off_2", False)


def test_what_is_in_stock_comes_first_where_nothing_is_chosen():
    gone = Variant("off_0", {"colour": "red", "size": "S"}, in_stock=False)
    (red, _) = choices([gone, RED_M, BLUE_M], {})["colour"]
    assert (red.offer_id, red.chosen) == ("off_1", False)


def test_a_product_without_variants_has_nothing_to_choose():
    assert choices([], {}) == {}


@pytest.mark.parametrize(
    ("typed", "currency", "units"),
    [("12.5", "GBP", 1250), ("12,50", "EUR", 1250), (" 7 ", "JPY", 7), ("1.005", "KWD", 1005), ("0", "GBP", 0), ("", "GBP", None),
     ("1,000.50", "GBP", None), ("-1", "GBP", None), ("Infinity", "GBP", None), ("sNaN", "GBP", None), ("1e11", "GBP", None),
     ("1e999999999999", "GBP", None), ("1e-999999999999", "GBP", 0),
     ("٣", "GBP", 300)],
)  # fmt: skip
def test_a_price_is_read_as_people_type_it(typed: str, currency: str, units: int | None):
    assert minor_units(typed, currency) == units


@given(st.integers(0, 10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_a_price_that_is_shown_in_a_field_is_read_as_the_same(amount: int, currency: str):
    assert minor_units(figures("en").plain(amount, currency), currency) == amount


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_price_or_none(typed: str):
    assert minor_units(typed, "GBP") is None or 0 <= (minor_units(typed, "GBP") or 0) <= 10**12


def test_categories_have_their_own_name_a_trail_and_are_found_by_it():
    assert (NAMES.name("hg-3-67"), NAMES.name("xx-1")) == ("Vases", "xx-1")
    assert NAMES.trail("hg-3-67") == [("hg", "Home & Garden"), ("hg-3", "Decor"), ("hg-3-67", "Vases")]
    assert (NAMES.called("GARDEN"), NAMES.called("vas"), NAMES.called(""), NAMES.called("home vases")) == (["hg"], ["hg-3-67"], [], [])


@given(st.text())
def test_no_text_ends_the_script_that_it_stands_in(text: str):
    script = as_script({"name": text + "</script><!--"})
    assert not any(sign in script for sign in ("<", ">", "\u2028"))
