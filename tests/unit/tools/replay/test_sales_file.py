"""The retailer's file: goods, invoices, dirt, and the feed that its goods become."""

import csv
import gzip
import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from functions.uploads.feeds.feed import Row as FeedRow
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.values.categories import Categories
from shared.trade.product import Product
from tools.replay.__main__ import main, read
from tools.replay.retailer.feed import MOST_STOCK, feed_of, stock_of
from tools.replay.retailer.sales_file import COLUMNS, MOST_LINES, Good, Invoice, Row, parts, rows_of, sorted_out

MUG = Row(
    invoice="536365", code="20001", description="RED MUG", quantity=6, price=255, customer="17850", country="United Kingdom"
)  # fmt: skip


def row(**changes: object) -> Row:
    return Row(**{name: changes.get(name, getattr(MUG, name)) for name in Row.__slots__})  # type: ignore[arg-type]


def test_each_sort_of_dirt_is_counted_once_and_sells_nothing():
    dirty = {
        "the same row twice": MUG,
        "bad debt": row(invoice="A563185"),
        "not a product (postage, fees, vouchers)": row(code="POST"),
        "price zero or negative": row(price=0),
        "stock correction": row(quantity=-5),
        "no description": row(description=""),
        "unreadable": None,
    }
    retail = sorted_out([MUG, *dirty.values()], 10)
    assert retail.rows == 8
    assert +retail.dirt == Counter(dict.fromkeys(dirty, 1))
    assert retail.goods == {"20001": Good("20001", "RED MUG", 255, 6)}
    assert retail.invoices == [Invoice("536365", "17850", "GB", {"20001": 6})]


def test_a_good_has_its_commonest_title_and_price_and_what_was_sold_of_it():
    rows = [
        MUG,
        row(price=240, quantity=2),
        row(price=240, quantity=3, description="MUG"),
        row(invoice="C1", quantity=-4, description="MUG"),
    ]
    assert sorted_out([*rows, row(price=240, quantity=9, description="MUG")], 10).goods["20001"] == Good("20001", "MUG", 240, 20)


def test_only_the_first_invoices_are_replayed_but_all_goods_are_sold():
    retail = sorted_out([MUG, row(invoice="536366", code="20002"), row(code="20003")], 1)
    assert [(invoice.number, invoice.units) for invoice in retail.invoices] == [("536365", {"20001": 6, "20003": 6})]
    assert retail.goods.keys() == {"20001", "20002", "20003"}


def test_a_cancellation_has_positive_units_and_a_country_that_is_none_is_home():
    (invoice,) = sorted_out([row(invoice="C536379", quantity=-2, country="Unspecified", customer="")], 1).invoices
    assert (invoice.is_cancellation, invoice.units, invoice.country) == (True, {"20001": 2}, "GB")


def test_a_long_invoice_becomes_orders_of_50_lines_with_keys_of_their_own():
    invoice = Invoice("536544", "", "GB", {str(20_000 + n): n + 1 for n in range(101)})
    made = parts(invoice)
    assert [len(part.units) for part in made] == [MOST_LINES, MOST_LINES, 1]
    assert [part.key for part in made] == ["retail-536544-1", "retail-536544-2", "retail-536544-3"]
    assert {code: n for part in made for code, n in part.units.items()} == invoice.units
    assert {part.buyer for part in made} == {"guest 536544"}


def test_rows_that_cannot_be_read_are_told_apart_not_raised(tmp_path: Path):
    good = "536365,85123A, WHITE  HEART ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"
    bad = ["536365,85123A,HEART,six,2010-12-01,2.55,17850.0,France", "536365,85123A,HEART,6,2010-12-01,cheap,,France", "536365,85123A"]
    file = tmp_path / "retail.csv.gz"
    file.write_bytes(gzip.compress("\n".join([",".join(COLUMNS), good, *bad]).encode()))
    assert list(rows_of(file)) == [replace(MUG, code="85123A", description="WHITE HEART"), None, None, None]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("other.csv", b"a,b\n1,2\n"),
        ("broken.csv.gz", b"no gzip"),
        ("cut.csv.gz", gzip.compress(b"x" * 99, mtime=0)[:20]),
        ("latin.csv", b"\xe9"),
    ],
)
def test_a_wrong_file_is_said_clearly(tmp_path: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]):
    (tmp_path / name).write_bytes(content)
    assert main([str(tmp_path / name)]) == 2
    assert f"error: {tmp_path / name}" in capsys.readouterr().err
    assert main([str(tmp_path / "missing.csv")]) == 2


def test_the_feed_is_what_uploads_takes_row_by_row():
    goods = [Good("85123A", 'HEART, "WHITE"', 255, 6), Good("20001", "RED MUG", 5, 10**6), Good("20002", "NEVER SOLD", 100, 0)]
    header, *rows = csv.reader(io.StringIO(feed_of(goods).decode()))
    reader = ProductReader(None, header, Categories([["hg-3", "Home & Garden > Decor"]]))
    products = [reader.read(FeedRow(number=n, cells=cells)).product for n, cells in enumerate(rows, 2)]
    assert all(isinstance(product, Product) for product in products)
    told = [(p.sku, p.price.amount, p.stock, p.texts["en"].title) for p in products if isinstance(p, Product)]
    assert told == [("20001", 5, MOST_STOCK, "RED MUG"), ("20002", 100, 0, "NEVER SOLD"), ("85123A", 255, 6, 'HEART, "WHITE"')]
    assert [stock_of(good) for good in goods] == [6, MOST_STOCK, 0]


def test_the_same_goods_make_the_same_bytes_in_any_order():
    goods = [Good(str(n), "MUG", n, n) for n in range(1, 5)]
    assert feed_of(goods) == feed_of(reversed(goods))


@pytest.mark.thorough
def test_the_real_file_sorts_out_whole(data: Path):
    file = data / "online-retail" / "dev_2010-12_2011-08.csv.gz"
    retail = read(file, 500)
    assert (retail.rows, len(retail.goods), len(retail.invoices)) == (320_705, 3_528, 500)
    assert retail.dirt["unreadable"] == 0
