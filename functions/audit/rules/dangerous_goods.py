"""Dangerous goods by their names and UN numbers, by the operator's list."""

import re
from collections.abc import Iterator, Sequence

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
DOSED = re.compile(r"(?<!\w)(?:capsules?|caplets?|softgels?|gumm(?:y|ies)|supplements?|vitamins?|\d+ ?mc?g)(?!\w)")
"""In a title: what is swallowed, so that a metal is its ingredient (`esomeprazole magnesium`, `300mg magnesium`)."""
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
    return _is_forbidden(match.meaning) or (passage.is_title and match.is_head and not _is_beside(match, passage))


def _is_beside(match: Match[DangerousGood], passage: Passage) -> bool:
    """Whether it is one of several looks (`black/carbon`), or what something else is made of."""
    if match.meaning.is_plain or match.meaning.hazard_class in FORBIDDEN:
        return False
    return passage.folded[match.start - 1 : match.start] == "/" or DOSED.search(passage.folded) is not None


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
