"""XLSX, row by row, by openpyxl's read-only way. The first sheet whose header is known counts; of a formula its last value is read."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any, BinaryIO

from functions.uploads.feeds.feed import FeedRefused
from functions.uploads.reading.container import check_workbook
from functions.uploads.reading.delimited import HEAD, Known
from functions.uploads.reading.line import MAX_CELL, MAX_COLUMNS, Line, too_wide, whole_fault

CARRIAGE = re.compile(r"_x000D_\n?")
"""How a workbook's XML writes a carriage return, which openpyxl leaves as it is."""
MAX_SHEETS = 20
MAX_SHEET_ROWS = 300_000
"""Rows looked at, blank ones too: one cell at the end of a sheet stands for a million."""


class Workbook:
    """reading.line.Lines."""

    def __init__(self, file: BinaryIO, known: Known) -> None:
        check_workbook(file)
        self._book = _opened(file)
        head, self._rows = self._best_sheet(known)
        full = [i for i, line in enumerate(head) if any(line.cells)]
        if not full:
            raise FeedRefused("empty", "no sheet of the workbook has a row")
        at = max(full, key=lambda i: (known.names_known(head[i].cells), -i))
        self.columns = [cell.strip() for cell in head[at].cells]
        while self.columns and not self.columns[-1]:
            self.columns.pop()
        if len(self.columns) > MAX_COLUMNS:
            raise FeedRefused("wrong-header", too_wide())
        self._first = head[at + 1 :]

    def __iter__(self) -> Iterator[Line]:
        width = len(self.columns)
        for line in chain(self._first, self._rows):
            cells = line.cells[:width] + [""] * (width - len(line.cells))
            if any(map(str.strip, line.cells)) or line.fault:
                yield Line(line.number, cells, line.fault)

    def _best_sheet(self, known: Known) -> tuple[list[Line], Iterator[Line]]:
        best: tuple[int, list[Line], Iterator[Line]] = (-1, [], iter(()))
        for sheet in self._book.worksheets[:MAX_SHEETS]:
            rows = _readable(_lines(sheet))
            head = list(islice(rows, HEAD))
            score = max((known.names_known(line.cells) for line in head), default=-1)
            if score > best[0]:
                best = (score, head, rows)
        return best[1], best[2]


def _opened(file: BinaryIO) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 (the splitter alone reads workbooks, and seldom)

    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a library makes of bytes that no spreadsheet wrote
        raise FeedRefused("not-a-workbook", f"the workbook cannot be read ({type(error).__name__}): save it anew as XLSX or CSV") from error


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), 1):
        if number > MAX_SHEET_ROWS:
            raise FeedRefused("too-many-rows", f"the sheet has more than {MAX_SHEET_ROWS} rows: delete the empty ones below your data")
        if row.count(None) == len(row):  # of a million that one cell at the end stands for, each of a thousand cells
            yield Line(number, [], None)
            continue
        wrong: list[str] = []
        cells = [_cell_or_blank(value, wrong) for value in row]
        fault = whole_fault("wrong-cell", wrong[0], "有单元格是错误值或内容过长，请改正后重新发送") if wrong else None
        yield Line(number, cells, fault)


def _readable(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines; what a library raises at a broken sheet is a fault of the file."""
    try:
        yield from lines
    except FeedRefused:
        raise
    except Exception as error:
        raise FeedRefused("not-a-workbook", f"a sheet cannot be read ({type(error).__name__}): save it anew as XLSX or CSV") from error


def _cell_or_blank(value: Any, wrong: list[str]) -> str:
    """A cell's text; of one that cannot be read what is `wrong` is noted, and the others still say whose row it is."""
    try:
        return _cell(value)
    except ValueError as error:
        wrong.append(str(error))
        return ""


def _cell(value: Any) -> str:
    """A cell as its text, as a spreadsheet shows it: 4006381333931.0 is 4006381333931, and 14.399999999999999 is 14.4.

    Raises ValueError for an error value such as #N/A.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else f"{value:.15g}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = CARRIAGE.sub("\n", str(value))
    if text in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"):
        raise ValueError(f"a cell shows {text}: mend its formula, or write the value")
    if len(text) > MAX_CELL:
        raise ValueError(f"a cell has more than {MAX_CELL} characters")
    return text
