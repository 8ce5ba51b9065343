"""A storefront's rule, applied: whether it sells a product, in which currency, and for how much.

Everybody who shows, sells or sends a product asks here: listings, checkout, the change feed and webhooks agree by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from monsoon_plugin.money import MAX_AMOUNT, Money, per_mille
from shared.trade.charm_price import charm_price, most_wanted
from shared.trade.fx import NotConvertible, Rates
from shared.trade.product import Product
from shared.trade.selection import PriceRule, Rounding, Selection, branches
from shared.trade.words import phrases, spaced


class NotSoldIn(ValueError):
    """The storefront does not sell in the currency that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule looks at in a product. `category` is the main one, `branches` are of all; `words` is `spaced` of its titles; empty
    `ships_to` is everywhere."""

    product_id: str
    supplier_id: str
    category: str
    branches: frozenset[str]
    cost: Money
    tags: frozenset[str]
    ships_to: frozenset[str]
    words: str

    @classmethod
    def of(cls, product_id: str, supplier_id: str, product: Product, cost: Money | None = None) -> Self:
        """`cost`: the lowest that is asked now, where that is not the product's own."""
        return cls.of_replica(
            product_id,
            supplier_id,
            category=product.category,
            categories=product.categories,
            cost=cost or product.lowest.money,
            tags=product.tags,
            ships_to=product.ships_to,
            titles=[text.title for text in product.texts.values()],
        )

    @classmethod
    def of_replica(
        cls, product_id: str, supplier_id: str, *, category: str, cost: Money, tags: Iterable[str], ships_to: Iterable[str],
        titles: Iterable[str], categories: Iterable[str] = (),
    ) -> Self:  # fmt: skip
        """Of a replica that keeps just these."""
        return cls(
            product_id=product_id,
            supplier_id=supplier_id,
            category=category,
            branches=frozenset(branch for each in (category, *categories) for branch in branches(each)),
            cost=cost,
            tags=frozenset(tags),
            ships_to=frozenset(ships_to),
            # Between two titles stands a mark that no word holds, so that no phrase reaches from one into the next.
            words="|".join(spaced(title) for title in titles),
        )


@dataclass(frozen=True, slots=True)
class Sale:
    """A product as a storefront sells it: what a shopper pays, and what its supplier gets of that, both in one currency."""

    price: Money
    cost: Money


class Rule:
    """A selection and a price rule, made quick to apply: some microseconds a product."""

    __slots__ = ("_destinations", "_margins", "_never", "_not_branches", "_not_suppliers", "_not_tags", "_not_words", "_picks",
                 "_roots", "_suppliers", "_tags", "_words", "price_rule", "repriced_at", "selection", "selling")  # fmt: skip

    def __init__(self, selection: Selection, price_rule: PriceRule, *, selling: bool = True, repriced_at: str = "") -> None:
        """`selling`: whether the storefront sells at all; one that is closed or suspended sells nothing. `repriced_at`: since when it
        prices so (RFC 3339); empty: it never priced otherwise.
        """
        self.repriced_at = repriced_at
        self.selection, self.price_rule, self.selling = selection, price_rule, selling
        self._roots, self._not_branches = frozenset(selection.categories), frozenset(selection.excluded_categories)
        self._suppliers, self._not_suppliers = frozenset(selection.suppliers), frozenset(selection.excluded_suppliers)
        self._tags, self._not_tags = frozenset(selection.tags), frozenset(selection.excluded_tags)
        self._words = tuple(found for word in selection.words for found in phrases(word))
        self._not_words = tuple(found for word in selection.excluded_words for found in phrases(word))
        self._destinations = frozenset(selection.destinations)
        self._picks, self._never = frozenset(selection.picks), frozenset(selection.exclusions)
        self._margins = {one.category: one.margin_per_mille for one in price_rule.by_category}

    def wants(self, facts: Facts) -> bool:
        """Whether the product is sold here. Picks and exclusions win over all else; exclusions over picks."""
        if not self.selling or facts.product_id in self._never:
            return False
        return facts.product_id in self._picks or (self._in_range(facts) and self._in_words(facts.words) and self._worth_it(facts))

    def _in_range(self, facts: Facts) -> bool:
        band = self.selection.price_band
        return (
            (not self._roots or not self._roots.isdisjoint(facts.branches))
            and self._not_branches.isdisjoint(facts.branches)
            and (not self._suppliers or facts.supplier_id in self._suppliers)
            and facts.supplier_id not in self._not_suppliers
            and (not self._tags or not self._tags.isdisjoint(facts.tags))
            and self._not_tags.isdisjoint(facts.tags)
            and (not self._destinations or not facts.ships_to or not self._destinations.isdisjoint(facts.ships_to))
            and (band is None or (facts.cost.currency == band.currency and band.low <= facts.cost.amount <= band.high))
        )

    def _in_words(self, text: str) -> bool:
        if self.selection.words and not any(word in text for word in self._words):
            return False
        return not any(word in text for word in self._not_words)

    def _worth_it(self, facts: Facts) -> bool:
        """Whether the margin is kept in the supplier's own currency: no day's exchange rate decides what is listed."""
        least = self.selection.minimum_margin_per_mille
        if not least:
            return True
        price = self._price(facts.cost, facts.category).amount
        return (price - facts.cost.amount) * 1000 >= least * price

    def currency(self, cost: str, wished: str | None = None) -> str:
        """In which currency a product is sold whose supplier asks for `cost`. Raises NotSoldIn for a wish that is not served."""
        offered = self.price_rule.currencies or [cost]
        if wished is not None and wished not in offered:
            raise NotSoldIn(f"sold in {', '.join(offered)}")
        return wished or offered[0]

    def price(self, cost: Money, category: str, rates: Rates, wished: str | None = None) -> Sale | None:
        """What one unit costs a shopper and yields its supplier. Raises NotSoldIn.

        None where the day's rates cannot convert it, and where it would be more than one amount can be: nobody can order it.
        """
        try:
            local = rates.convert(cost, self.currency(cost.currency, wished))
        except NotConvertible:
            return None
        price = self._price(local, category)
        return Sale(price, local) if price.amount <= MAX_AMOUNT else None

    def sale(self, facts: Facts, rates: Rates, wished: str | None = None) -> Sale | None:
        """The product as it is sold here; None if it is not. Raises NotSoldIn."""
        return self.price(facts.cost, facts.category, rates, wished) if self.wants(facts) else None

    def margin(self, category: str) -> int:
        """Thousandths that are added to the supplier's price in this category."""
        if self._margins:
            for branch in reversed(branches(category)):
                if branch in self._margins:
                    return self._margins[branch]
        return self.price_rule.margin_per_mille

    def rounding(self, currency: str) -> Rounding:
        return self.price_rule.by_currency.get(currency, self.price_rule)

    def _price(self, cost: Money, category: str) -> Money:
        """Never less than the supplier asks. Of two costs in one category, the larger never has the smaller price (monotone)."""
        wanted = cost.amount + per_mille(cost.amount, self.margin(category))
        return Money(charm_price(wanted, self.rounding(cost.currency), cost.amount), cost.currency)

    def most_cost(self, price: Money, category: str) -> int:
        """The largest cost, in `price`'s currency, that is sold for no more than `price`; -1 where there is none: `_price` undone."""
        wanted = most_wanted(price.amount, self.rounding(price.currency))
        return min(price.amount, (1000 * wanted + 499) // (1000 + self.margin(category))) if wanted >= 0 else -1
