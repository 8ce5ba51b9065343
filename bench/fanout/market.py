"""A million storefronts and a hundred thousand products, made from seeds: the same numbers give the same market on every machine.

Categories are Shopify's, and a category's weight falls by Zipf's law over a shuffled order, as real catalogs are heavy in few places.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from hubclient.reference.taxonomy import categories
from monsoon_plugin.money import Amount
from shared.ids import derived_id
from shared.trade.product import Product, Size, Text
from shared.trade.selection import CategoryMargin, PriceBand, PriceRule, Selection
from shared.trade.selling_rule import Rule

SHARES = {"one subtree": 60, "several subtrees": 15, "a whole vertical": 10, "suppliers": 5, "tags or words": 5, "a price band alone": 3,
          "everything": 2}  # fmt: skip
"""What storefronts choose by, percent."""
BANDED, PICKING, CHARMING, CONVERTING, OWN_MARGINS = 50, 5, 60, 40, 20
"""Percent of storefronts with a price band besides, with picks and exclusions, with charm prices, that sell in one currency whatever the
supplier's, and with margins by category."""
CURRENCIES = {"GBP": 40, "EUR": 25, "USD": 20, "CNY": 15}
"""In which suppliers ask and storefronts count, percent."""
SUPPLIERS, TAGS = 2000, 60
MEDIAN_PRICE, SPREAD = 1500, 1.1
"""Of a product, minor units, and the sigma of its logarithm."""


class Market:
    """Rules of storefronts by shard, and products by number."""

    def __init__(self, taxonomy: Path, seed: int = 1, products: int = 100_000) -> None:
        self.seed, self.products = seed, products
        self.names = {category: name.rpartition("> ")[2] for category, name in categories(taxonomy.read_bytes())}
        inner = {category.rpartition("-")[0] for category in self.names}
        self.leaves = [category for category in self.names if category not in inner]
        random.Random(seed).shuffle(self.leaves)
        self._sums = list(accumulate(1 / (rank + 50) for rank in range(len(self.leaves))))

    def leaf(self, chance: random.Random) -> str:
        """A category without any below it, by its weight."""
        return self.leaves[bisect_left(self._sums, chance.random() * self._sums[-1])]

    def product_id(self, number: int) -> str:
        return derived_id("prd", str(self.seed), str(number))

    def supplier_id(self, number: int) -> str:
        return f"acc_{number:026d}"

    def product(self, number: int) -> tuple[str, str, Product]:
        """A product's id, its supplier's, and the product."""
        chance = random.Random(self.seed << 32 | number)
        category, colour = self.leaf(chance), chance.choice(COLOURS)
        product = Product(
            sku=f"S-{number}", category=category,
            texts={
                "en": Text(title=f"{colour} {self.names[category]} {number}", description=f"{WORDS}{number}"),
                "zh": Text(title=f"木器 {number}", description=f"手工车制，上油两遍。{number}"),
            },
            price=Amount(amount=int(chance.lognormvariate(0, SPREAD) * MEDIAN_PRICE) + 50, currency=_of(CURRENCIES, chance)),
            stock=chance.randrange(1, 500), weight=chance.randrange(50, 5000), size=Size(length=200, width=150, height=100),
            hs_code="691110", origin="CN", tags=sorted({_tag(chance), _tag(chance)}), pictures=[derived_id("pic", str(number))],
        )  # fmt: skip
        return self.product_id(number), self.supplier_id(chance.randrange(SUPPLIERS)), product

    def rules(self, shard: int, size: int) -> Iterator[Rule]:
        """The rules of a shard's storefronts."""
        chance = random.Random(self.seed << 40 | shard)
        for _ in range(size):
            yield Rule(self._selection(chance), _price_rule(chance, self))

    def _selection(self, chance: random.Random) -> Selection:
        kind = _of(SHARES, chance)
        chosen: dict[str, object] = {}
        if kind == "one subtree":
            chosen["categories"] = [self._subtree(chance)]
        elif kind == "several subtrees":
            chosen["categories"] = sorted({self._subtree(chance) for _ in range(chance.randrange(2, 9))})
        elif kind == "a whole vertical":
            chosen["categories"] = [self.leaf(chance).partition("-")[0]]
        elif kind == "suppliers":
            chosen["suppliers"] = [self.supplier_id(n) for n in chance.sample(range(SUPPLIERS), chance.randrange(1, 11))]
        elif kind == "tags or words":
            chosen |= {"tags": [_tag(chance)]} if chance.random() < 0.5 else {"words": [chance.choice(COLOURS)]}
        if kind == "a price band alone" or (kind != "everything" and _is(BANDED, chance)):
            chosen["price_band"] = _band(chance)
        if _is(PICKING, chance):
            some = [self.product_id(chance.randrange(self.products)) for _ in range(20)]
            chosen |= {"picks": some[:10], "exclusions": some[10:]}
        return Selection.model_validate(chosen)

    def _subtree(self, chance: random.Random) -> str:
        """A category above a leaf, or the leaf, but no vertical."""
        parts = self.leaf(chance).split("-")
        return "-".join(parts[: chance.randint(min(2, len(parts)), len(parts))])


COLOURS = ["Red", "Blue", "Green", "Black", "White", "Silver", "Walnut", "Linen", "Striped", "Folding", "Small", "Large"]
WORDS = "Turned by hand from one piece of wood, oiled twice, and good for another generation. " * 3
"""As much as a shop writes in its first language (bench.scenarios.product is as long)."""


def _of(shares: dict[str, int], chance: random.Random) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _is(percent: int, chance: random.Random) -> bool:
    return chance.random() * 100 < percent


def _tag(chance: random.Random) -> str:
    return f"tag-{min(int(chance.expovariate(0.1)), TAGS - 1)}"


def _band(chance: random.Random) -> PriceBand:
    low = int(chance.lognormvariate(0, SPREAD) * MEDIAN_PRICE / 2)
    return PriceBand(currency=_of(CURRENCIES, chance), low=low, high=low * chance.randrange(2, 9) + 500)


def _price_rule(chance: random.Random, market: Market) -> PriceRule:
    told: dict[str, object] = {"margin_per_mille": chance.randrange(100, 800)}
    if _is(CHARMING, chance):
        told |= {"round_to": 100, "minus": 1}
    if _is(CONVERTING, chance):
        told["currencies"] = [_of(CURRENCIES, chance)]
    if _is(OWN_MARGINS, chance):
        own = {market.leaf(chance).partition("-")[0] for _ in range(3)}
        told["by_category"] = [CategoryMargin(category=one, margin_per_mille=chance.randrange(100, 800)) for one in sorted(own)]
    return PriceRule.model_validate(told)
