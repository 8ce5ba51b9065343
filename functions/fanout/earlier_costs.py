"""What a product cost before its last change, where nothing else of it that a site is shown has changed since.

By it each storefront is told nothing where its own prices are the same: a cost that moves within one step of its rounding is no news to
its sites, and is news to another's. It is kept in few bytes, and whoever is too far behind it is told.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.trade.product import Product, Tier
from shared.variants.unseen import as_seen

MOST_STATES = 4
"""Earlier states that are kept: some fifty bytes each."""
MOST_COSTS = 64
"""Prices of a product with its tiers and variants; one of more is told whenever any changes."""

Costs = tuple[int, ...]
"""Every price of a product, its tiers and variants, in minor units and in their order."""


@dataclass(frozen=True, slots=True)
class EarlierCosts:
    """The states before the last change, the latest last: when each was written (RFC 3339), and what it cost."""

    states: tuple[tuple[str, Costs], ...] = ()

    @classmethod
    def from_json(cls, text: str | None, revision: int) -> "EarlierCosts":
        """No states, if it was written for another revision than the present: a release that knows nothing of it wrote after it."""
        held: dict[str, Any] = json.loads(text) if text else {"of": revision, "then": []}
        return cls(tuple((moment, tuple(costs)) for moment, costs in held["then"])) if held["of"] == revision else cls()

    def to_json(self, revision: int) -> str:
        return json.dumps({"of": revision, "then": self.states}, separators=(",", ":"))

    def and_then(self, moment: str, costs: Costs) -> "EarlierCosts":
        return EarlierCosts((*self.states, (moment, costs))[-MOST_STATES:])

    def since(self, moment: str) -> Sequence[Costs]:
        """From the state that was written at that moment on; nothing, if it is not known."""
        known = [at for at, _ in self.states]
        return [costs for _, costs in self.states[known.index(moment) :]] if moment in known else []

    def read_at(self, level: str, unread: str, last: str) -> Sequence[Costs]:
        """From the state on that a reader has who had read everything until `level`, and nothing from `unread` on.

        `last`: when the present state was written. Nothing, if that state is not known: it is older, or was written between the two.
        """
        moments = [*(at for at, _ in self.states), last]
        had = sum(at <= level for at in moments)
        return [costs for _, costs in self.states[had - 1 :]] if 0 < had < len(moments) and moments[had] > unread else []


def costs_of(product: Product) -> Costs:
    return tuple(_costs(product))


def at_costs(product: Product, costs: Costs) -> Product:
    """The product as it was when it cost as much. Raises ValueError if `costs` are not as many as its prices."""
    left = iter(costs)
    own = {"price": product.price.model_copy(update={"amount": next(left)}), "tiers": _tiers(product.tiers, left)}
    several = []
    for variant in product.variants:
        price = variant.price.model_copy(update={"amount": next(left)}) if variant.price else None
        several.append(variant.model_copy(update={"price": price, "tiers": _tiers(variant.tiers, left)}))
    if next(left, None) is not None:
        raise ValueError("more costs than prices")
    return product.model_copy(update=own | {"variants": several})


def only_costs_differ(before: Product, after: Product) -> bool:
    """Whether nothing but prices has changed of what a site may be shown, and there are few enough of them to be kept."""
    then, now = costs_of(before), costs_of(after)
    return len(then) == len(now) <= MOST_COSTS and as_seen(at_costs(before, now)) == as_seen(after)


def _costs(product: Product) -> Iterator[int]:
    yield product.price.amount
    yield from (tier.price.amount for tier in product.tiers)
    for variant in product.variants:
        if variant.price:
            yield variant.price.amount
        yield from (tier.price.amount for tier in variant.tiers)


def _tiers(tiers: Sequence[Tier], left: Iterator[int]) -> list[Tier]:
    return [tier.model_copy(update={"price": tier.price.model_copy(update={"amount": next(left)})}) for tier in tiers]
