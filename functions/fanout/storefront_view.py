"""What one storefront sees of a change: the change feed and webhooks both tell it from here.

A site may hear of a product twice, late and out of order. It keeps what has the greatest `sequence`, and is then level with the
hub, because each of the three things that a sequence is made of only ever rises, and each rise is told after it was written
(`docs/decisions/0009-sequence.md`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.fanout.product_change import ProductChange
from monsoon_plugin.money import Money
from shared.bounds.kept import kept
from shared.trade.fx import Rates
from shared.trade.product import Product
from shared.trade.selling_rule import Facts, Rule, Sale

SHOWN_ALIKE = {"texts", "category", "tags", "ships_to", "weight", "size", "hs_code", "origin", "pictures", "gtin"}
"""What of a product every storefront shows alike. The supplier's price and code, and its number of units, are not told."""


@dataclass(frozen=True)
class ParsedChange:
    """A change, read once for all storefronts that look at it."""

    change: ProductChange

    @cached_property
    def product(self) -> Product | None:
        """None while it is not on sale."""
        return kept(Product, self.change.product) if self.change.product else None

    @cached_property
    def facts(self) -> Facts | None:
        return Facts.of(self.change.product_id, self.change.supplier_id, self.product) if self.product else None

    @cached_property
    def shown_alike(self) -> Mapping[str, Any]:
        """What every storefront that sells the product shows alike; empty while it is not on sale."""
        if self.product is None:
            return {}
        alike = self.product.model_dump(mode="json", include=SHOWN_ALIKE, exclude_none=True)
        return alike | {"supplier_id": self.change.supplier_id, "in_stock": self.change.in_stock}


@dataclass(frozen=True)
class SiteView:
    """By what a storefront's sites see the catalog: its rule in one version, with one day's rates."""

    storefront_id: str
    account_id: str
    version: int
    """The storefront's when its rule became this one; it is given to no other rule."""
    rule: Rule
    rates: Rates

    @cached_property
    def day(self) -> str:
        """The rates' day, where the rule may convert; it counts for nothing elsewhere."""
        return self.rates.day if self.rule.price_rule.currencies else ""

    def sale(self, parsed: ParsedChange) -> Sale | None:
        """The product as this storefront sells it; None if it does not."""
        return self.rule.sale(parsed.facts, self.rates) if parsed.facts else None

    def prices(self, parsed: ParsedChange) -> tuple[tuple[int, Money], ...]:
        """What a unit costs from how many on: from 1, and from each of the supplier's tiers. Empty if the product is not sold here."""
        sale, product = self.sale(parsed), parsed.product
        if sale is None or product is None:
            return ()
        tiers = ((tier.min_quantity, self.rule.price(tier.price.money, product.category, self.rates)) for tier in product.tiers)
        return ((1, sale.price), *((quantity, tier.price) for quantity, tier in tiers if tier))

    def sequence(self, change: ProductChange) -> str:
        """Texts of one product and storefront that sort as their states came to be."""
        return f"{self.version:010d}.{self.day.replace('-', ''):0>8}.{change.revision:012d}"


def wanted_before(parsed: ParsedChange, views: Iterable[SiteView]) -> bool:
    """Whether any of these earlier views would have shown the product as it is now."""
    return parsed.facts is not None and any(view.rule.wants(parsed.facts) for view in views)


def entry(parsed: ParsedChange, view: SiteView) -> dict[str, Any]:
    """The change as its storefront sees it: an upsert with the storefront's own prices, or a removal."""
    change = parsed.change
    told = {"product_id": change.product_id, "offer_id": change.offer_id, "sequence": view.sequence(change)}
    prices, product = view.prices(parsed), parsed.product
    if not prices or product is None:
        return {"type": "removal", **told}
    (_, unit), *rest = prices
    mine: dict[str, Any] = {"price": _amount(unit), "tiers": [{"min_quantity": n, "price": _amount(price)} for n, price in rest]}
    if unit.currency != product.price.currency:
        mine["currency_day"] = view.day
    return {"type": "upsert", **told, "product": {**parsed.shown_alike, **mine}}


def _amount(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
