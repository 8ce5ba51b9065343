"""Fan-out at read time: a storefront's rule becomes a question to the index of cards, and each card that it answers is checked here.

A listing shows the newest products first, by a rank that never changes. A page is what lies below the last one's rank, so that
no product is shown twice and none is missed, whatever is published meanwhile; a search shows its better tier before the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import (
    All,
    AnyOf,
    Below,
    By,
    Chosen,
    Cost,
    InStock,
    Is,
    Like,
    Not,
    Phrase,
    Products,
    Query,
    ShipsTo,
    Tagged,
)
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.price_ranges import Pricing, worth
from functions.storefronts.listings.search import tiers
from functions.storefronts.offers.landed import Landed
from functions.storefronts.offers.offer_choice import Listed, OfferRule, by_thing, offers_among
from functions.storefronts.offers.priced_card import PricedCard
from functions.storefronts.offers.same_thing import MOST_OFFERS, SameThings, offers_in
from monsoon_plugin.money import MAX_AMOUNT, Money
from shared.trade.selection import Selection
from shared.trade.selling_rule import Rule, Sale
from shared.trade.words import readings
from shared.variants.announced import Announced, announced, asked_alike
from shared.variants.sale import Reduced

READS = 4
"""A page of `limit` products reads at most READS · limit cards; it then ends, short or empty, with a place to go on."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a shopper wants to see of a listing. Prices are the storefront's, in minor units of `currency`, both included."""

    category: str | None = None
    supplier: str | None = None
    tag: str | None = None
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Options with the value that some variant shall have."""
    attributes: tuple[str, ...] = field(default=(), repr=False)
    """Values that the product shall have, as terms of the index."""
    brand: str | None = field(default=None, repr=False)
    """As a term of the index."""
    condition: str | None = field(default=None, repr=False)
    destination: str | None = None
    in_stock: bool = False
    currency: str | None = None
    low: int | None = None
    high: int | None = None
    words: str | None = None

    @property
    def tells_apart(self) -> tuple[str, ...]:
        """What a cursor is bound to. What has come since the first cursors is left out where it is not said: those of before go on."""
        since = (("brand", self.brand), ("condition", self.condition))
        return repr(self), *map(str, self.options), *(f"{name}={value}" for name, value in since if value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: in which tier of a search, below which rank."""

    tier: int = 0
    below: int | None = None


START = Place()


@dataclass(frozen=True, eq=False)
class Window:
    """What is on show: what a rule wants of it and how that is priced, and what a shopper wants of that."""

    pricing: Pricing
    narrowing: Narrowing
    in_one: bool = False
    """Whether a search, too, shows the newest first, wherever its words stand."""

    @cached_property
    def newest_first(self) -> "Window":
        """The same; as one question, whose answers come by rank."""
        return self if self.in_one or self.narrowing.words is None else replace(self, in_one=True)

    @property
    def rule(self) -> Rule:
        return self.pricing.rule

    @cached_property
    def query(self) -> Query:
        """All that is on show, but for a search's words. It may hold more where the rule wants a least margin: rounding decides that."""
        narrow = self.narrowing
        parts = [selected(self.rule, self.pricing.used), self.pricing.sold(narrow.currency), *narrowed(narrow)]
        if self.currency and not (narrow.low is narrow.high is None):
            parts.append(self.pricing.band(self.currency, narrow.low or 0, MAX_AMOUNT if narrow.high is None else narrow.high))
        return All(tuple(part for part in parts if part != All()))

    @cached_property
    def tiers(self) -> Sequence[Query]:
        """The questions whose answers, one after the other, make the listing. Raises Invalid for a search without a word."""
        if self.narrowing.words is None:
            return (self.query,)
        several = tuple(All((*_parts(self.query), tier)) for tier in tiers(self.narrowing.words))
        return (AnyOf(several),) if self.in_one else several

    @property
    def whole(self) -> Query:
        """All tiers as one question."""
        return AnyOf(tuple(self.tiers)) if len(self.tiers) > 1 else self.tiers[0]

    @cached_property
    def currency(self) -> str | None:
        """In which currency prices are; None where each product has its supplier's."""
        return self.narrowing.currency or next(iter(self.rule.price_rule.currencies), None)

    @property
    def day(self) -> str:
        """The day of the rates, where prices are converted."""
        return self.pricing.rates.day if self.rule.price_rule.currencies else ""

    @cached_property
    def offer_rule(self) -> OfferRule:
        """By what one of several suppliers' offers is listed."""
        selection = self.rule.selection
        return OfferRule(selection, self.priced, Landed(selection, self.pricing.rates, self.narrowing.destination))

    def priced(self, card: Card) -> PricedCard | None:
        """The card's product as it is sold; None if it is not. Raises NotSoldIn."""
        sale = self.sale(card)
        if sale is None:
            return None
        highest = self.price(card.highest, card.category) if card.highest else None
        return PricedCard(card, sale, highest, reduction=self.announced(card.reduced, card.cost.currency, sale, card))

    def announced(self, reduced: Reduced | None, currency: str, sale: Sale, card: Card) -> Announced | None:
        """What is said beside a price of the card's product: see shared.variants.announced."""
        if reduced is None:
            return None
        known = asked_alike(self.rule, card.changed_at)
        return announced(reduced, currency, sale.price, lambda asked: self.price(asked, card.category), known=known)

    def sale(self, card: Card) -> Sale | None:
        """What the card's product is sold for; None if it is not. Raises NotSoldIn."""
        return self.price(card.cost, card.category) if self.rule.wants(card.facts) else None

    def price(self, cost: Money, category: str) -> Sale | None:
        """What the storefront asks where the supplier asks `cost`; None where the day's rates cannot convert it. Raises NotSoldIn."""
        return self.rule.price(cost, category, self.pricing.rates, self.currency)


