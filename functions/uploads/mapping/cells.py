"""A line's cells as fields, by a mapping: still text, each with the column that it came from."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple

from functions.uploads.mapping.fields import TARGETS, TEXT, Target, gathers
from functions.uploads.mapping.mapping import Mapping, Rule, at, folded
from functions.uploads.products.safe_html import text_of


@dataclass(frozen=True, slots=True)
class Cell:
    """What a line says of one field: one text, or several of a field that gathers."""

    texts: tuple[str, ...]
    column: str
    unit: str = ""
    by_default: bool = False
    """Whether no cell said it."""

    @property
    def text(self) -> str:
        return self.texts[0]


Fields = dict[str, Cell]
REDUCED = ("sale", "compare_at")


class _Placed(NamedTuple):
    """A rule beside the places of its columns; -1: there is none."""

    field: str
    rule: Rule
    column: str
    place: int
    unit_place: int
    values: dict[str, str]
    is_measure: bool
    """Of which 0 says that nobody said it."""


class CellReader:
    """Reads lines that have these columns by one mapping."""

    def __init__(self, mapping: Mapping, columns: list[str]) -> None:
        places = at(columns)
        self._rules = [
            _Placed(
                field=self._field(rule.field, mapping.language), rule=rule, column=rule.column.strip() or rule.field,
                place=places.get(folded(rule.column), -1) if rule.column else -1,
                unit_place=places.get(folded(rule.unit_column), -1) if rule.unit_column else -1,
                values={folded(said): meant for said, meant in rule.values.items()},
                is_measure=rule.field in TARGETS and _is_measure(TARGETS[rule.field]),
            )
            for rule in mapping.rules
        ]  # fmt: skip
        self.said = {placed.field for placed in self._rules if placed.place >= 0 or placed.rule.constant}
        """The fields that a column of the file, or a constant, says."""
        self.defaults: Fields = {}
        """What is said of every product, unless its lines say it."""
        for placed in self._rules:
            if placed.rule.constant:
                self.defaults.setdefault(placed.field, Cell((placed.rule.constant,), placed.column, placed.rule.unit or "", True))
        self._rules = [placed for placed in self._rules if placed.place >= 0]

    def fields(self, cells: list[str]) -> Fields:
        found: Fields = {}
        for placed in self._rules:
            before = found.get(placed.field)
            if before is not None and not gathers(placed.field):
                continue
            texts = _texts(placed, cells)
            if texts:
                unit = cells[placed.unit_place].strip() if placed.unit_place >= 0 else ""
                own = Cell(texts, placed.column, unit or placed.rule.unit or "")
                found[placed.field] = Cell(tuple(dict.fromkeys((*before.texts, *texts))), before.column) if before else own
        return found

    @staticmethod
    def _field(name: str, language: str) -> str:
        return f"{name}_{language}" if name in ("title", "description", "description_html", "bullets") and not TEXT.match(name) else name


def _is_measure(target: Target) -> bool:
    return target.kind in ("weight", "length") or target.path[0] in REDUCED


def _texts(placed: _Placed, cells: list[str]) -> tuple[str, ...]:
    rule = placed.rule
    text = cells[placed.place].strip() if 0 <= placed.place < len(cells) else ""
    if rule.escaped:
        text = text.replace("\\n", "\n").replace("\\\n", "\\n")
    if text and rule.html:
        text = plain_text(text)
    if not text or (placed.is_measure and not text.strip("0.,")):
        return ()
    parts = [part.strip() for part in text.split(rule.split)] if rule.split else [text]
    if rule.part is not None:
        parts = parts[rule.part - 1 : rule.part]
    if placed.values:
        parts = [placed.values.get(folded(part), part) for part in parts if part]
    return tuple(part for part in parts if part)


class _Plain(HTMLParser):
    """Gathers what a reader would see of HTML: no tags, no scripts, no styles; a new line where a block ends."""

    BLOCKS = ("p", "br", "li", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table")
    UNSEEN = ("script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in self.UNSEEN
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.UNSEEN and self._unseen:
            self._unseen -= 1
        self._block(tag)

    def _block(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def plain_text(html: str) -> str:
    """The text of HTML. What is no HTML stays as it is, but for blanks."""
    if "<" not in html and "&" not in html:
        return html
    reader = _Plain()
    reader.feed(text_of(html, reader.BLOCKS, reader.UNSEEN))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
