"""Fan-out at read time: a storefront's rule becomes ranges of the cards' index, and what they hold is filtered here.

The order of a listing is: picks as the owner lists them, then all else by category, then by product id.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


def page(selection: Selection, category: str | None, place: Place, limit: int, cards: Cards) -> tuple[list[Card], Place | None]:
    """The next cards of a listing, at most `limit`, and where to go on; None at its end.

    A change of the rule between two pages may show a product twice or not at all.
    """
    found: list[Card] = []
    picks = tuple(pick for pick in dict.fromkeys(selection.picks) if pick not in selection.exclusions)
    for reads, (read, chunk, after) in enumerate(_chunks(picks, selection, category, place, limit, cards)):
        for card in chunk:
            if len(found) == limit:
                return found, place
            place = Place(place.picks, card.path) if read == "range" else Place(place.picks + 1, place.path)
            if _shown(card, read, picks, selection, category):
                found.append(card)
        place = after or place
        if reads == READS - 1 or len(found) == limit:
            return found, place
    return found, None
