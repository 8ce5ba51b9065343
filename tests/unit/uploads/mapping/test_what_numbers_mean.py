"""Whether 1.000 is one or a thousand is decided by the file's other numbers, and asked where they do not say."""

from typing import Any

import pytest

from functions.uploads.values.decimal_mark import MarkSought, mark_in
from functions.uploads.values.words import Unreadable
from functions.uploads.values.written import count_of, measure_of, money_of
from tests.unit.uploads.conftest import PRODUCT_ID, Uploads
from tests.unit.uploads.samples import ACCOUNT


@pytest.mark.parametrize(
    ("text", "mark"),
    [("12.50", "."), ("12,5 EUR", ","), ("1.234,50", ","), ("$1,234.50", "."), ("0.310 kg", "."), ("1.234.567", ","), ("1234.000", "."),
     ("1.000", ""), ("1,234", ""), ("40", ""), ("", ""), ("n/a", ""), ("12. ", "")],
)  # fmt: skip
def test_a_number_shows_the_mark_before_its_decimals_or_none(text: str, mark: str) -> None:
    assert mark_in(text) == mark


def test_numbers_that_disagree_show_none() -> None:
    sought = MarkSought()
    for text in ("12.50", "1.000"):
        sought.see(text)
    assert sought.mark == "."
    sought.see("3,5")
    assert sought.mark == ""


@pytest.mark.parametrize(
    ("mark", "units", "grams", "price"), [(".", 1, 2, (150, "EUR")), (",", 1000, 1500, (150000, "EUR"))], ids=["a point", "a comma"]
)
def test_by_a_mark_that_is_known_a_number_means_one_thing(mark: str, units: int, grams: int, price: tuple[int, str]) -> None:
    assert count_of("1.000", mark) == units
    assert measure_of("1.500 g", "", "weight", mark) == grams
    assert money_of("1.500", "EUR", "", mark) == price


def test_by_no_mark_it_is_refused_with_both() -> None:
    for read in (lambda: count_of("1.000"), lambda: measure_of("1.500", "g", "weight"), lambda: money_of("1.500", "EUR")):
        with pytest.raises(Unreadable, match=r"write 1[05]00 or 1\.[05]"):
            read()
    assert measure_of("1.250 kg", "", "weight") == 1250, "nothing of 1,250 kg is sold here"


def stock(uploads: Uploads, price: str, said: str, key: str, **how: Any) -> int | str:
    text = f"sku;title_en;category;price;currency;stock\nA-1;a;hg-3-2;{price};EUR;{said}\nB-1;a;hg-3-2;1;EUR;0\n"
    feed_id = uploads.feed(text.encode(), key, f"2099-11-01T08:00:0{key[1]}.000Z", **how)
    row = uploads.report(feed_id)["items"][0]
    if row["status"] == "failed":
        return str(row["errors"][0]["detail"])
    found = uploads.services.submission_store.products(ACCOUNT, [PRODUCT_ID])
    return found[PRODUCT_ID][1].stock


def test_a_files_prices_say_what_its_counts_mean_and_its_supplier_where_they_do_not(uploads: Uploads) -> None:
    assert stock(uploads, "12,50", "1.000", "f1") == 1000
    assert stock(uploads, "12.50", "1.000", "f2") == 1
    assert stock(uploads, "12", "1.000", "f3") == "“1.000” can be read in two ways: write 1000 or 1.000"
    assert stock(uploads, "12", "1.000", "f4", decimal=",") == 1000
    assert uploads.post({"name": "x", "bytes": 9, "decimal": "'"}, "f5", "/v1/feeds").status == 422


def test_counts_of_a_partial_file_mean_the_same(uploads: Uploads) -> None:
    stock(uploads, "12,50", "1", "f1")
    feed_id = uploads.feed(b"sku;price;stock\nA-1;13,50;2.000\n", "f2", "2099-11-02T08:00:00.000Z", partial=True)
    assert uploads.report(feed_id)["items"][0]["stock"] == "counted"
    assert uploads.services.count_store.current(ACCOUNT, [PRODUCT_ID])[PRODUCT_ID].stock == 2000
