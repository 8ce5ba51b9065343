import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.feed import Chunk, Feed, FeedRefused
from functions.uploads.feeds.feed_splitter import kept_lines
from functions.uploads.feeds.product_rows import chunks_of
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.sniffer import Sniffer
from shared.bounds.bounded_lists import bounded_lists
from tests.unit.uploads.samples import CELLS, COLUMNS, file_of

FEED = Feed(id="fd_1", account_id="acc_1", name="autumn", bytes=1, created_at="", as_of="2026-11-01T08:00:00.000Z")


def chunks(text: str, most: int = 1000) -> list[Chunk]:
    spool = Spool(io.BytesIO(), most)
    mapping, columns = kept_lines(delimited(io.StringIO(text, newline=""), KnownNames()), spool)
    return list(chunks_of(FEED, mapping, columns, spool))


def encoding_of(content: bytes, block: int = 1000) -> str:
    sniffer = Sniffer()
    for start in range(0, len(content), block):
        sniffer.see(content[start : start + block])
    return sniffer.encoding()


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    found = chunks(file_of(["A", *CELLS[1:]], [], ["B", *CELLS[1:]]))
    assert [(row.number, row.cells[0]) for row in found[0].rows] == [(2, "A"), (4, "B")]


def test_the_same_file_gives_the_same_chunks() -> None:
    text = file_of(*([f"S{i}", *CELLS[1:]] for i in range(60)))
    assert chunks(text) == chunks(text)
    assert [len(chunk.rows) for chunk in chunks(text)] == [24, 24, 12]


def test_a_sku_that_comes_twice_is_a_fault_of_the_second_row() -> None:
    first, second = chunks(file_of(CELLS, CELLS))[0].rows
    assert first.fault is None
    assert second.fault is not None
    assert (second.fault.code, second.fault.column) == ("repeated-sku", "sku")


def test_a_row_that_is_not_csv_is_a_fault_and_the_rest_goes_on() -> None:
    bad = 'B,"x"y\r\n'
    rows = chunks(file_of(CELLS) + bad + file_of(["C", *CELLS[1:]]).split("\r\n", 1)[1])[0].rows
    assert [row.fault.code if row.fault else None for row in rows] == [None, "not-csv", None]


@pytest.mark.parametrize("closing", ['C,"Pan",1\n', 'C,Pan,1"\n'])
def test_a_quote_that_is_not_closed_tells_how_many_lines_it_took(closing: str) -> None:
    """Products that vanish in another's cell would else be missed by nobody."""
    text = 'sku,title_en,price\nA,"Lamp,1\nB,x,1\n' + closing + "D,x,1\n"
    taken, after = chunks(text)[0].rows
    assert taken.fault is not None
    assert "3 lines were read as this one row" in taken.fault.detail
    assert (after.cells[0], after.fault) == ("D", None)


def test_a_cell_without_end_is_a_fault_and_never_held_whole() -> None:
    rows = [row for chunk in chunks(file_of(CELLS) + "x" * 300_000) for row in chunk.rows]
    assert {row.fault.code for row in rows[1:] if row.fault} == {"not-csv", "ragged"}
    assert sum(len(cell) for row in rows for cell in row.cells) < 100_000


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FeedRefused) as refused:
        chunks("")
    assert refused.value.code == "empty"


def test_more_rows_than_allowed_are_refused_before_any_is_sent() -> None:
    assert len(chunks(file_of(CELLS, CELLS), 2)[0].rows) == 2
    with pytest.raises(FeedRefused, match="may have 2 rows"):
        chunks(file_of(CELLS, CELLS, CELLS), 2)


@given(st.lists(st.integers(1, 50)), st.integers(1, 5), st.integers(50, 100))
def test_packing_keeps_order_and_both_bounds(sizes: list[int], most: int, most_bytes: int) -> None:
    lists = list(bounded_lists(sizes, most, most_bytes, lambda size: size))
    assert [size for part in lists for size in part] == sizes
    assert all(len(part) <= most and sum(part) <= most_bytes for part in lists)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=2000))
def test_whatever_the_text_splitting_ends(text: str) -> None:
    for row in (row for chunk in chunks(file_of(CELLS) + text) for row in chunk.rows):
        assert row.number > 1


