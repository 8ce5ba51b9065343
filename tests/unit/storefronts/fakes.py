"""What the tests of storefronts share: cards, a log of changes, and an index that looks at each card."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.storefronts.index.card_index import Field
from functions.storefronts.index.described_term import described_term
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
    Numbered,
    OffersOf,
    Phrase,
    PricedBelow,
    Products,
    Query,
    Search,
    ShipsTo,
    Tagged,
)
from functions.storefronts.index.index_replica import CardChange
from functions.storefronts.index.product_card import Card
from monsoon_plugin.money import Money
from shared.goods.part_number import part_number
from shared.trade.gtin import comparable
from shared.trade.selection import within
from shared.trade.words import readings, words
from tests.fakes import FakeObjects


def card(number: int = 1, **changes: Any) -> Card:
    """A card on sale; the higher its number the newer."""
    told: dict[str, Any] = {
        "product_id": f"prd_{number}", "offer_id": f"off_{number}", "supplier_id": "acc_1", "version": 1, "category": "hg-3-2",
        "cost": Money(1000, "GBP"), "titles": {"en": f"Vase {number}"}, "picture": None, "rank": number << 20,
        "changed_at": "2026-11-01T12:00:00.000Z", **changes,
    }  # fmt: skip
    return Card(**told)


def holds(query: Query, one: Card) -> bool:  # noqa: PLR0911, PLR0912 (one answer a kind of question)
    """Whether the question holds for the card, by looking at it."""
    match query:
        case All(parts):
            return all(holds(part, one) for part in parts)
        case AnyOf(parts):
            return any(holds(part, one) for part in parts)
        case Not(part):
            return not holds(part, one)
        case Below(categories):
            return not categories.isdisjoint(one.facts.branches)
        case PricedBelow(categories):
            return any(within(one.category, category) for category in categories)
        case By(suppliers):
            return one.supplier_id in suppliers
        case Tagged(tags):
            return not tags.isdisjoint(one.tags)
        case Chosen(option, value):
            return described_term(option, value) in one.option_terms
        case Like(term):
            return term in one.attribute_terms
        case Is(name, term):
            return term in (one.brand_terms if name == "brand" else [one.condition])
        case ShipsTo(countries):
            return not one.ships_to or not countries.isdisjoint(one.ships_to)
        case Cost(currency, low, high):
            return one.cost.currency == currency and low <= one.cost.amount <= high
        case Phrase(found):
            return bool(found) and f" {' '.join(found)} " in one.facts.words
        case Search(wanted):
            return bool(wanted) and all(_said(run, one) for run in wanted)
        case InStock():
            return one.in_stock
        case Numbered(number):
            return number in [*(comparable(each) for each in (one.gtin, *one.gtins) if each), *map(part_number, one.mpns)]
        case OffersOf(items):
            return not items.isdisjoint(one.items)
        case Products(ids):
            return one.product_id in ids


def _said(run: tuple[str, ...], one: Card) -> bool:
    """Without the engine's English stems, but for a plural's s."""
    tags = (*one.tags, *(value for described in (*one.options, *one.attributes) for value in described.values))
    names = (*one.titles.values(), *filter(None, (one.brand, *one.mpns)))
    texts = [_singular(way) for name in names for way in readings(name)] + [_singular(words(tag)) for tag in tags]
    return any(_singular(run) in text for text in texts)


def _singular(said: Iterable[str]) -> str:
    return f" {' '.join(word.removesuffix('s') for word in said)} "


@dataclass
class FakeIndex:
    """All cards, looked at one by one (functions.storefronts.index.card_index.CardIndex). `reads` counts the cards that pages answered."""

    cards: list[Card] = field(default_factory=list)
    reads: int = 0

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        newest = sorted(self.cards, key=lambda one: one.rank, reverse=True)
        found = [one for one in newest if (below is None or one.rank < below) and holds(query, one)][:limit]
        self.reads += len(found)
        return found

    def card(self, product_id: str) -> Card | None:
        return next((one for one in self.cards if one.product_id == product_id), None)

    def count(self, query: Query) -> int:
        return sum(holds(query, one) for one in self.cards)

    def counts(self, query: Query, field: Field, most: int, at_least: int = 1) -> Sequence[tuple[str, int]]:
        found = Counter(value for one in self.cards if holds(query, one) for value in _values(one, field))
        several = [(value, count) for value, count in found.items() if count >= at_least]
        return sorted(several, key=lambda pair: (-pair[1], pair[0]))[:most]

    def apply(self, put: Iterable[Card], removed: Iterable[str]) -> None:
        """As the engine does."""
        new = list(put)
        gone = set(removed) | {one.product_id for one in new}
        self.cards = [one for one in self.cards if one.product_id not in gone] + new

    def refresh(self) -> None:
        """It is always level."""


def _values(one: Card, field: Field) -> list[str]:
    if field == "category":
        return sorted(one.facts.branches)
    if field == "trade_item":
        return list(one.items)
    if field == "options":
        return one.option_terms
    if field == "attributes":
        return one.attribute_terms
    if field in ("brand", "condition"):
        return one.brand_terms if field == "brand" else [one.condition]
    return [one.supplier_id if field == "supplier" else "true" if one.in_stock else "false"]


@dataclass
class Bucket(FakeObjects):
    """Where snapshots lie (functions.storefronts.index.index_snapshots.Objects)."""

    def delete(self, key: str) -> None:
        del self.kept[key]


@dataclass
class FakeLog:
    """Changes as the table's index tells them (functions.storefronts.index.index_replica.Log)."""

    entries: dict[str, CardChange] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    looks: int = 0

    def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
        self.looks += 1
        mine = [e for e in self.entries.values() if len(e.product_id) % 2 == shard and e.at >= since]
        return sorted(mine, key=lambda e: e.at)[:limit]

    def suspended(self) -> Iterable[str]:
        return set(self.hidden)

    def tell(self, entry: CardChange) -> None:
        self.entries[entry.product_id] = entry
