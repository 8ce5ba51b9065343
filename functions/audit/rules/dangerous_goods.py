"""Dangerous goods by their names and UN numbers, by the operator's list."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from functions.audit.rules.finding import Finding, quoted
from functions.audit.rules.operator_lists import DangerousGood, OperatorLists
from functions.audit.rules.passages import Passage
from functions.audit.rules.vocabulary import Match, once
from shared.trade.listed_terms import has_han
from shared.trade.product import Product

FORBIDDEN = ("1", "6.2", "7")
"""Classes that no parcel may hold: explosives, infectious substances, radioactive material (UN Model Regulations, part 2;
Universal Postal Convention, article 19)."""
UN_NUMBER = re.compile(r"(?<!\w)un[ -]?(\d{4})(?!\w)")
USED_WITH = re.compile(r"(?<!\w)(?:for|fits|suits|suitable for|compatible with|works with|instead of|适用于)(?!\w)[^.!?;\n]{0,80}$")
"""Before a name, in its sentence: what the thing is used with, not what it is (`For liquid foundation, loose powder, powder cake`)."""
COATED = re.compile(r"[ -](?:coat(?:ed|ing|s)?|finish(?:ed)?|paint(?:ed)?)(?!\w)")
"""After a name: what a surface is like (`a matte black powder coat finish`)."""
DOSED = re.compile(
    r"(?<!\w)(?:capsules?|caplets?|tablets?|softgels?|gumm(?:y|ies)|lozenges?|supplements?|(?:multi)?vitamins?|\d+ ?mc?g)(?!\w)"
)
"""In a title: what is swallowed, so that a metal is its ingredient (`esomeprazole magnesium`, `300mg magnesium`)."""
EVERYDAY = Path(__file__).with_name("everyday_names.json")
BEGINS = re.compile(r"(?:^|[,;:|/+&()–—]|(?<!\w)(?:of|and|with|or)|(?<![\w-])-) ?$")
"""Before a name that begins a part of its title."""
ENGLISH = "en"
"""What the list is written in, beside names in Chinese."""
REMEDY = "Dangerous goods are not sold here. If it is none, appeal and say what it is made of."


def dangerous_goods(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """Plain names of forbidden goods anywhere but after `for`; they refuse where they name the thing itself. Others only in a title, where
    they do: `cigar box matches` are matches, but a `match holder` and a `natural gas grill` are no dangerous goods, nor is what a
    description says is inside."""
    for passage in read:
        if passage.is_name:
            continue
        yield from _declared(passage, lists)
        matches = lists.goods.matches(passage.folded)
        for match in once(m for m in matches if _is_meant(m, passage)):
            yield _finding(match, passage)


def _is_meant(match: Match[DangerousGood], passage: Passage) -> bool:
    if USED_WITH.search(passage.folded, 0, match.start) or COATED.match(passage.folded, match.end):
        return False
    if _is_forbidden(match.meaning):
        return True
    return passage.is_title and match.is_head and _is_read(match, passage) and not _is_beside(match, passage)


def _is_read(match: Match[DangerousGood], passage: Passage) -> bool:
    """Whether the name is in the text's language (`mercury` is none of Spanish goods), and, where it has an everyday meaning too, begins a
    part of the title: a bath bomb and a brain booster are what stands before them."""
    if not has_han(match.term) and ENGLISH not in passage.languages:
        return False
    return match.term not in everyday() or BEGINS.search(passage.folded, 0, match.start) is not None


@cache
def everyday() -> frozenset[str]:
    return frozenset(json.loads(EVERYDAY.read_text(encoding="utf-8"))["names"].split())


def _is_beside(match: Match[DangerousGood], passage: Passage) -> bool:
    """Whether it is a look or a scent (`black/carbon`, `a candle in turpentine`), or what something else is made of."""
    if match.meaning.is_plain or (match.meaning.hazard_class in FORBIDDEN and match.term not in everyday()):
        return False
    return passage.folded.endswith(("/", " in "), 0, match.start) or DOSED.search(passage.folded) is not None


def _is_forbidden(good: DangerousGood) -> bool:
    return good.is_plain and good.hazard_class in FORBIDDEN


def _finding(match: Match[DangerousGood], passage: Passage) -> Finding:
    good = match.meaning
    names_it = (match.is_head or has_han(match.term)) and not passage.is_prose
    severity = "refuse" if _is_forbidden(good) and names_it else "review"
    evidence = f'"{match.term}" (UN {good.number}, class {good.hazard_class}) in "{quoted(passage.folded, match.start, match.end)}"'
    return Finding("dangerous-goods", severity, evidence, REMEDY, passage.field)  # type: ignore[arg-type]


def _declared(passage: Passage, lists: OperatorLists) -> Iterator[Finding]:
    for found in UN_NUMBER.finditer(passage.folded):
        if found[1] in lists.numbers:
            evidence = f'UN {found[1]} in "{quoted(passage.folded, found.start(), found.end())}"'
            yield Finding("dangerous-goods", "review", evidence, REMEDY, passage.field)
