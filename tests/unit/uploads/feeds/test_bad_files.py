"""Files that nobody should have sent: each is refused, asked about or told by row, at once, and stops nobody else's."""

import io
import json
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from functions.uploads.feeds.feed import MAX_BYTES, MAX_ROWS
from functions.uploads.products.submission import product_id_of
from functions.uploads.values.words import refusals
from tests.conftest import ROOT
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.feeds.test_held_feeds import FOREIGN, view
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, file_of

MANY = [f"column {i}" for i in range(100_000)]
ITEM = "<item><g:id>A</g:id><title>a</title><g:price>1 EUR</g:price><g:availability>in stock</g:availability>"


def workbook(*rows: list[Any]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def rss(inside: str) -> bytes:
    return f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{inside}</channel></rss>'.encode()


def zipped(name: str, body: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return made.getvalue()


LAUGHS = '<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = {
    "100,000 columns": (",".join([*COLUMNS, *MANY]).encode(), "wrong-header"),
    "100,000 columns with tabs": ("\t".join([*MANY, *COLUMNS]).encode(), "wrong-header"),
    "a sheet of 1,200 columns": (workbook([*COLUMNS, *MANY[:1200]], [*CELLS]), "wrong-header"),
    "an item of 100,000 elements": (rss(ITEM + "<x/>" * 100_000 + "</item>"), "unsafe-xml"),
    "a tree without end": (rss(ITEM + "<x>" * 10_000), "unsafe-xml"),
    "a billion laughs": (LAUGHS.encode() + rss("<item><g:id>&b;</g:id></item>"), "unsafe-xml"),
    "an entity of a file": (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss("<item><g:id>&x;</g:id></item>"), "unsafe-xml"),
    "a zip bomb": (zipped("goods.csv", b"0" * 5_000_000), "compressed"),
    "a bomb that calls itself a workbook": (zipped("xl/workbook.xml", b"0" * 5_000_000), "compressed"),
    "half a workbook": (workbook(COLUMNS, CELLS)[:900], "compressed"),
}

TOLD = {
    "wrong-header": "more than the 1000 columns that a feed may have: send those alone",
    "unsafe-xml": ": ",
    "compressed": "send it as CSV (UTF-8), XLSX, JSON lines or XML, and uncompressed",
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_as_a_whole(uploads: Uploads, content: bytes, code: str) -> None:
    feed = view(uploads, uploads.feed(content))
    assert (feed["state"], feed["error"]["code"], feed["rows"]["read"]) == ("refused", code, 0)
    assert TOLD[code] in feed["error"]["detail"]
    assert feed["error"]["detail_zh"] == refusals()[code]


def test_each_refusal_is_told_in_chinese() -> None:
    """Codes as the sources name them."""
    sources = [path.read_text() for path in (ROOT / "functions" / "uploads").rglob("*.py")]
    named = {code for text in sources for code in re.findall(r'Feed(?:Refused|Held)\(\s*"([a-z-]+)"', text)}
    assert named == refusals().keys()


def test_a_ragged_row_is_told_how_many_cells_it_has_and_the_others_are_taken(uploads: Uploads) -> None:
    rows = uploads.report(uploads.feed(file_of(CELLS, CELLS[:5], ["C-1", *CELLS[1:], "x"], ["D-1", *CELLS[1:], "", ""]).encode()))["items"]
    assert [row["status"] for row in rows] == ["submitted", "failed", "failed", "submitted"], "empty cells at the end are forgiven"
    told = [error for row in rows for error in row["errors"]]
    assert [error["detail"].partition(":")[0] for error in told] == [f"the row has {n} cells, the header {len(COLUMNS)}" for n in (5, 19)]
    assert all("用引号括起来" in error["detail_zh"] for error in told)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(uploads: Uploads) -> None:
    answer = uploads.post({"name": "x.csv", "bytes": MAX_BYTES + 1}, "big", "/v1/feeds")
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/bytes")
    assert str(MAX_BYTES) in answer.body["errors"][0]["detail"]


@pytest.mark.thorough
def test_more_rows_than_a_feed_may_have_are_refused_and_none_is_taken(uploads: Uploads) -> None:
    cells = ",".join(CELLS[1:])
    feed = view(uploads, uploads.feed("\n".join([",".join(COLUMNS), *(f"A-{i},{cells}" for i in range(MAX_ROWS + 1))]).encode()))
    assert (feed["state"], feed["error"]["code"], feed["rows"]["read"]) == ("refused", "too-many-rows", 0)
    assert feed["error"]["detail"] == f"a feed may have {MAX_ROWS} rows; split it into several"


def test_rows_in_another_encoding_than_the_most_are_told_and_the_most_are_taken(uploads: Uploads) -> None:
    """Each row of such a file went on sale as nonsense."""
    good = [[f"A-{i}", "Ręczna łódka", *CELLS[2:]] for i in range(9)]
    polish = ",".join(["Z-1", "Ręczna łódka", "", *CELLS[3:]]).encode("cp1250")
    feed_id = uploads.feed(file_of(*good).encode() + polish + b"\n")
    *taken, (told,) = [row["errors"] for row in uploads.report(feed_id)["items"]]
    assert (taken, told["column"], told["code"]) == ([[]] * 9, "title_en", "wrong-encoding")
    assert (told["detail"], told["detail_zh"]) == (
        "the cell has characters that cannot be read: save the file as UTF-8", "单元格中有无法识别的字符：请把文件另存为 UTF-8"
    )  # fmt: skip


def test_a_line_of_100_000_names_is_cut_to_what_a_feed_may_have(uploads: Uploads) -> None:
    flat = dict(zip(COLUMNS, CELLS, strict=True)) | dict.fromkeys(MANY[:10_000], "x")
    feed_id = uploads.feed(json.dumps(flat).encode())
    assert view(uploads, feed_id)["rows"]["submitted"] == 1


def test_formulas_and_links_of_a_workbook_are_neither_worked_out_nor_followed(uploads: Uploads) -> None:
    cells = [*CELLS[:1], '=HYPERLINK("http://a.example","Lantern")', *CELLS[2:]]
    cells[COLUMNS.index("stock")] = "='[http://a.example/b.xlsx]Sheet1'!A1"
    feed_id = uploads.feed(workbook(COLUMNS, cells))
    (row,) = uploads.report(feed_id)["items"]
    assert {error["column"] for error in row["errors"]} == {"stock", "title_en"}, "a formula without a last value is an empty cell"


def test_scripts_in_html_do_not_come_in(uploads: Uploads) -> None:
    head = "Handle,Title,Body (HTML),Variant SKU,Variant Price,Variant Inventory Qty\n"
    body = "<p onclick='x()'>Soft</p><script>steal()</script><img src=x onerror=steal()><a href='javascript:steal()'>more</a>"
    said = {"currency": "EUR", "category": "hg-3-2"}
    uploads.feed(f'{head}mug,"Mug <script>x</script>","{body}",M-1,5,4\n'.encode(), constants=said)
    text = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "M-1")).body["product"]["texts"]["en"]
    assert text["description_html"] == "<p>Soft</p>more"
    assert text["description"].split() == ["Soft", "more"]


