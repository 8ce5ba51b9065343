"""One card a trade item: which of several suppliers' offers of it a storefront lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, AnyOf, By, InStock, Not, OffersOf, Products, Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.landed import Landed
from functions.storefronts.offers.priced_card import PricedCard, Pricer
from functions.storefronts.offers.same_thing import MOST_OFFERS, SameThings
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

    One supplier's products hide none of each other: makers give one part number to a thing in several colours.
    """

    def __init__(self, rule: OfferRule, query: Query, cards: Sequence[Card], index: CardIndex) -> None:
        one = rule.selection.offers.show == "one"
        self._same = SameThings(cards if one else (), index)
        self._several = self._same.several()
        found = _by_thing(rule.selection, query, self._several, self._same, index)
        first = {thing: ordered[0] for thing, some in found.items() if (ordered := rule.in_order(some))}
        self._whose = {thing: offer.card.supplier_id for thing, offer in first.items()}

    def __call__(self, card: Card) -> bool:
        return self._whose.get(self.thing(card), card.supplier_id) == card.supplier_id

    def thing(self, card: Card) -> str:
        """The id of the card's thing, the same for all offers of it; as the card says it where all offers are listed by themselves."""
        return self._same.of(card) or card.trade_item

    @property
    def passed_over(self) -> Query:
        """The cards that are not listed, since another supplier's is."""
        ids = defaultdict[str, set[str]](set)
        for thing, supplier in self._whose.items():
            ids[supplier] |= self._several[thing]
        return AnyOf(tuple(All((OffersOf(frozenset(some)), Not(By(frozenset({s}))))) for s, some in sorted(ids.items())))


def _by_thing(
    selection: Selection, query: Query, several: Mapping[str, frozenset[str]], same: SameThings, index: CardIndex
) -> dict[str, Sequence[Card]]:
    """Of each thing of several suppliers the cards among which one is chosen: by one question, unless some have many."""
    ids = frozenset(each for some in several.values() for each in some)
    most = MOST_OFFERS * len(several)
    found = index.page(All((query, OffersOf(ids))), None, most) if ids else ()
    cards = defaultdict[str, list[Card]](list)
    for card in found:
        cards[same.of(card) or _known_by(card, several)].append(card)
    crowded = several if len(found) == most else {thing for thing, some in cards.items() if len(some) >= MOST_OFFERS}
    return dict(cards) | {thing: offers_among(selection, query, several[thing], index) for thing in crowded if thing in several}


def _known_by(card: Card, several: Mapping[str, frozenset[str]]) -> str:
    """Of a card beyond those that were looked at."""
    return next((thing for thing, ids in several.items() if not ids.isdisjoint(card.items)), "")


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
