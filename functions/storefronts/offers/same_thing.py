"""Which cards are of one thing: by a person's word, else by GTIN, and by brand and part number.

Who says a GTIN alone and who says a part number alone are joined by whoever says both. But makers give one part number to a shirt in
several colours: as long as those who say it say different GTINs it joins nobody, until a person says so. Found
anew for each page, among all that is on sale whatever the storefront sells, so that a link does not hang on what a shopper asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import OffersOf
from functions.storefronts.index.product_card import Card

ROUNDS = 3
"""From any card its thing's GTIN is one step away, from that all cards that say it, from their part numbers all others."""
MOST_OFFERS = 20
"""Offers of an id that are looked at."""
MOST_IDS = 2_000
"""Ids that are asked for at once. Of more, first those of the cards that have the fewest: a product of hundreds of variants hides no
others' company."""


class SameThings:
    """The things that `cards` are offers of, with all others' offers of them. A product with variants is several: each of them is asked
    for by itself, as `Card.trade_offers` has them."""

    def __init__(self, cards: Iterable[Card], index: CardIndex) -> None:
        few = sorted((card.trade_offers for card in cards), key=len)
        self._known = _with_company({each.offer_id: each for some in few for each in some}, index)
        self._disputed = disputed(self._known.values())
        self._gtins = frozenset(card.gtin_item for card in self._known.values())
        self._joined: dict[str, str] = {}
        for card in self._known.values():
            self._join(self._ids_of(card))

    def of(self, card: Card) -> str:
        """The id of the card's thing, the same for all cards of it: their GTIN's where any says one. Empty if it is known by none, or is
        several."""
        if card.options:
            return ""
        return next((self._root(each) for each in self._ids_of(card)), "")

    def several(self) -> Mapping[str, frozenset[str]]:
        """The things that several suppliers offer → all their ids."""
        suppliers, ids = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for card in self._known.values():
            if thing := self.of(card):
                suppliers[thing].add(card.supplier_id)
                ids[thing].update(self._ids_of(card))
        return {thing: frozenset(ids[thing]) for thing, found in suppliers.items() if len(found) > 1}

    def _ids_of(self, card: Card) -> list[str]:
        return [each for each in card.items if each not in self._disputed]

    def _join(self, ids: Sequence[str]) -> None:
        """A GTIN's id stands for its thing, since no thing has two: it is the first of a card's."""
        for each in ids[1:]:
            ours, theirs = self._root(ids[0]), self._root(each)
            if ours != theirs:
                first, other = sorted((ours, theirs), key=lambda root: (root not in self._gtins, root))
                self._joined[other] = first

    def _root(self, each: str) -> str:
        while each in self._joined:
            each = self._joined[each]
        return each


def disputed(cards: Iterable[Card]) -> frozenset[str]:
    """Part numbers' ids that come with more than one GTIN."""
    gtins = defaultdict[str, set[str]](set)
    for card in cards:
        if card.part_item and card.gtin_item:
            gtins[card.part_item].add(card.gtin_item)
    return frozenset(part for part, found in gtins.items() if len(found) > 1)


def _with_company(known: dict[str, Card], index: CardIndex) -> dict[str, Card]:
    asked = set[str]()
    for _ in range(ROUNDS):
        wanted = dict.fromkeys(each for card in known.values() for each in card.items if each not in asked)
        new = frozenset(islice(wanted, MOST_IDS))
        if not new:
            break
        asked |= new
        known |= {each.offer_id: each for each in offers_known_by(new, index) if each.offer_id not in known}
    return known


def offers_known_by(ids: frozenset[str], index: CardIndex) -> Sequence[Card]:
    """All offers of these things, at most MOST_OFFERS where one has many: by one question, unless some have many, which would leave no room
    for the others."""
    most = MOST_OFFERS * len(ids)
    found = index.page(OffersOf(ids), None, most)
    if len(found) == most and len(ids) > 1:
        found = [card for each in sorted(ids) for card in index.page(OffersOf(frozenset({each})), None, MOST_OFFERS)]
    return offers_in(found, ids)


def offers_in(cards: Iterable[Card], ids: Set[str]) -> Sequence[Card]:
    """Of products with variants those alone that are known by any of `ids`, each as a card of its own."""
    return [each for card in cards for each in card.trade_offers if not ids.isdisjoint(each.items)]
