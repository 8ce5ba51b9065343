"""What a listing holds, counted: by category, price, supplier, brand, condition, and how much of it is in stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from functions.storefronts.facets.facet_labels import Labelled, labelled
from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, AnyOf, InStock, Not, OffersOf, Query
from functions.storefronts.listings.listing_page import Window
from functions.storefronts.offers.offer_choice import Listed
from functions.storefronts.offers.same_thing import MOST_OFFERS
from monsoon_plugin.money import MAX_AMOUNT, exponent

SUPPLIERS, VALUES, CONDITIONS = 20, 100, 4
SHARED = 1_000
"""Things of several suppliers that are counted once: whose is listed is decided for each, and their offers are read."""
CATEGORIES = 12_000
"""More than the taxonomy has: none below the chosen one is missed."""
LARGEST = 7
"""Price bands end at 5 · 10^6 major units; the last one has no end."""

Counts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Band:
    """Prices from `low` to `high` minor units, both included; to any height where `high` is None."""

    low: int
    high: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of products. Where the rule wants a least margin, they count some that the listing leaves out."""

    total: int
    in_stock: int
    categories: Counts
    suppliers: Counts
    bands: Sequence[Band]
    options: Sequence[Labelled]
    attributes: Sequence[Labelled]
    brands: Sequence[Labelled]
    conditions: Counts


def facets(window: Window, index: CardIndex) -> Facets:
    """What `window` shows, counted by the index: categories just below the chosen one, the bands and categories that hold anything."""
    whole = once(window, index)
    total = index.count(whole)
    return Facets(
        total=total,
        in_stock=index.count(All((whole, InStock()))),
        categories=_below(window.narrowing.category or "", index.counts(whole, "category", CATEGORIES)),
        suppliers=index.counts(whole, "supplier", SUPPLIERS),
        options=labelled(index, whole, "options", VALUES),
        attributes=labelled(index, whole, "attributes", VALUES),
        brands=labelled(index, whole, "brand", VALUES),
        conditions=index.counts(whole, "condition", CONDITIONS),
        bands=_bands(window, whole, window.currency, total, index) if window.currency else (),
    )


def once(window: Window, index: CardIndex) -> Query:
    """All that a listing shows, each thing of several suppliers once: by the offer that is listed.

    Of the SHARED things with the most offers; of others each offer counts.
    """
    whole = window.whole
    if window.rule.selection.offers.show == "all":
        return whole
    shared = frozenset(item for item, _ in index.counts(whole, "trade_item", SHARED, at_least=2))
    cards = index.page(All((whole, OffersOf(shared))), None, MOST_OFFERS * len(shared)) if shared else ()
    passed_over = Listed(window.offer_rule, whole, cards, index).passed_over
    return All((whole, Not(passed_over))) if passed_over != AnyOf(()) else whole


def _below(parent: str, counts: Counts) -> Counts:
    return [(category, count) for category, count in counts if category.rpartition("-")[0] == parent]


def _bands(window: Window, whole: Query, currency: str, total: int, index: CardIndex) -> Sequence[Band]:
    """Each product lies in one band, so that none is looked for once `total` are found."""
    found: list[Band] = []
    for low, high in spans(currency):
        if sum(one.count for one in found) == total:
            break
        prices = window.pricing.band(currency, low, MAX_AMOUNT if high is None else high)
        if count := index.count(All((whole, prices))):
            found.append(Band(low, high, count))
    return found


def spans(currency: str) -> list[tuple[int, int | None]]:
    """Price bands of a currency, in its minor units: from 0, 1, 2, 5, 10, 20, 50 … of its major unit to just below the next."""
    unit = 10 ** exponent(currency)
    edges = [0, *(step * unit * 10**power for power in range(LARGEST) for step in (1, 2, 5))]
    return [(low, high - 1) for low, high in pairwise(edges)] + [(edges[-1], None)]
