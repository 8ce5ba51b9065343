"""One card a trade item: which of several suppliers' offers of it a storefront lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, AnyOf, By, InStock, Not, OffersOf, Products, Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.landed import Landed
from functions.storefronts.offers.priced_card import PricedCard, Pricer
from functions.storefronts.offers.same_thing import MOST_OFFERS, SameThings, offers_in
from shared.trade.selection import Selection


@dataclass(frozen=True, slots=True)
class OfferRule:
    """How a storefront chooses: its rule, what it sells each for, and what that comes to where it is wanted."""

    selection: Selection
    pricer: Pricer
    landed: Landed

    def in_order(self, cards: Iterable[Card]) -> list[PricedCard]:
        """The offers of one trade item that are sold here, the one that is listed first. What costs less counts where all are sold in one
        currency."""
        found = [priced for card in cards if (priced := self.pricer(card))]
        offers, preferred = self.selection.offers, {s: i for i, s in enumerate(self.selection.offers.preferred_suppliers)}

        def place(priced: tuple[PricedCard, int | None]) -> tuple[bool, bool, bool, int, int, int]:
            card, cost = priced[0].card, priced[1]
            return (
                card.product_id not in self.selection.picks,
                cost is None,
                offers.in_stock_first and not card.in_stock,
                preferred.get(card.supplier_id, len(preferred)),
                cost or 0,
                card.rank,
            )

        return [each for each, _ in sorted(zip(found, self.landed.costs(found), strict=True), key=place)]


class Listed:
    """Which of some cards are listed: of each trade item those of the supplier whose offer comes first among all that `query` holds for.

    One supplier's products hide none of each other: makers give one part number to a thing in several colours. A product with variants
    is several things on one card. It is listed for each of them that nobody else sells, and where a variant is offered first, or another
    product's variant is: then the first such product by the rule shows the thing, so that a shirt of two suppliers is one card
    though each is cheaper in some sizes. What is cheaper by itself than as a variant is shown by itself.
    """

    def __init__(self, rule: OfferRule, query: Query, cards: Sequence[Card], index: CardIndex) -> None:
        one = rule.selection.offers.show == "one"
        self._same = SameThings(cards if one else (), index)
        self._several = self._same.several()
        found = by_thing(rule.selection, query, self._several, self._same, index)
        self._whose, self._shown_by = dict[str, str](), dict[str, str]()
        self._products = {each.product_id: each for some in found.values() for each in some if each.options}
        for thing, some in found.items():
            if ordered := rule.in_order(offer for card in some for offer in self._offers(card, thing)):
                first = ordered[0].card
                self._whose[thing] = self._shown_by[thing] = first.supplier_id
                if first.product_id in self._products:
                    products = rule.in_order(card for card in some if card.options)
                    self._shown_by[thing] = products[0].card.supplier_id

    def __call__(self, card: Card) -> bool:
        if not card.options:
            return self._whose.get(self.thing(card), card.supplier_id) == card.supplier_id
        return card.more_variants or not card.variant_items or any(self._shows(card, each) for each in card.trade_offers)

    def _shows(self, card: Card, variant: Card) -> bool:
        return self._shown_by.get(self._same.of(variant), card.supplier_id) == card.supplier_id

    def thing(self, card: Card) -> str:
        """The id of the card's thing, the same for all offers of it; as the card says it where all offers are listed by themselves."""
        return self._same.of(card) or card.trade_item

    @property
    def passed_over(self) -> Query:
        """The cards that are not listed, since another supplier's is."""
        ids = defaultdict[str, set[str]](set)
        for thing, supplier in self._whose.items():
            ids[supplier] |= self._several[thing]
        several, hidden = frozenset(self._products), frozenset(each for each, card in self._products.items() if not self(card))
        apart = (Not(Products(several)),) if several else ()
        found: list[Query] = [All((OffersOf(frozenset(some)), Not(By(frozenset({s}))), *apart)) for s, some in sorted(ids.items())]
        return AnyOf((*found, Products(hidden)) if hidden else tuple(found))

    def _offers(self, card: Card, thing: str) -> Sequence[Card]:
        if not card.options:
            return [card]
        return [each for each in offers_in([card], self._several[thing]) if self._same.of(each) == thing]


def by_thing(
    selection: Selection, query: Query, several: Mapping[str, frozenset[str]], same: SameThings, index: CardIndex
) -> dict[str, Sequence[Card]]:
    """Of each thing of several suppliers the cards among which one is chosen: by one question, unless some have many."""
    ids = frozenset(each for some in several.values() for each in some)
    most = MOST_OFFERS * len(several)
    found = index.page(All((query, OffersOf(ids))), None, most) if ids else ()
    cards = defaultdict[str, list[Card]](list)
    for card in found:
        for thing in _things_of(card, several, same):
            cards[thing].append(card)
    crowded = several if len(found) == most else {thing for thing, some in cards.items() if len(some) >= MOST_OFFERS}
    return dict(cards) | {thing: offers_among(selection, query, several[thing], index) for thing in crowded if thing in several}


def _things_of(card: Card, several: Mapping[str, frozenset[str]], same: SameThings) -> Collection[str]:
    """Of a card beyond those that were looked at by its ids; of one with variants each of theirs."""
    things = {same.of(each) for each in card.trade_offers} & several.keys()
    return things or [thing for thing, ids in several.items() if not ids.isdisjoint(card.items)][:1]


def offers_among(selection: Selection, query: Query, ids: frozenset[str], index: CardIndex) -> Sequence[Card]:
    """At most MOST_OFFERS of a trade item, known by `ids`. Where there are more, first what the rule puts first: whoever sends many new
    ones hides neither what was picked by hand, nor a preferred supplier's, nor what is in stock."""
    here: Query = All((query, OffersOf(ids)))
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
