"""JSON lines: one object a line. A product as POST /v1/products takes it stays whole; a flat object is cells by name."""

import json
from collections.abc import Iterator
from typing import Any

from functions.uploads.feeds.feed import FeedRefused
from functions.uploads.reading.delimited import Text
from functions.uploads.reading.line import MAX_COLUMNS, Line, whole_fault
from functions.uploads.reading.named_cells import NamedCells

MAX_LINE = 262_144
"""Characters of one line."""
WHOLE = "product"
"""The one column of a file of whole products."""


class JsonLines:
    """reading.line.Lines."""

    def __init__(self, text: Text) -> None:
        self._text, self._cells = text, NamedCells(MAX_COLUMNS)
        self.columns = self._cells.columns

    def __iter__(self) -> Iterator[Line]:
        number = 0
        while line := self._text.readline(MAX_LINE):
            number += 1
            if line.strip():
                yield self._read(number, line)
            while len(line) == MAX_LINE and not line.endswith("\n"):
                line = self._text.readline(MAX_LINE)

    def _read(self, number: int, line: str) -> Line:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            if number == 1 and line.lstrip().startswith("["):
                raise FeedRefused("not-json-lines", "the file is one JSON list: write each product on a line of its own") from None
            found = None
        if not isinstance(found, dict):
            return Line(number, [], whole_fault("not-json", "the line is no JSON object: write one product a line", "这一行不是 JSON 对象"))
        if "texts" in found:
            return self._cells.line(number, {WHOLE: line.strip()})
        return self._cells.line(number, {str(name): cell_of(value) for name, value in found.items()})


def cell_of(value: Any) -> str:
    """A JSON value as a cell: lists with bars between, what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "|".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
