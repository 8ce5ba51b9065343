"""What could put a product on sale garbled, or at another price than was meant; and cells that took minutes to refuse."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from functions.uploads.mapping.cells import Cell, CellReader, Fields, plain_text
from functions.uploads.mapping.document_parts import urls
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.recognise import KnownNames, formats
from functions.uploads.mappings.mapping_service import mapping_flaws
from functions.uploads.products.safe_html import safe_html
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.workbook import _cell
from functions.uploads.reading.xml_items import XmlItems
from functions.uploads.values.words import Unreadable
from functions.uploads.values.written import measure_of, money_of


@pytest.mark.parametrize(
    ("text", "currency"), [("1.290", "EUR"), ("1.500 €", ""), ("1.000", "JPY"), ("$12.50", "EUR"), ("¥120", "EUR"), ("12⁵⁰", "EUR")]
)
def test_a_price_that_may_mean_another_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Unreadable):
        money_of(text, currency)


@pytest.mark.parametrize(("text", "currency"), [("12", "BGN"), ("12 BGN", ""), ("hrk 12", "")])
def test_a_price_in_a_currency_that_was_replaced_says_by_which(text: str, currency: str) -> None:
    with pytest.raises(Unreadable, match="was replaced by EUR"):
        money_of(text, currency)


@pytest.mark.parametrize(
    ("text", "currency", "amount"), [("0.500", "EUR", 50), ("1.500", "KWD", 1500), ("$12.50", "USD", 1250), ("kr 100", "SEK", 10000)]
)
def test_a_price_that_means_one_thing_is_read(text: str, currency: str, amount: int) -> None:
    assert money_of(text, currency) == (amount, currency)


def refused(read: Callable[[], object]) -> None:
    with pytest.raises(Unreadable):
        read()


@pytest.mark.parametrize(
    "read",
    [
        lambda: refused(lambda: money_of("'" * 65_000 + "1a1", "EUR")),
        lambda: refused(lambda: measure_of("1'" * 32_000 + "1-", "g", "weight")),
        lambda: urls(Cell(("," * 65_000 + "x",), "c")),
        lambda: plain_text("<a " * 20_000),
        lambda: plain_text("<!--" * 15_000),
    ],
)
def test_the_longest_cell_takes_no_time(read: Callable[[], object]) -> None:
    began = time.process_time()
    read()
    assert time.process_time() - began < 1


def test_commas_in_a_description_do_not_outvote_the_headers_tabs() -> None:
    text = "id\ttitle\tdescription\tprice\tavailability\n1\tLamp\tred, green, blue, black, white, pink, grey\t5 EUR\tin stock\n"
    assert delimited(io.StringIO(text), KnownNames()).columns == ["id", "title", "description", "price", "availability"]


def test_googles_own_id_counts_beside_atoms(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    entry = "<id>tag:shop.example,2026:1</id><g:id>A1</g:id><title>Lamp</title><g:title>Lamp</g:title>"
    file.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry>{entry}</entry></feed>')
    assert [line.cells for line in XmlItems(file)] == [["A1", "Lamp"]]


def test_lines_of_a_page_builder_stay_lines() -> None:
    sent = "<div class='x'>Soft</div><div>Cotton</div>"
    assert safe_html(sent) == safe_html(safe_html(sent)) == "<p>Soft</p><p>Cotton</p>"


def cells(mapping: Mapping, **said: str) -> Fields:
    return CellReader(mapping, list(said)).fields(list(said.values()))


def builtin(name: str) -> Mapping:
    return next(each.mapping for each in formats() if each.mapping.name == name)


@pytest.mark.parametrize(
    ("name", "said", "stock"),
    [
        ("google-merchant", {"availability": "out_of_stock"}, ("0",)),
        ("google-merchant", {"availability": "Out of Stock", "quantity": ""}, ("0",)),
        ("google-merchant", {"availability": "in stock"}, None),
        ("google-merchant", {"availability": "in stock", "quantity": "7"}, ("7",)),
        ("woocommerce", {"In stock?": "0", "Stock": ""}, ("0",)),
        ("woocommerce", {"In stock?": "1", "Stock": ""}, None),
    ],
)
def test_what_is_said_to_be_out_of_stock_is_not_sold_by_a_constant_stock(
    name: str, said: dict[str, str], stock: tuple[str, ...] | None
) -> None:
    """A constant fills what no column says; that there is nothing left is said."""
    found = cells(builtin(name), **said).get("stock")
    assert (found and found.texts) == stock


def test_woocommerces_line_breaks_are_line_breaks() -> None:
    """Its exporter writes them as a backslash and an n, and doubles the backslash of one that was there."""
    said = cells(builtin("woocommerce"), Description=r"<p>Soft</p>\n<p>C:\\new</p>")
    assert said["description_html_en"].text == "<p>Soft</p>\n<p>C:\\new</p>"


@pytest.mark.parametrize(
    ("cell", "text"), [(14.399999999999999, "14.4"), (0.1 + 0.2, "0.3"), (12.0, "12"), ("Soft_x000D_\nCotton", "Soft\nCotton")]
)
def test_a_workbooks_cell_is_what_it_shows(cell: object, text: str) -> None:
    assert _cell(cell) == text


def test_a_mapping_is_measured_in_bytes_as_its_chunks_are() -> None:
    values = {f"{n:03}" + "灯" * 190: "hg-3-2" for n in range(100)}
    rule = {"field": "category", "column": "c", "values": values}
    assert mapping_flaws(Mapping.model_validate({"name": "m", "rules": [rule]}))
