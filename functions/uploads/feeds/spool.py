"""A file's lines on disk, given back product by product: those of one product may stand anywhere in the file.

Held in memory is a place and a key for each line, some 25 MB for the most lines that a feed may have.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from functions.uploads.feeds.feed import MAX_ROWS, Fault, FeedRefused
from functions.uploads.reading.line import Line
from functions.uploads.values.decimal_mark import MarkSought

MAX_KEY = 100


class Spool:
    def __init__(self, file: BinaryIO, most: int = MAX_ROWS) -> None:
        self._file, self._most = file, most
        self._groups: dict[str, int] = {}
        self._index: list[tuple[int, int, int]] = []
        self._aliases: dict[str, str] = {}
        self._end = 0
        self.marks = MarkSought()
        """How the lines' numbers are written."""

    @property
    def lines(self) -> int:
        return len(self._index)

    def add(self, line: Line, key: str, alias: str = "") -> None:
        """Keep a line of the product `key`, which others may call `alias`; "" is a product of its own. Raises FeedRefused beyond `most`."""
        if self.lines == self._most:
            raise FeedRefused("too-many-rows", f"a feed may have {self._most} rows; split it into several")
        body = json.dumps([line.number, line.cells, line.fault and line.fault.model_dump()], ensure_ascii=False).encode(errors="replace")
        self._file.write(body)
        group = self._groups.setdefault(_short(key) or f"\0{line.number}", len(self._groups))
        if alias:
            self._aliases.setdefault(_short(alias), _short(key))
        self._index.append((group, self._end, len(body)))
        self._end += len(body)

    @property
    def keys(self) -> list[str]:
        """What the lines call their products, but for those that are hashed for their length."""
        return [key for key in self._groups if not key.startswith("\0")]

    def _joined(self) -> dict[int, int]:
        """Groups whose lines call their product by another name → the group of the product."""
        return {group: self._groups[key] for name, key in self._aliases.items() if (group := self._groups.get(name)) is not None}

    def products(self) -> Iterator[list[Line]]:
        """The lines of each product, in the order of the products' first lines."""
        joined = self._joined()
        index = ((joined.get(group, group), place, size) for group, place, size in self._index)
        first: dict[int, int] = {}
        ordered = sorted((first.setdefault(group, place), place, size) for group, place, size in index)
        for _, found in groupby(ordered, lambda entry: entry[0]):
            yield [self._line(place, size) for _, place, size in found]

    def _line(self, place: int, size: int) -> Line:
        if self._file.tell() != place:
            self._file.seek(place)
        number, cells, fault = json.loads(self._file.read(size))
        return Line(number, cells, fault and Fault.model_validate(fault))


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY else hashlib.sha256(key.encode(errors="replace")).hexdigest()
