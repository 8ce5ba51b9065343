"""Rows of a feed as products, or all that is wrong with each, by one mapping."""

from collections.abc import Sequence
from functools import lru_cache

from functions.uploads.feeds.feed import Fault, Row
from functions.uploads.mapping.document import DocumentReader, Reading
from functions.uploads.mapping.grouped import Grouped, GroupReader, bounded_code
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.recognise import OURS, ours
from functions.uploads.mapping.shopkeepers_words import field_at
from functions.uploads.values.categories import Categories
from functions.uploads.values.words import fault
from functions.uploads.values.written import unwrapped
from shared.errors import FieldError

NAMED = ("repeated-sku", "wrong-cell")
"""Faults of rows whose cells stand where they belong."""


class ProductReader:
    """Reads rows that have these columns. Without a mapping the columns are ours."""

    def __init__(self, mapping: Mapping | None, columns: Sequence[str], categories: Categories, mark: str = "", at: str = "") -> None:
        """`mark`: the one before decimals, if it is known; `at`: when the file arrived (RFC 3339)."""
        self._groups = GroupReader(mapping_or_ours(mapping, columns), list(columns))
        self._documents = DocumentReader(categories, self._groups.said, mark, at)

    def read(self, row: Row) -> Reading:
        group = self._groups.read([(row.number, row.cells), *row.more])
        if row.fault:
            names = names_of(group) if row.fault.code in NAMED else ()
            return Reading(sku=self._sku(row), faults=[row.fault], names=names)
        reading = self._documents.read(group)
        reading.names = tuple(dict.fromkeys((*([reading.sku] if reading.sku else []), *names_of(group))))
        return reading

    def _sku(self, row: Row) -> str:
        """The sku of a row that could not be read, as far as it shows."""
        found = self._groups.read([(row.number, row.cells)]).main.fields.get("sku")
        return found.text[:64] if found else ""


def names_of(group: Grouped) -> tuple[str, ...]:
    """What the product of a group may be called: by the group's key, or by a code of its lines."""
    codes = (line.fields["sku"].text for line in group.lines if "sku" in line.fields)
    return tuple(dict.fromkeys(bounded_code(unwrapped(name)) for name in (group.key, *codes) if name))


def mapping_or_ours(mapping: Mapping | None, columns: Sequence[str]) -> Mapping:
    """The mapping that a chunk carries; of one of before there were any, our own columns'."""
    return mapping or _ours(tuple(columns))


@lru_cache(16)
def _ours(columns: tuple[str, ...]) -> Mapping:
    return ours(columns) or Mapping.model_validate({"name": OURS, "rules": [{"field": "sku", "column": "sku"}]})


def as_faults(flaws: Sequence[FieldError]) -> list[Fault]:
    """Flaws of a product as faults of its rows."""
    return [_as_fault(flaw) for flaw in flaws]


def _as_fault(flaw: FieldError) -> Fault:
    parts = [int(part) if part.isdigit() else part for part in flaw.pointer.split("/")[1:]]
    place = tuple(parts[2:] if len(parts) > 2 and parts[0] == "variants" else parts)
    name = field_at(place)
    code = f"unknown-{name}" if name in ("category", "pictures") else "invalid"
    return fault(name, "sale_ahead" if name == "sale_starts" else "general", code, what=flaw.detail)
