"""From a file's lines to chunks: each product's lines together, with the cells that its mapping reads and no others."""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Mapping_
from itertools import islice
from types import MappingProxyType

from functions.uploads.feeds.feed import Chunk, Fault, Feed, Row
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.fields import NUMERIC, TARGETS
from functions.uploads.mapping.mapping import Mapping, at, folded
from functions.uploads.mapping.recognise import OURS
from functions.uploads.reading.line import Line, Lines
from functions.uploads.reading.lines_apart import lines_apart
from functions.uploads.values.words import fault
from shared.bounds.bounded_lists import bounded_lists

MAX_ROW = 96 * 1024
"""Bytes of one product's rows as JSON."""
MAX_LINES = 1000
"""Rows of one product: its variants, and pictures of theirs."""
CHUNK_ROWS = 24
"""Products in a chunk: with their report and its sum they are one DynamoDB transaction and one batch read."""
CHUNK_BYTES = 170 * 1024
"""Bytes of a chunk's rows: with its mapping (at most 30 KB) its message fits into SQS's 256 KB."""
MAX_SKU = 64
"""Characters of a sku worth remembering; a longer one is refused in any case."""


NOBODYS: Mapping_[str, str] = MappingProxyType({})
PREVIEWED = 100
"""Products of a preview."""


class LineKeys:
    """Which product a line is of."""

    def __init__(self, mapping: Mapping, columns: list[str]) -> None:
        self._mapping, places = mapping, at(columns)
        group = mapping.grouping
        sku = [rule.column for rule in mapping.rules if rule.field == "sku"]
        own = sku or [rule.column for rule in mapping.rules if rule.field == "gtin"]
        names = (group.by, group.own, group.alias) if group else ("", own[0] if own else "", "")
        self._by, self._own, self._alias = (places.get(folded(name), -1) if name else -1 for name in names)

    def keys(self, cells: list[str]) -> tuple[str, str]:
        """The product's key, and another name by which its variants may call it."""
        by, own, alias = (cells[place].strip() if 0 <= place < len(cells) else "" for place in (self._by, self._own, self._alias))
        named = f"id:{alias}" if alias else ""
        return (by or own or named), ("" if by or not own else named)


def spooled(
    lines: Lines, first: Iterable[Line], mapping: Mapping, spool: Spool, again: Callable[[], Mapping | None] = lambda: None
) -> tuple[Mapping, list[str]]:
    """Keep all lines in `spool`, with the columns that the mapping reads; both are answered. Raises FeedRefused.

    `again`: the mapping by the columns as they are then: where lines name their own cells, a field of ours may first come late.
    """
    wanted = mapping.columns
    keys, places, width = LineKeys(mapping, wanted), [-1], len(lines.columns)
    numbers = _numbers(mapping, wanted)
    for line in first:
        if len(lines.columns) != width or places == [-1]:
            if len(lines.columns) != width and mapping.name == OURS and (more := again()) and more.name == OURS:
                mapping, wanted = more, list(dict.fromkeys((*wanted, *more.columns)))
                keys, numbers = LineKeys(mapping, wanted), _numbers(mapping, wanted)
            width, found = len(lines.columns), at(lines.columns)
            places = [found.get(name, -1) for name in wanted]
        cells = [line.cells[place] if 0 <= place < len(line.cells) else "" for place in places]
        for place in numbers:
            spool.marks.see(cells[place])
        spool.add(Line(line.number, cells, line.fault), *(keys.keys(cells) if not line.fault else ("", "")))
    shown = {folded(column): column for column in lines.columns}
    return mapping, [shown.get(name, name) for name in wanted]


def _numbers(mapping: Mapping, columns: list[str]) -> list[int]:
    """Where numbers stand."""
    kinds = {folded(rule.column): TARGETS[rule.field].kind for rule in mapping.rules if rule.field in TARGETS}
    return [i for i, column in enumerate(columns) if kinds.get(column) in NUMERIC]


def chunks_of(feed: Feed, mapping: Mapping, columns: list[str], spool: Spool, owners: Mapping_[str, str] = NOBODYS) -> Iterator[Chunk]:
    """The file's products in chunks, of a preview the first; the same file always gives the same chunks.

    `owners`: code → sku of its product, of a file whose lines name variants alone.
    """
    rows = rows_of(spool, mapping)
    keys = LineKeys(mapping, columns)
    shown = islice(rows, PREVIEWED) if feed.how.preview else rows
    for number, part in enumerate(bounded_lists(shown, CHUNK_ROWS, CHUNK_BYTES, _weight), 1):
        yield Chunk(
            account_id=feed.account_id,
            feed_id=feed.id,
            as_of=feed.as_of,
            number=number,
            columns=columns,
            rows=_joined(part, keys, owners) if owners else part,
            mapping=mapping,
            preview=feed.how.preview,
            partial=feed.how.partial,
            decimal=feed.how.decimal or spool.marks.mark,
            source=feed.how.owner,
            complete=feed.how.complete,
        )


def rows_of(spool: Spool, mapping: Mapping) -> Iterator[Row]:
    """The file's products, in the order of their first lines."""
    grouped = bool(mapping.grouping)
    for lines in spool.products():
        for each in [[line] for line in lines_apart(lines, mapping)] or [lines]:
            yield from _rows(each, grouped)


def _joined(rows: list[Row], keys: LineKeys, owners: Mapping_[str, str]) -> list[Row]:
    """Rows of one product as one; which rows are of a chunk is not up to `owners`, who may be others when a file is split anew."""
    found: dict[str, Row] = {}
    for row in rows:
        of = "" if row.fault else owners.get(keys.keys(row.cells)[0], "")
        first = found.get(of)
        if of and first:
            found[of] = first.model_copy(update={"more": [*first.more, (row.number, row.cells)]})
        else:
            found[of or f"\0{row.number}"] = row.model_copy(update={"of": of})
    return list(found.values())


def _rows(lines: list[Line], grouped: bool) -> Iterator[Row]:
    """One row of all of a product's lines; where nothing groups them each is a row, and all but the first have a fault."""
    first = lines[0]
    if not grouped:
        yield _bounded(Row(number=first.number, cells=first.cells, fault=first.fault))
        for line in lines[1:]:
            again = fault("sku", "repeated-sku", "repeated-sku", first=first.number)
            yield Row(number=line.number, cells=line.cells, fault=line.fault or again)
    elif len(lines) > MAX_LINES:
        yield Row(number=first.number, cells=[], fault=_too_large())
    else:
        broken = next((line.fault for line in lines if line.fault), None)
        more = [(line.number, line.cells) for line in lines[1:]]
        yield _bounded(Row(number=first.number, cells=first.cells, fault=broken, more=more))


def _bounded(row: Row) -> Row:
    return row if _weight(row) <= MAX_ROW else Row(number=row.number, cells=[], fault=_too_large())


def _weight(row: Row) -> int:
    return len(row.model_dump_json().encode(errors="replace"))


def _too_large() -> Fault:
    return fault("", "too-large", "row-too-large", most=MAX_ROW)
