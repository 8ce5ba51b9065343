"""Which mapping fits a file, by the names of its columns: our own, a supplier's kept ones, or one of those that are built in."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from functions.uploads.mapping.fields import is_field
from functions.uploads.mapping.mapping import Grouping, Mapping, Rule, folded

BUILTIN = Path(__file__).with_name("builtin")
OURS = "monsoon"
OWN_SIGNS = ({"sku", "price"}, {"product"})
PARTIAL_SIGNS = ({"sku", "price"}, {"sku", "stock"}, {"gtin", "price"}, {"gtin", "stock"})
PARENT = "parent_sku"


class Format(NamedTuple):
    """A kind of file, known by columns that it always has."""

    recognised_by: frozenset[str]
    mapping: Mapping


@cache
def formats() -> tuple[Format, ...]:
    """The formats that are built in, by name."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(BUILTIN.glob("*.json"))]
    return tuple(Format(frozenset(each["recognised_by"]), Mapping.model_validate(each["mapping"])) for each in found)


@cache
def _known() -> frozenset[str]:
    return frozenset(column for each in formats() for column in each.mapping.columns)


class KnownNames:
    """reading.delimited.Known: which names of columns anything here knows."""

    def __init__(self, mappings: Iterable[Mapping] = ()) -> None:
        self._own = {column for mapping in mappings for column in mapping.columns}

    def names_known(self, names: list[str]) -> int:
        return sum(is_field(name) or name in _known() or name in self._own for name in map(folded, names) if name)


def ours(columns: Sequence[str], *, partial: bool = False) -> Mapping | None:
    """The mapping of our own format: each column is the field of its name; None if the columns are not ours.

    `partial`: of a file of prices or stock alone.
    """
    named = {folded(column): column for column in columns}
    if not any(signs <= named.keys() for signs in (PARTIAL_SIGNS if partial else OWN_SIGNS)):
        return None
    if not partial and "product" not in named and not any(name.startswith("title_") and is_field(name) for name in _cased(columns)):
        return None
    rules = [Rule(field=field, column=column) for column, field in zip(columns, _cased(columns), strict=True) if is_field(field)]
    return Mapping(name=OURS, rules=rules, grouping=Grouping(by=PARENT, own="sku") if PARENT in named else None)


def _cased(columns: Sequence[str]) -> list[str]:
    """The names of our fields in their own letter case: `TITLE_ZH-HANT` is title_zh-Hant."""
    return [_field_name(folded(column)) for column in columns]


def _field_name(name: str) -> str:
    head, _, language = name.partition("_")
    if head not in ("title", "description", "bullets") or not language:
        return name
    tag, *parts = language.split("-")
    cased = [part.title() if len(part) == 4 else part.upper() for part in parts]
    return f"{head}_{'-'.join([tag, *cased])}"


def mapping_for(columns: Sequence[str], kept: Sequence[Mapping] = (), *, partial: bool = False) -> Mapping | None:
    """The mapping of a file with these columns: a supplier's `kept` one of which all columns are there, ours, or what fits best."""
    named = {folded(column) for column in columns}
    own = [mapping for mapping in kept if named.issuperset(_asked(mapping))]
    if own:
        return max(own, key=lambda mapping: len(mapping.columns))
    if (found := ours(columns, partial=partial)) is not None:
        return found
    fitting = [each.mapping for each in formats() if each.recognised_by <= named]
    return max(fitting, key=lambda mapping: len(named.intersection(mapping.columns)), default=None)


def _asked(mapping: Mapping) -> set[str]:
    return {folded(rule.column) for rule in mapping.rules if rule.column}


def unknown_columns(mapping: Mapping, columns: Sequence[str]) -> list[str]:
    """The columns that the mapping does not read."""
    read = set(mapping.columns)
    return [column[:60] for column in columns if column.strip() and folded(column) not in read]