@pytest.mark.parametrize(
    ("codec", "title", "found"),
    [
        ("utf-8", "白灯笼", "utf-8"),
        ("utf-8-sig", "White lantern", "utf-8-sig"),
        ("gb18030", "白色灯笼，花园装饰用品，批发价格优惠", "gb18030"),
        ("latin-1", "Théière émaillée à fleurs, qualité supérieure", "cp1252"),
        ("cp1252", "Größe – “klein”, für Gärten", "cp1252"),
        ("cp1252", "Müller Schöne Überraschung", "cp1252"),
        ("ascii", "White lantern", "utf-8"),
    ],
)
def test_the_encodings_that_suppliers_use_are_found(codec: str, title: str, found: str) -> None:
    content = file_of(*([f"S{i}", title, *CELLS[2:]] for i in range(20)), columns=COLUMNS).replace("白灯笼", title)
    encoded = content.encode(codec)
    assert encoding_of(encoded) == found
    assert title in encoded.decode(found)


def test_an_encoding_shows_even_if_the_first_rows_are_ascii() -> None:
    plain = "White lantern for the garden\n" * 10_000
    assert encoding_of((plain + "白色灯笼花园装饰用品批发\n" * 5).encode("gb18030"), 65536) == "gb18030"


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\x00", b"BZh9", b"7z\xbc\xaf\x27\x1c"])
def test_an_archive_is_refused_by_its_first_bytes(content: bytes) -> None:
    with pytest.raises(FeedRefused) as refused:
        encoding_of(content)
    assert refused.value.code == "compressed"


def test_bytes_beyond_the_limit_are_refused_while_they_stream() -> None:
    sniffer = Sniffer()
    for _ in range(50):
        sniffer.see(b"x" * 1_000_000)
    with pytest.raises(FeedRefused) as refused:
        sniffer.see(b"x")
    assert refused.value.code == "too-large"


def test_a_file_with_zero_bytes_is_refused_with_what_to_do() -> None:
    with pytest.raises(FeedRefused, match="UTF-8"):
        encoding_of(b"sku,title_en\0")


def test_utf_16_with_its_mark_is_read() -> None:
    assert encoding_of("sku\ttitle_en".encode("utf-16")) == "utf-16"


def test_columns_that_nothing_knows_are_refused_and_named() -> None:
    with pytest.raises(FeedRefused, match="gizmo") as refused:
        chunks("gizmo,widget\r\n1,2\r\n")
    assert refused.value.code == "wrong-header"


def test_real_titles_survive_every_encoding(data: Path) -> None:
    with (data / "feeds" / "spree" / "product_translations.csv").open(newline="", encoding="utf-8") as file:
        titles = [f"{found['name']}: {found['description']}" for found in csv.DictReader(file) if found["locale"] == "fr"]
    for codec in ("utf-8", "utf-8-sig", "latin-1"):
        text = "\r\n".join(title.encode("latin-1", "ignore").decode("latin-1") for title in titles)
        assert text.encode(codec).decode(encoding_of(text.encode(codec))) == text


SWALLOWED = 'sku,title_en,price\nA,"Lamp,1\nB,Pot,2\nC,Pan 5",3\nD,x,4\n'


def test_rows_that_an_open_quote_joins_to_one_with_the_right_number_of_cells_are_told() -> None:
    """The quote of an inch sign closes it: A was sold under three products' names, and the others vanished."""
    taken, after = chunks(SWALLOWED)[0].rows
    assert taken.fault is not None
    assert (taken.fault.code, "3 lines were read as this one row" in taken.fault.detail) == ("open-quote", True)
    assert (after.cells[0], after.fault) == ("D", None)


@pytest.mark.parametrize(
    "title", ["Lamp\nof oak", "Lamp, oak\nround, small", "Lamp\n\nfor gardens, terraces, balconies", 'Lamp ""5""\nof oak', "a, b\r\nc, d"]
)
def test_a_text_of_several_lines_is_read_as_it_is(title: str) -> None:
    (row,) = chunks(f'sku,title_en,price\nA,"{title}",1\n')[0].rows
    assert (row.fault, row.cells) == (None, ["A", title.replace('""', '"'), "1"])
