"""The lines of one product: which of them are variants, by which options, and what the product is known by."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from functions.uploads.mapping.cells import CellReader, Fields
from functions.uploads.mapping.fields import NAMED_OPTION
from functions.uploads.mapping.mapping import Mapping, at, folded

NO_OPTION = {("title", "default title")}
"""What Shopify writes of a product that has no options."""
MAX_SKU = 64
USUAL = 2
"""Options of what is left of a group: the first that its row names, as a rule colour and size. In which its rows differed nobody knows."""


class Said(NamedTuple):
    """What one line says, and its number."""

    number: int
    fields: Fields
    role: str
    options: tuple[tuple[str, str], ...]
    is_grouped: bool = False
    """Whether it names a group that is not itself: alone it is what is left of that."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """`main` says what the product is; `variants` are what it is sold as, none if it is sold as it is."""

    key: str
    main: Said
    lines: Sequence[Said]
    variants: Sequence[Said] = ()
    defaults: Fields = field(default_factory=dict)
    """What is said of every product, unless its lines say it."""
    names: tuple[str, ...] = field(default=())
    """Its options'."""


class GroupReader:
    """Reads the lines of products, by one mapping."""

    def __init__(self, mapping: Mapping, columns: list[str]) -> None:
        self._cells, self._mapping = CellReader(mapping, columns), mapping
        self._at = at(columns)
        group = mapping.grouping
        self._parents = {folded(word) for word in group.parents} if group else set()
        self._children = {folded(word) for word in group.variants} if group else set()

    @property
    def said(self) -> set[str]:
        return self._cells.said

    def read(self, lines: Sequence[tuple[int, list[str]]]) -> Grouped:
        """`lines`: at least one, each with its number."""
        said = [self._said(number, cells) for number, cells in lines]
        key = self._key(lines[0][1])
        main = next((line for line in said if line.role in self._parents), None) or _named(said)
        sold = [line for line in said if self._is_variant(line, len(said)) and line.role not in self._parents]
        if not sold:
            return Grouped(key, main, said, defaults=self._cells.defaults)
        names = _option_names(sold, self._is_named())
        if not names:
            return Grouped(key, main, said, sold if len(sold) > 1 else (), defaults=self._cells.defaults)
        return Grouped(key, main, said, sold, defaults=self._cells.defaults, names=names)

    def _is_named(self) -> bool:
        return any(NAMED_OPTION.match(rule.field) for rule in self._mapping.rules)

    def _is_variant(self, line: Said, lines: int) -> bool:
        if self._children:
            return line.role in self._children
        return bool(line.options) and (lines > 1 or not self._is_named() or line.is_grouped)

    def _said(self, number: int, cells: list[str]) -> Said:
        fields = self._cells.fields(cells)
        group = self._mapping.grouping
        role = folded(self._cell(cells, group.role)) if group and group.role else ""
        by, own = (self._cell(cells, group.by), self._cell(cells, group.own)) if group else ("", "")
        return Said(number, fields, role.split(",")[0].strip(), _options(fields), bool(by) and by != own)

    def _key(self, cells: list[str]) -> str:
        group = self._mapping.grouping
        return (self._cell(cells, group.by) or self._cell(cells, group.own)) if group else ""

    def _cell(self, cells: list[str], column: str) -> str:
        place = self._at.get(folded(column), -1) if column else -1
        return cells[place].strip() if 0 <= place < len(cells) else ""


def _named(lines: Sequence[Said]) -> Said:
    """The line that says what the product is: one without options beside others that have some, else the first."""
    if any(line.options for line in lines):
        return next((line for line in lines if not line.options and any(f.startswith("title_") for f in line.fields)), lines[0])
    return lines[0]


def _options(fields: Fields) -> tuple[tuple[str, str], ...]:
    """The line's options as far as it says them: name (empty: as another line says) and value."""
    pairs = []
    for i in "123":
        value, name = fields.get(f"option{i}_value"), fields.get(f"option{i}_name")
        if value and ((name.text if name else "title").casefold(), value.text.casefold()) not in NO_OPTION:
            pairs.append((name.text.replace(":", " ").replace("|", "/").strip() if name else f"#{i}", value.text.replace("|", "/")))
    named = ((found[1], cell.text.replace("|", "/")) for name, cell in fields.items() if (found := NAMED_OPTION.match(name)))
    return (*pairs, *named)


def _option_names(lines: Sequence[Said], named: bool) -> tuple[str, ...]:
    """The options in which the lines differ, where columns alone name them; all of them where the lines do."""
    names = list(dict.fromkeys(name for line in lines for name, _ in line.options if not name.startswith("#")))
    if not named:
        return tuple(names)
    if len(lines) == 1:
        return tuple(names[:USUAL])
    return tuple(name for name in names if len({dict(line.options).get(name) for line in lines}) > 1)


def bounded_code(text: str) -> str:
    """`text` as a sku: one that is too long keeps its beginning, and a short digest of all of it."""
    return text if len(text) <= MAX_SKU else f"{text[:51]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
