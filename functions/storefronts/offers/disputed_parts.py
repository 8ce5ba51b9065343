"""Part numbers of which suppliers say different GTINs, for a person to say which offers are of one thing.

A part number that comes with several GTINs joins nobody (`same_thing.py`): makers give one to a shirt in several colours, and people err.
Nobody keeps a list of such: it is found by a walk through all that is on sale, the newest first, so that what was mended is on it no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All
from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.same_thing import offers_known_by

WALKED, AT_ONCE = 2_000, 250
"""Cards that are looked at for a page, which may come out short or empty, and how many at once."""


@dataclass(frozen=True, slots=True)
class DisputedPart:
    """A maker's part number with all offers of it that were looked at, those that say no GTIN too: the newest MOST_OFFERS."""

    part_item: str
    offers: tuple[Card, ...]
    """By GTIN, none first, then the newest first."""

    @property
    def newest(self) -> Card:
        """The newest that says a GTIN. Who says none may be newer by many pages, and is not what a walk looks for."""
        return max((each for each in self.offers if each.gtin_item), key=lambda each: each.rank)


def disputed_parts(index: CardIndex, below: int | None, limit: int) -> tuple[list[DisputedPart], int | None]:
    """The next disputes from the cards of a lower rank than `below` on, and where to go on; None at the end. Each is told once, at the
    newest of its cards that says a GTIN. At least `limit` end a page: a card's own, of a product with variants as many as those, stay
    together.

    Where all that say a part number are one supplier's, nobody else's goods are parted from them or joined, and it is none.
    """
    found: list[DisputedPart] = []
    for _ in range(WALKED // AT_ONCE):
        cards = index.page(All(), below, AT_ONCE)
        disputes = _disputes_of(cards, index)
        for card in cards:
            below = card.rank
            found += disputes.get(card.product_id, ())
            if len(found) >= limit:
                return found, below
        if len(cards) < AT_ONCE:
            return found, None
    return found, below


def _disputes_of(cards: Sequence[Card], index: CardIndex) -> dict[str, list[DisputedPart]]:
    """By the product at whose card each is told."""
    parts = frozenset(each.part_item for card in cards for each in card.trade_offers if each.part_item and each.gtin_item)
    known = sorted((each for each in offers_known_by(parts, index) if each.part_item in parts), key=_order) if parts else []
    disputes: dict[str, list[DisputedPart]] = {}
    for part, offers in groupby(known, key=lambda each: each.part_item):
        dispute = DisputedPart(part, tuple(offers))
        if _is_disputed(dispute.offers):
            disputes.setdefault(dispute.newest.product_id, []).append(dispute)
    return disputes


def _order(offer: Card) -> tuple[str, str, int]:
    return offer.part_item, offer.gtin_item, -offer.rank


def _is_disputed(offers: Sequence[Card]) -> bool:
    return len({each.gtin_item for each in offers if each.gtin_item}) > 1 and len({each.supplier_id for each in offers}) > 1
