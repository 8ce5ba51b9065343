"""What could put a product on sale garbled, or at another price than was meant; and cells that took minutes to refuse."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from functions.uploads.mapping.cells import Cell, plain_text
from functions.uploads.mapping.document_parts import urls
from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.products.safe_html import safe_html
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.xml_items import XmlItems
from functions.uploads.values.words import Unreadable
from functions.uploads.values.written import measure_of, money_of


@pytest.mark.parametrize(
    ("text", "currency"), [("1.290", "EUR"), ("1.500 €", ""), ("1.000", "JPY"), ("$12.50", "EUR"), ("¥120", "EUR"), ("12⁵⁰", "EUR")]
)
def test_a_price_that_may_mean_another_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Unreadable):
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
