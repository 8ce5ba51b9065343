"""Prices must be possible: not nothing, within what goods cost in the currency, and never higher for buying more."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import Passage
from monsoon_plugin.money import Amount, Money
from shared.trade.product import Product, Variant
from shared.variants.offered import flat

BOUNDS = Path(__file__).with_name("price_bounds.json")
"""Currency → [least, most] minor units that a unit of goods usually costs: about 0.02 and 20,000 euros at the ECB's rates. Of a currency
that the ECB has no rate for nothing is usual: a person would know no more, and would be asked about each of its products."""


@cache
def bounds() -> Mapping[str, tuple[int, int]]:
    return {currency: (low, high) for currency, (low, high) in json.loads(BOUNDS.read_text()).items()}


def prices(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """The product's price, if it is sold for that, and those of its variants' own; of each code the first variant's alone."""
    if product.sale:
        yield from _unit_price(product.sale.price, "/sale")
    if not product.variants or any(variant.price is None for variant in product.variants):
        yield from _unit_price(product.price, "")
        yield from _tiers(product, "")
    found: dict[str, Finding] = {}
    for i, variant in enumerate(product.variants):
        for finding in _of_variant(product, variant, f"/variants/{i}"):
            found.setdefault(finding.code, finding)
    yield from found.values()


def _of_variant(product: Product, variant: Variant, at: str) -> Iterator[Finding]:
    """Only what stands in the variant itself: what it does not say is the product's, and found there."""
    if variant.price:
        yield from _unit_price(variant.price, at)
    if variant.sale:
        yield from _unit_price(variant.sale.price, f"{at}/sale")
    if variant.tiers:
        yield from _tiers(flat(product, variant), at)


def _unit_price(price: Amount, at: str) -> Iterator[Finding]:
    """`at`: where the price lies."""
    if price.amount == 0:
        yield Finding("price-missing", "refuse", "the price is 0", "Say what you ask for one unit.", f"{at}/price/amount")
    else:
        yield from _unusual(price.money, at)


def _tiers(product: Product, at: str) -> Iterator[Finding]:
    """Each tier against the price before it. `at`: where the tiers lie."""
    price = before = product.price
    for i, tier in enumerate(product.tiers):
        if tier.price.currency != price.currency:
            evidence = f"the price is in {price.currency}, the tier from {tier.min_quantity} in {tier.price.currency}"
            yield Finding("tier-currency", "refuse", evidence, "Give all tiers in the price's currency.", f"{at}/tiers/{i}/price/currency")
            return
        if tier.price.amount > before.amount:
            evidence = f"from {tier.min_quantity} units on a unit costs {tier.price.money}, below that {before.money}"
            yield Finding(
                "tier-above-price", "refuse", evidence, "A tier may not cost more than fewer units do.", f"{at}/tiers/{i}/price/amount"
            )
        if tier.price.amount == 0:
            yield Finding(
                "price-missing", "refuse", "a tier's price is 0", "Say what you ask for one unit.", f"{at}/tiers/{i}/price/amount"
            )
        before = tier.price


def _unusual(price: Money, at: str) -> Iterator[Finding]:
    remedy = "Check the amount: it is in minor units, 1250 is 12.50 in a currency with two decimals."
    low, high = bounds().get(price.currency, (0, price.amount))
    if not low <= price.amount <= high:
        evidence = f"{price} is outside the usual {Money(low, price.currency)} to {Money(high, price.currency)}"
        yield Finding("price-unusual", "review", evidence, remedy, f"{at}/price/amount")
