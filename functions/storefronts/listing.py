"""Fan-out at read time: a storefront's rule becomes ranges of the cards' index, and what they hold is filtered here.

The order of a listing is: picks as the owner lists them, then all else by category, then by product id.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from functions.storefronts.card import Card
from shared.selection import Selection, within

READS = 8
"""A page makes at most so many reads of at most `limit` cards each; it then ends, short or empty, with a `next`."""
LAST = "~"
"""Sorts after every character of a path."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: after so many picks, and after the card of this path."""

    picks: int = 0
    path: str = ""


START = Place()


class Cards(Protocol):
    """Where cards are read: the table, through a cache; or a list in a test."""

    def picked(self, product_ids: tuple[str, ...]) -> Sequence[Card]:
        """The cards of these products, in this order, without those that are not on sale."""
        ...

    def between(self, vertical: str, low: str, high: str, limit: int) -> Sequence[Card]:
        """At most `limit` cards of the vertical whose paths lie between `low` and `high`, by path."""
        ...

    def verticals(self) -> Sequence[str]:
        """The top categories that have held a card."""
        ...


@dataclass(slots=True)
class _Page:
    """A page while it is being read."""

    limit: int
    place: Place
    found: list[Card] = field(default_factory=list)
    reads: int = 0

    @property
    def over(self) -> bool:
        return len(self.found) == self.limit or self.reads == READS


def page(selection: Selection, category: str | None, place: Place, limit: int, cards: Cards) -> tuple[list[Card], Place | None]:
    """The next cards of a listing, at most `limit`, and where to go on; None at its end.

    `category` narrows the listing to what lies in it. A change of the rule between two pages may show a product twice or
    not at all; a change of a product moves that product only.
    """
    so_far = _Page(limit, place)
    picks = tuple(pick for pick in dict.fromkeys(selection.picks) if pick not in selection.exclusions)
    known = frozenset(picks)

    def wanted(card: Card) -> bool:
        return card.product_id not in known and wants(selection, card)

    ended = _read_picks(so_far, picks, category, cards) and _read_ranges(so_far, roots(selection, category, cards), wanted, cards)
    return so_far.found, None if ended else so_far.place


def wants(selection: Selection, card: Card) -> bool:
    """Whether a storefront with this rule sells the card's product."""
    return selection.wants(card.product_id, card.category, card.supplier_id, card.cost, card.titles.values())


def roots(selection: Selection, category: str | None, cards: Cards) -> list[str]:
    """The categories whose subtrees hold all that the rule may want in `category`: disjoint, in the order of their paths."""
    chosen: Iterable[str] = selection.categories or cards.verticals()
    if category is not None:
        chosen = [category if within(category, root) else root for root in chosen if within(category, root) or within(root, category)]
    disjoint: list[str] = []
    for root in sorted(set(chosen), key=_prefix):
        if not disjoint or not within(root, disjoint[-1]):
            disjoint.append(root)
    return disjoint


def _prefix(root: str) -> str:
    return root + "-"


def _read_picks(so_far: _Page, picks: tuple[str, ...], category: str | None, cards: Cards) -> bool:
    """Read on among the picks. Answers whether they have all been read."""
    while so_far.place.picks < len(picks):
        if so_far.over:
            return False
        start = so_far.place.picks
        some = picks[start : start + so_far.limit - len(so_far.found)]
        so_far.found += [card for card in cards.picked(some) if category is None or within(card.category, category)]
        so_far.place = Place(start + len(some))
        so_far.reads += 1
    return True


def _read_ranges(so_far: _Page, ranges: Sequence[str], wanted: Callable[[Card], bool], cards: Cards) -> bool:
    """Read on in the subtrees. Answers whether they have all been read."""
    for root in ranges:
        prefix, more = _prefix(root), so_far.place.path < _prefix(root) + LAST
        while more:
            if so_far.over:
                return False
            path = so_far.place.path
            chunk = cards.between(root.split("-")[0], path + LAST if path.startswith(prefix) else prefix, prefix + LAST, so_far.limit)
            so_far.reads += 1
            more = len(chunk) == so_far.limit
            for card in chunk:
                if len(so_far.found) == so_far.limit:
                    return False
                so_far.place = Place(so_far.place.picks, card.path)
                if wanted(card):
                    so_far.found.append(card)
    return True