def page(window: Window, place: Place, limit: int, index: CardIndex) -> tuple[list[PricedCard], Place | None]:
    """The next products of a listing, at most `limit`, and where to go on; None at its end. Of a trade item that several suppliers sell,
    the one offer that the storefront's rule puts first.

    A change of the rule between two pages counts for what is still to come. A product that comes to hold the words of a search
    in another tier may be shown in both.
    """
    found: list[PricedCard] = []
    left, below = READS * limit, place.below
    for tier, query in enumerate(window.tiers[place.tier :], place.tier):
        full = True
        while full:
            if not left:
                return found, Place(tier, below)
            asked = min(limit + 1, left)
            cards = index.page(query, below, asked)
            left, full = left - len(cards), len(cards) == asked
            listed = Listed(window.offer_rule, window.whole, cards, index)
            for card in cards:
                if len(found) == limit:
                    return found, Place(tier, below)
                below = card.rank
                if listed(card) and (priced := window.priced(card)):
                    found.append(replace(priced, thing=listed.thing(card)))
        below = None
    return found, None


def offers_of(window: Window, card: Card, index: CardIndex) -> list[PricedCard]:
    """The offers of the card's trade item that the storefront sells, at most MOST_OFFERS, the one that is listed first. The card's own is
    among them, as `card` says it: the index may know it as it was. It is alone where it is several things: see variant_offers_of."""
    same = SameThings(() if card.options else (card,), index)
    thing = same.of(card)
    ids = same.several().get(thing)
    found = offers_in(offers_among(window.rule.selection, window.query, ids, index), ids) if ids else ()
    return [replace(each, thing=thing) for each in _in_order(window, card, found)]


def variant_offers_of(window: Window, card: Card, index: CardIndex) -> Mapping[str, list[PricedCard]]:
    """The same of each variant that another supplier offers too, as a variant or by itself: by the variant's own offer."""
    same = SameThings([card], index)
    several = same.several()
    found = by_thing(window.rule.selection, window.query, several, same, index)
    told = ((each, same.of(each)) for each in card.trade_offers)
    return {
        each.offer_id: [replace(one, thing=thing) for one in _in_order(window, each, offers_in(found.get(thing, ()), several[thing]))]
        for each, thing in told
        if thing in several
    }


def _in_order(window: Window, own: Card, others: Sequence[Card]) -> list[PricedCard]:
    cards = {each.offer_id: each for each in others} | {own.offer_id: own}
    ordered = window.offer_rule.in_order(cards.values())
    kept = [each for each in ordered if each.card is not own][: MOST_OFFERS - 1]
    return [each for each in ordered if each.card is own or any(each is one for one in kept)]


def selected(rule: Rule, used: frozenset[str]) -> Query:
    """What the rule wants: exclusions win over picks, and both over everything else."""
    selection = rule.selection
    wanted: Query = All(tuple(part for part in (*_ranges(selection), worth(rule, used)) if part != All()))
    if selection.picks and wanted != All():
        wanted = AnyOf((Products(frozenset(selection.picks)), wanted))
    return All((*_parts(wanted), Not(Products(frozenset(selection.exclusions))))) if selection.exclusions else wanted


def _parts(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, All) else (query,)


def _ranges(selection: Selection) -> list[Query]:
    wanted = _any(selection.categories, selection.suppliers, selection.tags)
    unwanted = _any(selection.excluded_categories, selection.excluded_suppliers, selection.excluded_tags)
    found: list[Query] = [*wanted, *(Not(part) for part in unwanted)]
    if selection.destinations:
        found.append(ShipsTo(frozenset(selection.destinations)))
    if band := selection.price_band:
        found.append(Cost(band.currency, band.low, band.high))
    if selection.words:
        found.append(_phrases(selection.words))
    if selection.excluded_words:
        found.append(Not(_phrases(selection.excluded_words)))
    return found


def _any(categories: Sequence[str], suppliers: Sequence[str], tags: Sequence[str]) -> list[Query]:
    """For each list that is not empty: what is of any of its values."""
    found: list[Query] = [Below(frozenset(categories))] if categories else []
    found += [By(frozenset(suppliers))] if suppliers else []
    return [*found, Tagged(frozenset(tags))] if tags else found


def _phrases(texts: Sequence[str]) -> Query:
    return AnyOf(tuple(Phrase(tuple(found)) for text in texts for found in readings(text) if found))


def narrowed(narrow: Narrowing) -> list[Query]:
    """What a shopper's wishes ask of a card, but for prices and words."""
    found = _any(*([value] if value else [] for value in (narrow.category, narrow.supplier, narrow.tag)))
    if narrow.destination:
        found.append(ShipsTo(frozenset({narrow.destination})))
    found += [Chosen(option, value) for option, value in narrow.options]
    found += [Like(term) for term in narrow.attributes]
    found += [Is("brand", narrow.brand)] if narrow.brand else []
    found += [Is("condition", narrow.condition)] if narrow.condition else []
    return [*found, InStock()] if narrow.in_stock else found
