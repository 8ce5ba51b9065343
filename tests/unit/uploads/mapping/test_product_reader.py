from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.feed import Fault, Row
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.values.words import Unreadable
from functions.uploads.values.written import money_of
from monsoon_plugin.money import exponent
from shared.trade.product import Product
from tests.unit.uploads.samples import CATEGORIES, COLUMNS, row


def product_of(columns: list[str], read: Row) -> Product | list[Fault]:
    """The product of one row with our own columns, or its faults."""
    found = ProductReader(None, columns, CATEGORIES).read(read)
    return found.product or found.faults


def faults(**cells: str) -> dict[str, Fault]:
    found = product_of(COLUMNS, row(**cells))
    assert isinstance(found, list)
    return {fault.column: fault for fault in found}


def read(**cells: str) -> Product:
    found = product_of(COLUMNS, row(**cells))
    assert isinstance(found, Product), found
    return found


def test_a_row_becomes_the_product_it_describes() -> None:
    found = read(pictures="pic_1 | pic_2", gtin="4006381333931", tier1_min="10", tier1_price="2")
    assert (found.sku, found.category, found.stock, found.weight, found.size.length) == ("A-1", "hg-3-2", 40, 310, 100)
    assert (found.texts["zh"].title, found.texts["en"].description) == ("白灯笼", "For the garden")
    assert (found.price.amount, found.tiers[0].price.amount, found.tiers[0].min_quantity) == (255, 200, 10)
    assert found.pictures == ["pic_1", "pic_2"]


def tagged(tags: str, ships_to: str = "") -> Product | list[Fault]:
    return product_of([*COLUMNS, "tags", "ships_to"], Row(number=2, cells=[*row().cells, tags, ships_to]))


def test_tags_and_destinations_are_lists_in_the_hubs_letter_case() -> None:
    found = tagged("Gift | silk|丝巾,gift,", "gb|CN")
    assert isinstance(found, Product)
    assert (found.tags, found.ships_to) == (["gift", "silk", "丝巾"], ["GB", "CN"])


@pytest.mark.parametrize("tags", ["gift set", "#gift", "x" * 41, "|".join(f"t{n}" for n in range(21))])
def test_tags_that_cannot_be_taken_are_told_how_to_write_them(tags: str) -> None:
    found = tagged(tags, "England")
    assert isinstance(found, list)
    assert {fault.column: fault.detail.split(":")[0].split(",")[0] for fault in found} == {
        "tags": "write at most 20 tags", "ships_to": "“England” is no country",
    }  # fmt: skip


def test_a_language_without_texts_is_left_out() -> None:
    assert set(read(title_zh="").texts) == {"en"}


def test_a_description_without_a_title_is_a_fault_of_the_title() -> None:
    assert set(faults(title_en="")) == {"title_en"}


@pytest.mark.parametrize(
    ("text", "currency", "amount"), [("2.55", "EUR", 255), ("2.5", "EUR", 250), ("255", "JPY", 255), ("2.555", "KWD", 2555)]
)
def test_a_price_is_exact_in_the_currencys_minor_units(text: str, currency: str, amount: int) -> None:
    assert money_of(text, currency) == (amount, currency)


@given(st.integers(min_value=0, max_value=10**11), st.sampled_from(["EUR", "JPY", "KWD", "CNY"]))
def test_no_price_loses_a_minor_unit(amount: int, currency: str) -> None:
    assert money_of(f"{Decimal(amount).scaleb(-exponent(currency)):f}", currency) == (amount, currency)


@pytest.mark.parametrize("text", ["2.555", "$2.55 EUR USD", "£2.55", "1e3", "", "NaN", "-", "1_0", "-2"])
def test_a_price_that_is_not_exact_or_no_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        money_of(text, "EUR")


@pytest.mark.parametrize("hidden", ["\x00", "\x08", "\x1f", "\ufffd", "\ufffe"])
def test_a_cell_with_characters_that_nobody_typed_is_a_fault(hidden: str) -> None:
    assert faults(title_en=f"Lan{hidden}tern")["title_en"].code == "wrong-encoding"


def test_every_wrong_column_is_named_once() -> None:
    found = faults(price="2.555", stock="many", currency="XYZ", hs_code="12", origin="China", width_mm="0", tier1_min="x", tier1_price="1")
    assert set(found) == {"stock", "price", "hs_code", "origin", "width_mm", "tier1_min", "tier1_price"}
    assert "digits only" in found["stock"].detail
    assert "three letters" in found["price"].detail


def test_half_a_tier_is_a_fault_of_the_empty_half() -> None:
    assert set(faults(tier1_min="10")) == {"tier1_price"}


@pytest.mark.parametrize("cell", ["- Soft cotton", "-20%", "@home", "=1+1", "+SUM(A1)", "＝1", "-3"])
def test_what_begins_like_a_formula_is_text_as_it_stands(cell: str) -> None:
    assert read(title_en=cell).texts["en"].title == cell


def test_columns_in_any_letter_case_are_ours() -> None:
    found = product_of([column.upper() for column in COLUMNS], row())
    assert isinstance(found, Product)
    assert set(found.texts) == {"en", "zh"}


def test_faults_are_told_in_english_and_chinese_and_without_patterns() -> None:
    for fault in faults(price="x", stock="many", hs_code="12", origin="China", gtin="1", category="nowhere", title_en="").values():
        assert fault.detail
        assert any("\u4e00" <= sign <= "\u9fff" for sign in fault.detail_zh)
        assert not set("^$\\") & set(fault.detail + fault.detail_zh)


@given(st.lists(st.text(max_size=30), max_size=len(COLUMNS) + 1))
def test_no_cells_ever_break_the_reading(cells: list[str]) -> None:
    found = product_of(COLUMNS, Row(number=2, cells=cells))
    assert isinstance(found, Product) or 0 < len(found) <= 20


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_a_row_is_a_product_or_tells_its_faults(cells: dict[str, str]) -> None:
    found = product_of(COLUMNS, row(**cells))
    assert isinstance(found, Product) or all(fault.column in COLUMNS or "<" in fault.column for fault in found)
