"""One card a trade item: which of several suppliers' offers of it a storefront lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, By, InStock, OffersOf, Products, Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.priced_card import PricedCard, Pricer
from shared.trade.selection import Selection

MOST_OFFERS = 20
"""Offers of a trade item among which one is chosen: see `offers_among`."""


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
    """Which of some cards are listed: of each trade item those of the supplier whose offer comes first among all that `query` holds for.

    One supplier's products hide none of each other: makers give one part number to a thing in several colours.
    """

    def __init__(self, pricer: Pricer, selection: Selection, query: Query, cards: Sequence[Card], index: CardIndex) -> None:
        items = frozenset(card.trade_item for card in cards if card.trade_item) if selection.offers.show == "one" else frozenset()
        found = _by_item(selection, query, items, index).items()
        several = {item: [priced for card in some if (priced := pricer(card))] for item, some in found}
        self._whose = {item: in_order(selection, offers)[0].card.supplier_id for item, offers in several.items() if offers}

    def __call__(self, card: Card) -> bool:
        return self._whose.get(card.trade_item, card.supplier_id) == card.supplier_id


def _by_item(selection: Selection, query: Query, items: frozenset[str], index: CardIndex) -> dict[str, Sequence[Card]]:
    """Of each trade item the cards among which one is chosen: by one question, unless some have many."""
    most = MOST_OFFERS * len(items)
    found = index.page(All((query, OffersOf(items))), None, most) if items else ()
    several = defaultdict[str, list[Card]](list)
    for card in found:
        several[card.trade_item].append(card)
    crowded = items if len(found) == most else {item for item, cards in several.items() if len(cards) >= MOST_OFFERS}
    return several | {item: offers_among(selection, query, item, index) for item in crowded}


def offers_among(selection: Selection, query: Query, item: str, index: CardIndex) -> Sequence[Card]:
    """At most MOST_OFFERS of a trade item. Where there are more, first what the rule puts first: whoever sends many new ones hides neither
    what was picked by hand, nor a preferred supplier's, nor what is in stock."""
    here: Query = All((query, OffersOf(frozenset({item}))))
    newest = index.page(here, None, MOST_OFFERS)
    if len(newest) < MOST_OFFERS:
        return newest
    first = (card for part in _put_first(selection) for card in index.page(All((here, part)), None, MOST_OFFERS))
    return list({card.product_id: card for card in (*first, *newest)}.values())[:MOST_OFFERS]


def _put_first(selection: Selection) -> Iterator[Query]:
    if selection.picks:
        yield Products(frozenset(selection.picks))
    if selection.offers.preferred_suppliers:
        preferred = By(frozenset(selection.offers.preferred_suppliers))
        yield from (All((preferred, InStock())), preferred) if selection.offers.in_stock_first else (preferred,)
    if selection.offers.in_stock_first:
        yield InStock()
