"""Batteries and power banks, by what the thing is: its category, or the name in its title. They travel as dangerous goods (UN 3480, 3481,
3090, 2794 and their kin, classes 8 and 9), whether the title says the chemistry or not.

A charger, a case, a clock without its battery are none. What counts as a name, and what beside it says that something else is sold, is in
batteries.json; the titles that it was tried on lie in tests/unit/audit/rules/batteries.tsv, labelled before the rule was written.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.audit.rules.finding import Finding, quoted
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import Passage
from shared.trade.product import Product
from shared.trade.selection import within

NAMES = Path(__file__).with_name("batteries.json")
CAPACITY = re.compile(r"\d\s?(?:m?ah|wh|毫安)(?![a-z])")
"""Only what stores electricity says how much."""
REMEDY = "Batteries are dangerous goods: say their chemistry and watt-hours in the text; a person decides."
AND = "and|with|plus|und|mit|et|avec"
_BETWEEN = r"[ -]{0,2}(?:\(?\d{1,2}x?[ -])?(?:(?:aaa?|c|d|x|\d+)[ -])?"
"""Between `requires` and `batteries`: at most a number and a size."""


@dataclass(frozen=True, slots=True)
class _Names:
    name: re.Pattern[str]
    accessory: re.Pattern[str]
    before: re.Pattern[str]
    accessory_for: re.Pattern[str]
    """What is sold beside a battery, and for which (`AC charger for W series battery`)."""
    categories: tuple[str, ...]


@cache
def _names() -> _Names:
    held = json.loads(NAMES.read_text(encoding="utf-8"))
    name, accessory, before = ("|".join(sorted(held[part], key=len, reverse=True)) for part in ("names", "accessories", "before"))
    return _Names(
        name=re.compile(rf"(?<![^\W\u3400-\u9fff])(?:{name})(?![a-z])"),
        accessory=re.compile(rf"[ -]{{0,2}}(?:storage |protective |wall |hard |batter(?:y|ies) )?(?:{accessory})(?![a-z])"),
        accessory_for=re.compile(rf"(?<![^\W\u3400-\u9fff])(?:{accessory}) (?:for|fits|für|pour|para)(?: (?!(?:{AND}) )[\w.-]+){{0,5}} $"),
        before=re.compile(rf"(?:(?<![^\W\u3400-\u9fff])(?:{before})){_BETWEEN}$"),
        categories=tuple(held["categories"]),
    )


def batteries(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """At most one finding: a person looks at what is a battery."""
    for field, category in (("/category", product.category), *((f"/categories/{i}", each) for i, each in enumerate(product.categories))):
        if any(within(category, root) for root in _names().categories):
            yield Finding("dangerous-goods", "review", f"the category {category} is one of batteries", REMEDY, field)
            return
    for passage in read:
        if passage.is_title and (found := battery_in(passage.folded)):
            evidence = f'"{found[0]}" (a battery, classes 8 and 9) in "{quoted(passage.folded, *found.span())}"'
            yield Finding("dangerous-goods", "review", evidence, REMEDY, passage.field)
            return


def battery_in(title: str) -> re.Match[str] | None:
    """Where `title`, as `as_read` gives it, names a battery as the thing itself; None if it names none."""
    names, says_capacity = _names(), CAPACITY.search(title) is not None
    for found in names.name.finditer(title):
        if names.before.search(title, 0, found.start()) or names.accessory_for.search(title, 0, found.start()):
            continue
        if says_capacity or not names.accessory.match(title, found.end()):
            return found
    return None
