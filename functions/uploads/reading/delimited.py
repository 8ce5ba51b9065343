"""CSV as people save it: separated by commas, semicolons, tabs or bars, with Excel's `sep=` line, and lines of somebody's own above."""

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import Protocol

from functions.uploads.feeds.feed import Fault, FeedRefused
from functions.uploads.reading.line import MAX_CELL, MAX_COLUMNS, Line, too_wide, whole_fault

SEPARATORS = ",;\t|"
MAX_LINE = MAX_CELL * 4
IN_QUOTES_ZH = "含有分隔符、引号或换行的单元格请用引号括起来"
FEWEST = 3
"""Cells of a row from which on rows that a quote joined are told from a text of several lines."""
HEAD = 6
"""Lines among which the header is looked for: marketplaces put up to three others above it."""


class Text(Protocol):
    """A text file that is read line by line."""

    def readline(self, limit: int, /) -> str: ...


class Delimited:
    """reading.line.Lines. `is_header` says of a line's cells how many of them name something that is known."""

    def __init__(self, columns: list[str], first: list[Line], rest: Iterator[Line], separator: str) -> None:
        self.columns, self._first, self._rest, self._separator = columns, first, rest, separator

    def __iter__(self) -> Iterator[Line]:
        return (self._fitted(line) for line in chain(self._first, self._rest) if line.fault or any(map(str.strip, line.cells)))

    def _fitted(self, line: Line) -> Line:
        """A line with as many cells as there are columns; empty ones at its end are forgiven."""
        if not line.fault and _swallows(line.cells, self._separator):
            return Line(line.number, line.cells[: len(self.columns)], _open_quote(line.cells))
        extra = line.cells[len(self.columns) :]
        if line.fault or len(line.cells) == len(self.columns) or (extra and not any(map(str.strip, extra))):
            return Line(line.number, line.cells[: len(self.columns)], line.fault)
        return Line(line.number, line.cells[: len(self.columns)], _ragged(line.cells, len(self.columns)))


def delimited(text: Text, known: "Known") -> Delimited:
    """Raises FeedRefused if the file is empty, or its header has more than MAX_COLUMNS cells."""
    start = [line for _ in range(HEAD) if (line := text.readline(MAX_LINE))]
    separator, skipped = _separator(start, known)
    records = _records(chain(start[skipped:], iter(lambda: text.readline(MAX_LINE), "")), separator, skipped)
    head: list[Line] = []
    head += islice(records, HEAD)
    full = [i for i, line in enumerate(head) if any(map(str.strip, line.cells))]
    if not full:
        raise FeedRefused("empty", "the file is empty")
    at = max(full, key=lambda i: (known.names_known(head[i].cells), -i))
    columns = [name.strip() for name in head[at].cells]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MAX_COLUMNS:
        raise FeedRefused("wrong-header", too_wide())
    return Delimited(columns, head[at + 1 :], records, separator)


class Known(Protocol):
    """Which names of columns are known."""

    def names_known(self, names: list[str]) -> int: ...


def _separator(start: list[str], known: "Known") -> tuple[str, int]:
    """What the cells are separated by, and how many lines say no more than that: what makes the most known names, else what is there most.

    A description may have more commas than its line has tabs.
    """
    first = start[0].strip().strip('"').lower() if start else ""
    if first.startswith("sep=") and len(first) <= 5:
        return (first[4:] or "\t"), 1

    def fits(sign: str) -> tuple[int, int, bool]:
        names = max((known.names_known([cell.strip().strip('"') for cell in line.split(sign)]) for line in start), default=0)
        return names, max((_outside_quotes(line).count(sign) for line in start[:3]), default=0), sign == ","

    return max(SEPARATORS, key=fits), 0


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(lines: Iterator[str], separator: str, skipped: int) -> Iterator[Line]:
    """The file's records; a fault for what cannot be read as CSV, and the next line begins anew."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = skipped
    while True:
        number, read = number + 1, reader.line_num
        try:
            yield Line(number, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            detail = f"not CSV ({error}): put cells that hold separators, quotes or line breaks into quotes, and double the quotes inside"
            yield Line(number, [], _spread(reader.line_num - read, "not-csv", detail, f"这一行不是有效的 CSV：{IN_QUOTES_ZH}"))


def _swallows(cells: list[str], separator: str) -> bool:
    """Whether the record is several rows that a quote joined which is not closed, though it has as many cells as one: each of its further
    lines, quotes left aside, has just as many cells, and none of them begins with a blank, as words behind a comma do."""
    if len(cells) < FEWEST or not any("\n" in cell for cell in cells):
        return False
    first, *others = separator.join(cells).split("\n")
    parts = [line.rstrip("\r").split(separator) for line in others]
    whole = all(len(each) == len(cells) and not any(part.startswith(" ") for part in each) for each in parts)
    return whole and first.count(separator) >= len(cells) - 1


def _open_quote(cells: list[str]) -> Fault:
    lines = 1 + sum(cell.count("\n") for cell in cells)
    detail = "a quote opens a cell that goes on over other rows: close it, and double quotes inside cells, such as inch signs"
    detail_zh = "这一行有一个引号一直延续到其他行：请补上结束的引号，单元格里的引号（例如英寸符号）请写成两个"
    return _spread(lines, "open-quote", detail, detail_zh)


def _ragged(cells: list[str], columns: int) -> Fault:
    detail = f"the row has {len(cells)} cells, the header {columns}: put cells that hold separators or line breaks into quotes"
    lines = 1 + sum(len(cell.splitlines()) - 1 for cell in cells if cell)
    return _spread(lines, "ragged", detail, f"这一行有 {len(cells)} 个单元格，而表头有 {columns} 个：{IN_QUOTES_ZH}")


def _spread(lines: int, code: str, detail: str, detail_zh: str) -> Fault:
    """A fault of a row that `lines` lines were read as: who forgot a quote would miss the products of all but the first."""
    if lines > 1:
        detail += f"; {lines} lines were read as this one row, so look for a quote that is not closed"
        detail_zh += f"；共有 {lines} 行被读成这一行，请检查是否有未闭合的引号"
    return whole_fault(code, detail, detail_zh)
