"""Options, attributes and brands, counted by what narrows a listing to them, and called as one of the products counted writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.described_term import described_term
from functions.storefronts.index.index_query import All, Chosen, Is, Like, Query
from functions.storefronts.index.product_card import Card

LOOKED_AT = 100
"""Of the newest cards, whose names serve for most values; those of the rest are looked for one by one."""
Kind = Literal["options", "attributes", "brand"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value of an option or attribute, the `term` that narrows a listing to what has it, and how many products that is."""

    name: str
    value: str
    term: str
    count: int = 0
    id: str | None = None
    """Of an attribute of the taxonomy's list."""


def labelled(index: CardIndex, whole: Query, kind: Kind, most: int) -> Sequence[Labelled]:
    """The `most` frequent values among the cards of `whole`."""
    counts = index.counts(whole, kind, most)
    newest = index.page(whole, None, LOOKED_AT) if counts else ()
    known = {each.term: each for card in reversed(newest) for each in _of(card, kind)}
    for term, _ in counts:
        if term not in known:
            for card in index.page(All((whole, _having(kind, term))), None, 1):
                known = {each.term: each for each in _of(card, kind)} | known
    return [replace(known.get(term) or Labelled(*_parts(term), term), count=count) for term, count in counts]


def _having(kind: Kind, term: str) -> Query:
    return Chosen(*_parts(term)) if kind == "options" else Like(term) if kind == "attributes" else Is("brand", term)


def _parts(term: str) -> tuple[str, str]:
    name, _, value = term.partition(":")
    return name, value


def _of(card: Card, kind: Kind) -> Iterator[Labelled]:
    if kind == "options":
        yield from (Labelled(o.name, value, described_term(o.name, value)) for o in card.options for value in o.values)
    elif kind == "brand":
        yield from (Labelled("", card.brand, term) for term in card.brand_terms if card.brand)
    else:
        yield from (Labelled(a.name, value, described_term(a.name, value), id=a.id) for a in card.attributes for value in a.values)
