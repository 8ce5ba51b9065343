"""Reading a CSV file into chunks of rows, a bounded piece at a time."""

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from functions.uploads.feeds.csv_columns import check_header
from functions.uploads.feeds.feed import MAX_ROWS, Chunk, Fault, Feed, FeedRefused, Row

T = TypeVar("T")
MAX_CELL = 16_384
"""Characters in one cell, and in one line without a break that is read at once."""
MAX_ROW = 96 * 1024
"""Bytes of one row as JSON."""
MAX_SKU = 64
"""Characters of a sku worth remembering; a longer one is refused in any case."""
CHUNK_ROWS = 24
"""Rows in a chunk: with their report and its sum they are one DynamoDB transaction and one batch read."""
CHUNK_BYTES = 190 * 1024
"""Bytes of a chunk's rows: its message fits into SQS's 256 KB whatever the header's length."""


class Text(Protocol):
    """A text file that is read line by line."""

    def readline(self, limit: int, /) -> str: ...


def rows_of(text: Text) -> Iterator[list[str] | Row]:
    """The file's records, the header first: lists of cells, or a Row with the fault of what cannot be read as CSV."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(iter(lambda: text.readline(MAX_CELL * 4), ""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            detail = f"not CSV ({error}): put cells that hold commas, quotes or line breaks into quotes, and double the quotes inside"
            yield Row(number=number, cells=[], fault=Fault(column="", code="not-csv", detail=detail))


def header_of(text: Text) -> list[str]:
    """The file's columns. Raises FeedRefused."""
    first = next(rows_of(text), None)
    if first is None:
        raise FeedRefused("empty", "the file is empty")
    return check_header([] if isinstance(first, Row) else first)


def row_count(text: Text, most: int = MAX_ROWS) -> int:
    """How many rows that are not blank lie below the header. Raises FeedRefused beyond `most`."""
    count = 0
    for i, found in enumerate(rows_of(text)):
        count += i > 0 and not _blank(found)
        if count > most:
            raise FeedRefused("too-many-rows", f"a feed may have {most} rows; split it into several")
    return count


def split(feed: Feed, columns: list[str], text: Text) -> Iterator[Chunk]:
    """The file's rows in chunks; the same file always gives the same chunks."""
    rows = _numbered(columns.index("sku"), text)
    for number, part in enumerate(packed(rows, CHUNK_ROWS, CHUNK_BYTES, lambda row: len(row.model_dump_json().encode())), 1):
        yield Chunk(account_id=feed.account_id, feed_id=feed.id, as_of=feed.as_of, number=number, columns=columns, rows=part)


def packed(items: Iterable[T], most: int, most_bytes: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """`items` in lists of at most `most` and, beyond the first of each list, at most `most_bytes`."""
    held: list[T] = []
    weight = 0
    for item in items:
        more = size(item)
        if held and (len(held) == most or weight + more > most_bytes):
            yield held
            held, weight = [], 0
        held.append(item)
        weight += more
    if held:
        yield held


def _numbered(sku: int, text: Text) -> Iterator[Row]:
    """The rows below the header, blank ones left out, each with the fault that only the whole file shows: a sku that came before."""
    first_seen: dict[str, int] = {}
    for number, found in enumerate(rows_of(text), 1):
        if number == 1 or _blank(found):
            continue
        row = found if isinstance(found, Row) else Row(number=number, cells=found)
        code = row.cells[sku].strip() if len(row.cells) > sku else ""
        if len(row.model_dump_json().encode()) > MAX_ROW:
            fault = Fault(column="", code="row-too-large", detail=f"the row is larger than {MAX_ROW} bytes: shorten its texts")
            row = Row(number=number, cells=[], fault=fault)
        elif 0 < len(code) <= MAX_SKU and first_seen.setdefault(code, number) != number:
            detail = f"row {first_seen[code]} has this sku already: a sku may come once in a feed"
            row = Row(number=number, cells=row.cells, fault=Fault(column="sku", code="repeated-sku", detail=detail))
        yield row


def _blank(found: list[str] | Row) -> bool:
    return not isinstance(found, Row) and not any(cell.strip() for cell in found)
