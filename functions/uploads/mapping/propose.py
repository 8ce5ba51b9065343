"""A mapping proposed from a header that nothing knows: the fields that its words stand for, in several languages. A person confirms it."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from functions.uploads.mapping.fields import gathers, is_field
from functions.uploads.mapping.mapping import Mapping, Rule, folded

WORDS = Path(__file__).with_name("column_words.json")
NAME = "proposed"
UNIT = re.compile(r"[(\[_ ](kg|g|mg|oz|lbs?|mm|cm|m|in|inch|ft)[)\]]?$")
UNITS = {"lbs": "lb", "inch": "in"}


@cache
def _fields() -> dict[str, str]:
    """Folded word → field."""
    held: dict[str, list[str]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return {_plain(word): field for field, words in held.items() for word in (field, *words)}


def proposed(columns: Sequence[str]) -> Mapping | None:
    """None where not one column says anything that is known."""
    rules: list[Rule] = []
    seen = set[str]()
    for column in columns[:150]:
        field, unit = _field_of(column)
        if field and (field not in seen or gathers(field)):
            seen.add(field)
            rules.append(Rule.model_validate({"field": field, "column": column[:200], "unit": unit}))
    return Mapping(name=NAME, rules=rules) if rules else None


def _field_of(column: str) -> tuple[str, str | None]:
    name = folded(column)
    found = UNIT.search(name)
    unit = UNITS.get(found[1], found[1]) if found else None
    for text in (name, UNIT.sub("", name)):
        field = _fields().get(_plain(text)) or (text if is_field(text) else "")
        if field:
            return field, unit if field.endswith(("_g", "_mm")) else None
    return "", None


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-./:()]+", "", text.casefold())
