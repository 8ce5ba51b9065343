"""Workbooks: read row by row, never believed about their size, never able to break the reading."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.feed import FeedRefused
from functions.uploads.reading import container
from functions.uploads.reading.line import Line
from functions.uploads.reading.opened import opened
from tests.unit.uploads.samples import CELLS, COLUMNS


def read(path: Path) -> tuple[list[str], list[Line]]:
    with opened(path, "xlsx", "utf-8") as lines:
        return lines.columns, list(lines)


def saved(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["our goods"])
    sheet = book.create_sheet("goods")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_the_sheet_and_the_row_whose_names_are_known_are_read(tmp_path: Path) -> None:
    columns, lines = read(saved(tmp_path / "f", ["Price list"], list(COLUMNS), list(CELLS), []))
    assert columns == COLUMNS
    assert [(line.number, line.cells) for line in lines] == [(3, CELLS)]


def test_every_row_of_a_long_sheet_is_read(tmp_path: Path) -> None:
    _, lines = read(saved(tmp_path / "f", ["sku", "price"], *([f"S{i}", i] for i in range(500))))
    assert [line.cells[0] for line in lines] == [f"S{i}" for i in range(500)]


def test_numbers_are_as_they_show_and_errors_are_faults(tmp_path: Path) -> None:
    _, (first, second) = read(saved(tmp_path / "f", ["sku", "gtin", "price"], ["A", 4006381333931.0, 2.5], ["B", "#REF!", 1]))
    assert first.cells == ["A", "4006381333931", "2.5"]
    assert second.fault is not None


def test_a_formula_is_read_as_its_last_value_and_never_worked_out(tmp_path: Path) -> None:
    _, lines = read(saved(tmp_path / "f", ["sku", "price", "stock"], ["A", "=1+1", '=HYPERLINK("http://a.example")']))
    assert [line.cells for line in lines] == [["A", "", ""]]


@pytest.mark.thorough
def test_a_zip_that_is_no_workbook_and_one_that_unpacks_to_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("goods.csv", "x")
    path = saved(tmp_path / "f", list(COLUMNS))
    with pytest.raises(FeedRefused) as refused:
        read(tmp_path / "z")
    assert refused.value.code == "compressed"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"0" * (container.MAX_UNPACKED // 40))
        for i in range(41):
            archive.writestr(f"xl/media/bomb{i}", b"0" * (container.MAX_UNPACKED // 40))
    with pytest.raises(FeedRefused) as refused:
        read(path)
    assert refused.value.code == "too-large"


@pytest.mark.thorough
def test_a_cell_at_the_end_of_a_sheet_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["sku", "price"])
    book.active["XFD1000000"] = "x"
    book.save(tmp_path / "f")
    with pytest.raises(FeedRefused) as refused:
        read(tmp_path / "f")
    assert refused.value.code == "too-many-rows"


@given(st.data())
def test_broken_workbooks_are_faults_of_the_file(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever bytes change in a workbook: it is refused, or read."""
    folder = tmp_path_factory.getbasetemp()
    whole = folder / "whole.xlsx"
    if not whole.exists():
        saved(whole, list(COLUMNS), list(CELLS))
    content = bytearray(whole.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[at] = data.draw(st.integers(0, 255))
    (folder / "broken.xlsx").write_bytes(content)
    with suppress(FeedRefused):
        read(folder / "broken.xlsx")


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"]), st.text(max_size=300))
def test_broken_parts_of_a_workbook_are_faults_of_the_file(tmp_path_factory: pytest.TempPathFactory, part: str, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = folder / "whole.xlsx"
    if not whole.exists():
        saved(whole, list(COLUMNS), list(CELLS))
    made = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            cut = len(body) // 2
            new.writestr(name, body[:cut] + text.encode(errors="replace") + body[cut:] if name == part else body)
    (folder / "parts.xlsx").write_bytes(made.getvalue())
    with suppress(FeedRefused):
        read(folder / "parts.xlsx")


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/elsewhere.xml", "xl/worksheets/sheet9.xml", "xl/styles.xml"])
def test_what_is_held_in_memory_is_bounded_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A workbook's list of contents says where its shared texts lie: who reads them follows it."""
    monkeypatch.setattr(container, "MAX_HELD", 200_000)
    whole, made = saved(tmp_path / "f", list(COLUMNS), list(CELLS)), tmp_path / "g"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = old.read(part).decode()
            if part == "[Content_Types].xml":
                body = body.replace("</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
            if part != name:
                new.writestr(part, body)
        new.writestr(name, "<sst>" + " " * 300_000 + "</sst>")
    assert read(whole)[0] == COLUMNS
    with pytest.raises(FeedRefused) as refused:
        read(made)
    assert refused.value.code == "too-large"


def test_a_row_with_a_cell_of_an_error_says_whose_it_is(tmp_path: Path) -> None:
    _, (line,) = read(saved(tmp_path / "f", ["sku", "price"], ["B", "#REF!"]))
    assert (line.cells, line.fault is not None) == (["B", ""], True)
