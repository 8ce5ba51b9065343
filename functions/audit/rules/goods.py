"""Dangerous goods by their names and UN numbers, by the operator's list."""

import re
from collections.abc import Iterator

from functions.audit.finding import Finding, quoted
from functions.audit.lists import Good, Lists
from functions.audit.vocabulary import Match, fold, once
from shared.product import Product

FORBIDDEN = ("1", "6.2", "7")
"""Classes that no parcel may hold: explosives, infectious substances, radioactive material (UN Model Regulations, part 2;
Universal Postal Convention, article 19)."""
UN_NUMBER = re.compile(r"(?<!\w)un[ -]?(\d{4})(?!\w)")
REMEDY = "Dangerous goods are not sold here. If it is none, appeal and say what it is made of."


def goods(product: Product, lists: Lists) -> Iterator[Finding]:
    """Plain names of forbidden goods anywhere. Others only in a title, where they name the thing itself: `cigar box matches` are
    matches, but a `match holder` and a `natural gas grill` are no dangerous goods, nor is what a description says is inside."""
    for tag, text in product.texts.items():
        for part, written in (("title", text.title), ("description", text.description)):
            folded, field = fold(written), f"/texts/{tag}/{part}"
            yield from _declared(folded, field, lists)
            counted = (m for m in lists.goods.matches(folded) if _is_forbidden(m.meaning) or (part == "title" and m.is_head))
            for match in once(counted):
                yield _finding(match, folded, field)


def _is_forbidden(good: Good) -> bool:
    return good.is_plain and good.hazard_class in FORBIDDEN


def _finding(match: Match[Good], folded: str, field: str) -> Finding:
    good = match.meaning
    severity = "refuse" if _is_forbidden(good) else "review"
    evidence = f'"{match.term}" (UN {good.number}, class {good.hazard_class}) in "{quoted(folded, match.start, match.end)}"'
    return Finding("dangerous-goods", severity, evidence, REMEDY, field)  # type: ignore[arg-type]


def _declared(folded: str, field: str, lists: Lists) -> Iterator[Finding]:
    for found in UN_NUMBER.finditer(folded):
        if found[1] in lists.numbers:
            evidence = f'UN {found[1]} in "{quoted(folded, found.start(), found.end())}"'
            yield Finding("dangerous-goods", "review", evidence, REMEDY, field)
