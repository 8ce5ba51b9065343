"""A listing by price. The index knows no order but rank, and answers exactly what lies in a span of prices: so spans are asked for, each as
wide as a page needs, and sorted here. A page costs some ten counts and one reading, whatever the catalog's size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_page import Window
from functions.storefronts.offers.offer_choice import Listed
from functions.storefronts.offers.priced_card import PricedCard
from monsoon_plugin.money import MAX_AMOUNT, exponent

MOST_CARDS = 200
"""Of a span that is read at once."""
MOST_SPANS = 4
"""Of a page; it then ends, short or empty, with a place to go on."""
WIDER = 4


@dataclass(frozen=True, slots=True)
class PricePlace:
    """Where a page ended: the price, in minor units, and the rank of what it showed last; rank 0: all of that price are behind it."""

    price: int
    rank: int = 0


@dataclass(frozen=True)
class ByPrice:
    """`window` with a currency; `dearest`: from the highest price down. Of one price the newest comes first."""

    window: Window
    index: CardIndex
    dearest: bool = False

    def page(self, after: PricePlace | None, limit: int) -> tuple[list[PricedCard], PricePlace | None]:
        """The next products, at most `limit`, and where to go on; None at the end."""
        found, edge = list[PricedCard](), after.price if after else (MAX_AMOUNT if self.dearest else 0)
        for _ in range(MOST_SPANS):
            low, high = self._span(edge, limit)
            cards = self._cards(low, high, after)
            found += [each for each in self._sold(cards) if after is None or self._key(each) > self._place_key(after)]
            if len(found) >= limit or (low == high and len(cards) == MOST_CARDS):
                last = found[limit - 1] if len(found) >= limit else None
                return found[:limit], _place(last) if last else PricePlace(low, cards[-1].rank)
            if (low == 0) if self.dearest else (high == MAX_AMOUNT):
                return found, None
            edge = low - 1 if self.dearest else high + 1
        return found, PricePlace(edge + 1 if self.dearest else edge - 1)

    def _span(self, edge: int, limit: int) -> tuple[int, int]:
        """Prices from `edge` on of which there are more than `limit`, or all; at most MOST_CARDS, unless so many have one price."""
        width = 10 ** exponent(self.window.currency or "")
        while (count := self._count(*self._from(edge, width))) <= limit and width < MAX_AMOUNT:
            width *= WIDER
        while count > MOST_CARDS and width > 0:
            width //= 2
            count = self._count(*self._from(edge, width))
        return self._from(edge, width)

    def _from(self, edge: int, width: int) -> tuple[int, int]:
        return (max(edge - width, 0), edge) if self.dearest else (edge, min(edge + width, MAX_AMOUNT))

    def _count(self, low: int, high: int) -> int:
        return self.index.count(self._between(low, high))

    def _between(self, low: int, high: int) -> Query:
        return All((self.window.whole, self.window.pricing.band(self.window.currency or "", low, high)))

    def _cards(self, low: int, high: int, after: PricePlace | None) -> Sequence[Card]:
        """Of one price alone by rank, from where the page before ended: of it there may be any number."""
        below = after.rank if after and low == high == after.price else None
        return self.index.page(self._between(low, high), below, MOST_CARDS) if below != 0 else ()

    def _sold(self, cards: Sequence[Card]) -> Iterator[PricedCard]:
        listed = Listed(self.window.offer_rule, self.window.whole, cards, self.index)
        priced = [(card, sold) for card in cards if listed(card) and (sold := self.window.priced(card))]
        yield from sorted((replace(sold, thing=listed.thing(card)) for card, sold in priced), key=self._key)

    def _key(self, each: PricedCard) -> tuple[int, int]:
        return self._place_key(_place(each))

    def _place_key(self, place: PricePlace) -> tuple[int, int]:
        return (-place.price if self.dearest else place.price), -place.rank


def _place(each: PricedCard) -> PricePlace:
    return PricePlace(each.sale.price.amount, each.card.rank)
