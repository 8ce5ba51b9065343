"""Prices turned into costs: what a storefront sells from 10 to 20 EUR is, for each currency of its suppliers, a range of costs.

This is exact because a storefront's price never falls where the cost rises, within one currency and one margin: `Rule.most_cost` undoes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.index_query import All, AnyOf, Cost, Not, PricedBelow, Query
from monsoon_plugin.money import MAX_AMOUNT, Money
from shared.trade.fx import Rates
from shared.trade.selection import Rounding, within
from shared.trade.selling_rule import Rule


@dataclass(frozen=True, slots=True)
class Group:
    """Categories that have one margin: `category` is one of them ("" where no category has a margin of its own)."""

    category: str
    where: Query


def groups(rule: Rule) -> list[Group]:
    """All categories, by margin: each that has its own with what lies below it, less what has its own deeper down."""
    own = sorted({one.category for one in rule.price_rule.by_category})
    if not own:
        return [Group("", All())]
    found = [Group("", Not(PricedBelow(frozenset(own))))]
    for category in own:
        deeper = frozenset(other for other in own if other != category and within(other, category))
        here = PricedBelow(frozenset({category}))
        found.append(Group(category, All((here, Not(PricedBelow(deeper)))) if deeper else here))
    return found


def currencies_of(index: CardIndex, known: frozenset[str]) -> frozenset[str]:
    """In which currencies suppliers ask at present: `known`, and those of cards in none of them; a question for each new one."""
    while found := index.page(_costs(known), None, 1):
        known |= {found[0].cost.currency}
    return known


def _costs(currencies: frozenset[str]) -> Query:
    return Not(AnyOf(tuple(Cost(currency, 0, MAX_AMOUNT) for currency in sorted(currencies))))


@dataclass(frozen=True, slots=True)
class Pricing:
    """How a storefront prices at one day's rates. `used` are the currencies that suppliers ask in."""

    rule: Rule
    rates: Rates
    used: frozenset[str]

    def convertible(self, currency: str) -> frozenset[str]:
        """Which of the suppliers' currencies are sold in `currency`."""
        if not self.rule.price_rule.currencies:
            return frozenset({currency})
        return frozenset(cost for cost in self.used if cost == currency or (self.rates.knows(cost) and self.rates.knows(currency)))

    def sold(self, currency: str | None = None) -> Query:
        """What has a price in `currency`, or in what the storefront sells in by default."""
        wished = currency or next(iter(self.rule.price_rule.currencies), None)
        if wished is None:
            return All()
        if not self.rule.price_rule.currencies:
            return Cost(wished, 0, MAX_AMOUNT)
        strange = self.used - self.convertible(wished)
        return Not(AnyOf(tuple(Cost(cost, 0, MAX_AMOUNT) for cost in sorted(strange)))) if strange else All()

    def band(self, currency: str, low: int, high: int) -> Query:
        """Exactly what is sold for `low` to `high` minor units of `currency`, both included."""
        sold_in = sorted(self.convertible(currency))
        parts: list[Query] = []
        for group in groups(self.rule):
            most, too_little = (self.rule.most_cost(Money(edge, currency), group.category) for edge in (high, low - 1))
            costs = [self._costs(cost, Money(too_little, currency), Money(most, currency)) for cost in sold_in]
            parts.append(All((group.where, AnyOf(tuple(cost for cost in costs if cost.low <= cost.high)))))
        return AnyOf(tuple(parts))

    def _costs(self, currency: str, above: Money, most: Money) -> Cost:
        """The suppliers' prices in `currency` that convert to more than `above` and at most `most`."""
        return Cost(currency, max(self.rates.most(above, currency) + 1, 0), min(self.rates.most(most, currency), MAX_AMOUNT))


def worth(rule: Rule, used: Iterable[str]) -> Query:
    """What may keep the rule's least margin: no less than what does, for rounding decides below the ceiling."""
    least = rule.selection.minimum_margin_per_mille
    dear: list[Query] = []
    for group in groups(rule) if least else ():
        ceilings = {cost: ceiling(rule.rounding(cost), rule.margin(group.category), least) for cost in used}
        above = tuple(Cost(cost, most + 1, MAX_AMOUNT) for cost, most in sorted(ceilings.items()) if most is not None)
        if above:
            dear.append(All((group.where, AnyOf(above))))
    return Not(AnyOf(tuple(dear))) if dear else All()


def ceiling(rounding: Rounding, margin: int, least: int) -> int | None:
    """The cost above which no price leaves `least` thousandths of itself, in minor units; None where there is no such cost.

    A price is at most cost · (1 + margin) + round_to - minus, or the floor; it keeps enough where price · (1 - least) ≥ cost.
    """
    kept, added = 1000 - least, 1000 + margin
    if kept * added >= 1_000_000:
        return None
    step = max(rounding.round_to - rounding.minus, 0)
    return max(1000 * kept * step // (1_000_000 - kept * added), rounding.floor * kept // 1000)
