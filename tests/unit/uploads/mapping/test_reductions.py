"""Sale prices and comparisons as shop systems write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.uploads.feeds.feed import Row
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.mapping.recognise import mapping_for
from functions.uploads.values.categories import Categories
from functions.uploads.values.moments import interval_of, moment_of, sale_flaws
from functions.uploads.values.words import Unreadable
from monsoon_plugin.money import Amount
from shared.trade.product import Product
from shared.variants.sale import Sale
from tests.fakes import NOON

KNOWN = Categories([["hg-11", "Home & Garden > Kitchen"]])


def read(columns: list[str], *lines: list[str]) -> Any:
    mapping = mapping_for(columns)
    assert mapping is not None
    (first, *more) = lines
    row = Row(number=2, cells=first, more=[(3 + i, cells) for i, cells in enumerate(more)])
    return ProductReader(mapping, columns, KNOWN).read(row)


def eur(amount: int) -> Amount:
    return Amount(amount=amount, currency="EUR")


GOOGLE = ["id", "title", "price", "availability", "google_product_category", "quantity", "sale_price", "sale_price_effective_date"]


def google(sale: str, dates: str = "", price: str = "30.00 EUR") -> Any:
    return read(GOOGLE, ["A", "Shawl", price, "in_stock", "hg-11", "3", sale, dates])


def test_googles_sale_price_and_its_time_are_read():
    found = google("24.00 EUR", "2026-11-27T00:00+0100 / 2026-12-01T00:00+0100").product
    assert found.sale == Sale(
        price=eur(2400), starts_at=datetime(2026, 11, 26, 23, tzinfo=UTC), ends_at=datetime(2026, 11, 30, 23, tzinfo=UTC)
    )


@pytest.mark.parametrize(("sale", "dates"), [("", "2026-11-27/2026-11-30"), ("0", ""), ("30.00 EUR", "")])
def test_what_reduces_nothing_is_left_out(sale: str, dates: str):
    found = google(sale, dates)
    assert (found.product.sale, found.faults) == (None, [])


@pytest.mark.parametrize(
    ("sale", "dates", "column", "said"),
    [
        ("31.00 EUR", "", "sale_price", "must be lower than the price"), ("24.00 GBP", "", "sale_price", "in its currency"),
        ("24.00 EUR", "2026-12-01/2026-11-27", "sale_price", "must end after it begins"),
        ("24.00 EUR", "from Friday", "sale_price_effective_date", "with / between"),
        ("24.00 EUR", "Friday/2026-11-27", "sale_price_effective_date", "is no date"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_its_column_in_both_languages(sale: str, dates: str, column: str, said: str):
    (fault,) = google(sale, dates).faults
    assert (fault.column, said in fault.detail) == (column, True), fault
    assert any("\u4e00" <= sign <= "\u9fff" for sign in fault.detail_zh)


def test_each_of_shopifys_variants_has_its_own_comparison_and_one_that_is_no_higher_says_nothing():
    columns = ["Handle", "Title", "Product Category", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price",
               "Variant Price Currency", "Variant Inventory Qty", "Variant Compare At Price"]  # fmt: skip
    lines = [
        ["s", "Shawl", "hg-11", "Color", "Red", "R", "30.00", "EUR", "1", "36.00"], ["s", "", "", "", "Blue", "B", "30.00", "EUR", "1", ""],
        ["s", "", "", "", "Green", "G", "30.00", "EUR", "1", "30.00"], ["s", "", "", "", "Grey", "Y", "32.00", "EUR", "1", "0.00"],
    ]  # fmt: skip
    product = read(columns, *lines).product
    assert [variant.compare_at for variant in product.variants] == [eur(3600), None, None, None]
    assert (product.compare_at, product.sale) == (None, None)


WOO = ["Type", "SKU", "Name", "Regular price", "Sale price", "Date sale price starts", "Date sale price ends", "Stock", "Categories",
       "Parent", "Attribute 1 name", "Attribute 1 value(s)"]  # fmt: skip


def test_woocommerces_sale_lasts_through_its_last_day_and_a_fault_names_the_variants_row():
    lines = [
        ["variable", "S", "Shawl", "", "", "", "", "", "hg-11", "", "Color", "Red, Blue"],
        ["variation", "S-R", "", "30 EUR", "24 EUR", "2026-11-27", "2026-11-30", "1", "", "S", "Color", "Red"],
        ["variation", "S-B", "", "30 EUR", "", "", "", "1", "", "S", "Color", "Blue"],
    ]
    product = read(WOO, *lines).product
    assert [variant.sale for variant in product.variants] == [
        Sale(price=eur(2400), starts_at=datetime(2026, 11, 27, tzinfo=UTC), ends_at=datetime(2026, 12, 1, tzinfo=UTC)), None,
    ]  # fmt: skip
    lines[2][4] = "31 EUR"
    (fault,) = read(WOO, *lines).faults
    assert (fault.column, fault.row) == ("Sale price", 4)


def test_our_own_columns_say_it_of_a_product():
    columns = ["sku", "title_en", "category", "price", "currency", "stock", "compare_at_price", "sale_price", "sale_starts", "sale_ends"]
    product = read(columns, ["M", "Mug", "hg-11", "9", "EUR", "1", "12", "7", "2026-11-27T00:00+08:00", ""]).product
    assert (product.compare_at, product.sale) == (eur(1200), Sale(price=eur(700), starts_at=datetime(2026, 11, 26, 16, tzinfo=UTC)))


def test_a_date_is_a_whole_day_in_utc():
    assert moment_of("2026-11-27") == "2026-11-27T00:00:00+00:00"
    assert moment_of("2026-11-27", end=True) == "2026-11-28T00:00:00+00:00"
    assert moment_of("2026-11-27 23:59:59", end=True) == "2026-11-27T23:59:59+00:00"
    assert interval_of("2026-11-27/2026-11-27") == ("2026-11-27T00:00:00+00:00", "2026-11-28T00:00:00+00:00")
    for text in ("27.11.2026", "9999-12-31T23:59-14:00", "", "0"):
        with pytest.raises(Unreadable):
            moment_of(text, end=True)


def test_a_sale_that_begins_in_more_than_a_year_is_asked_about():
    product = google("24 EUR").product
    assert isinstance(product, Product)
    late = product.model_copy(update={"sale": Sale(price=eur(1), starts_at=NOON.replace(year=2028))})
    assert [error.pointer for error in sale_flaws(late, NOON)] == ["/sale/starts_at"]
    assert list(sale_flaws(product, NOON)) == []
