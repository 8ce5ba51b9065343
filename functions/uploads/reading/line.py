"""What a reader makes of a file, whatever it is packed in: its columns, and its lines one after the other."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from functions.uploads.feeds.feed import Fault


class Line(NamedTuple):
    """One record. `number` is what its owner sees: the row of a spreadsheet, the line of a JSON file, the how-manieth item of XML."""

    number: int
    cells: list[str]
    fault: Fault | None = None


class Lines(Protocol):
    """A file that is read once, from front to back, in bounded memory."""

    columns: list[str]
    """The names of the cells; some containers add to them while they are read."""

    def __iter__(self) -> Iterator[Line]: ...


MAX_COLUMNS = 1000
"""Of a file; flat files of marketplaces have some 300."""
MAX_CELL = 65_536
"""Characters in one cell."""


def whole_fault(code: str, detail: str, detail_zh: str) -> Fault:
    """A fault of a line as a whole."""
    return Fault(column="", code=code, detail=detail, detail_zh=detail_zh)


def too_wide() -> str:
    """What is told of a header that is too long, which is not counted to its end."""
    return (
        f"the first row has more than the {MAX_COLUMNS} columns that a feed may have: send those alone that say something of your products"
    )
