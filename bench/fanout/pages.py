"""What a page costs: the real listing and search over an index of a hundred thousand cards, for rules of the market."""

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import mean, quantiles
from time import process_time
from typing import Any

from bench.fanout.market import CURRENCIES, Market
from bench.fanout.pushing import NOW
from functions.storefronts.index.index_query import Query
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.tantivy_index import TantivyIndex
from functions.storefronts.listings.listing_page import START, Narrowing, Window, page
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.clock import rfc3339
from shared.messages import OfferPublished
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

LIMIT = 24
CHUNK = 10_000
DEEP = 5
"""Pages that are read of each storefront, one after the other."""


@dataclass
class Reads:
    """An index that counts the cards that it answers."""

    engine: TantivyIndex
    cards: int = 0

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        found = self.engine.page(query, below, limit)
        self.cards += len(found)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


def filled(market: Market, folder: Path, cards: int) -> TantivyIndex:
    """An index of the market's first products, published a second apart."""
    engine = TantivyIndex(folder)
    for start in range(0, cards, CHUNK):
        engine.apply([_card(market, number) for number in range(start, min(start + CHUNK, cards))], [])
    return engine


def _card(market: Market, number: int) -> Card:
    product_id, supplier_id, product = market.product(number)
    at = rfc3339(NOW + timedelta(seconds=number))
    message = OfferPublished(
        version=1, offer_id=product_id.replace("prd", "off"), product_id=product_id, supplier_id=supplier_id, product=product,
        first_published_at=at,
    )  # fmt: skip
    return Card.of(message, at)


def measure(market: Market, rates: Rates, cards: int, rules: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Items read and CPU time of pages of `rules` storefronts, and CPU time of searches."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"filling an index with {cards} cards")
        index: Any = Reads(filled(market, Path(folder), cards))
        windows = [Window(Pricing(rule, rates, frozenset(CURRENCIES)), Narrowing()) for rule in market.rules(10**6, rules)]
        say(f"reading pages of {rules} storefronts, then searching")
        found = {"cards": cards, "rules": rules, "pages": _pages(windows, index), "search": _searches(market, rates, index)}
        index.engine.close()
    return found


def _pages(windows: list[Window], index: Any) -> dict[str, Any]:
    reads, times, full, more = list[int](), list[float](), 0, 0
    for window in windows:
        place = START
        page(window, place, LIMIT, index)
        for _ in range(DEEP):
            index.cards, started = 0, process_time()
            items, after = page(window, place, LIMIT, index)
            times.append((process_time() - started) * 1000)
            reads.append(index.cards)
            if after is None:
                break
            place, more, full = after, more + 1, full + (len(items) == LIMIT)
    told = {"pages": len(reads), "read_mean": round(mean(reads), 1), "read_max": max(reads), "bound": 4 * LIMIT}
    return told | _percentiles(times) | {"full_where_more_follow": round(full / max(1, more), 4)}


def _searches(market: Market, rates: Rates, index: Any) -> dict[str, Any]:
    """Words of titles and of categories, in storefronts of the market and in one that sells everything."""
    chance = random.Random(5)
    rules = [*market.rules(10**6 + 1, 50), *([Rule(Selection(), PriceRule())] * 50)]
    texts = [_text(market, chance) for _ in range(400)]
    times = []
    for number, text in enumerate(texts):
        window = Window(Pricing(rules[number % len(rules)], rates, frozenset(CURRENCIES)), Narrowing(words=text))
        started = process_time()
        page(window, START, LIMIT, index)
        times.append((process_time() - started) * 1000)
    return {"searches": len(times)} | _percentiles(times)


def _text(market: Market, chance: random.Random) -> str:
    """One or two words that stand in some title, in English or Chinese."""
    texts = market.product(chance.randrange(market.products))[2].texts
    if chance.random() < 0.2:
        return texts["zh"].title.split()[0]
    words = [word for word in texts["en"].title.split()[:-1] if word.isalpha()]
    return " ".join(words[:2]) if chance.random() < 0.5 else chance.choice(words)


def _percentiles(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {
        "cpu_ms_mean": round(mean(times), 2),
        "cpu_ms_p50": round(cuts[49], 2),
        "cpu_ms_p95": round(cuts[94], 2),
        "cpu_ms_p99": round(cuts[98], 2),
    }
