"""One card a trade item: which of several suppliers' offers of it a storefront lists."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, OffersOf, Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.priced_card import PricedCard, Pricer
from shared.trade.selection import Selection

MOST_OFFERS = 20
"""Offers of a trade item among which one is chosen: the newest."""


def in_order(selection: Selection, offers: Iterable[PricedCard]) -> list[PricedCard]:
    """The offers of one trade item, the one that is listed first. What costs less counts where all are sold in one currency."""
    found = list(offers)
    one_currency = len({each.sale.price.currency for each in found}) == 1
    preferred = {supplier: i for i, supplier in enumerate(selection.offers.preferred_suppliers)}

    def place(each: PricedCard) -> tuple[bool, bool, int, int, int]:
        card = each.card
        return (
            card.product_id not in selection.picks,
            selection.offers.in_stock_first and not card.in_stock,
            preferred.get(card.supplier_id, len(preferred)),
            each.sale.price.amount if one_currency else 0,
            card.rank,
        )

    return sorted(found, key=place)


class Listed:
    """Which of some cards are listed: those that come first of their trade item among all that `query` holds for."""

    def __init__(self, pricer: Pricer, selection: Selection, query: Query, cards: Sequence[Card], index: CardIndex) -> None:
        items = frozenset(card.trade_item for card in cards if card.trade_item) if selection.offers.show == "one" else frozenset()
        several = {item: [priced for card in some if (priced := pricer(card))] for item, some in _by_item(query, items, index).items()}
        self._first = {item: in_order(selection, offers)[0].card.product_id for item, offers in several.items() if offers}

    def __call__(self, card: Card) -> bool:
        return self._first.get(card.trade_item, card.product_id) == card.product_id


def _by_item(query: Query, items: frozenset[str], index: CardIndex) -> dict[str, Sequence[Card]]:
    """Of each trade item the newest cards that `query` holds for, at most MOST_OFFERS: by one question, unless some have many."""
    most = MOST_OFFERS * len(items)
    found = index.page(All((query, OffersOf(items))), None, most) if items else ()
    if len(found) == most and len(items) > 1:
        return {item: _by_item(query, frozenset({item}), index).get(item, ()) for item in items}
    several = defaultdict[str, list[Card]](list)
    for card in found:
        several[card.trade_item].append(card)
    return {item: cards[:MOST_OFFERS] for item, cards in several.items()}