def test_two_files_at_once_end_alike_in_whichever_order_their_rows_come(uploads: Uploads) -> None:
    first, second = (file_of([CELLS[0], f"Lantern {n}", *CELLS[2:]]).encode() for n in (1, 2))
    early, late = uploads.open_feed(first, "f1"), uploads.open_feed(second, "f2")
    uploads.arrive(late, "2099-11-01T09:00:00.000Z")
    uploads.arrive(early, "2099-11-01T08:00:00.000Z")
    uploads.run(uploads.drain())
    assert uploads.submission()["product"]["texts"]["en"]["title"] == "Lantern 2"
    assert [view(uploads, feed_id)["rows"]["waiting"] for feed_id in (early, late)] == [0, 0]


def test_the_same_file_twice_changes_nothing_the_second_time(uploads: Uploads) -> None:
    content = file_of(CELLS, ["B-1", *CELLS[1:]]).encode()
    uploads.feed(content, "f1")
    again = uploads.feed(content, "f2", "2099-11-02T08:00:00.000Z")
    assert (uploads.counts(again)["unchanged"], uploads.submission()["version"]) == (2, 1)
    assert [(row["status"], row["errors"]) for row in uploads.report(again)["items"]] == [("unchanged", [])] * 2


def test_a_mapping_that_fits_nothing_is_asked_about_before_a_row_is_taken(uploads: Uploads) -> None:
    other = {"name": "x", "rules": [{"field": "sku", "column": "nobody's"}, {"field": "price", "column": "no price"}]}
    feed_id = uploads.feed(FOREIGN.encode(), mapping=other)
    held = view(uploads, feed_id)
    assert (held["state"], held["error"]["code"]) == ("held", "mapping-needed")
    assert held["error"]["detail"].startswith("the columns of the file are not known here; say which is which by confirming a mapping")
    assert uploads.answer(feed_id, mapping=view(uploads, feed_id)["question"]["mapping"]).status == 202
    uploads.read_again()
    assert view(uploads, feed_id)["rows"]["submitted"] == 1
