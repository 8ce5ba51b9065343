"""A reduction as a storefront announces it: what its price is compared with, and the lowest that it asked in the 30 days before.

Directive 98/6/EC, article 6a, asks for the latter wherever a reduction is announced to people in the Union. What a storefront asked is its
rule on what the supplier asked; so it is known where that rule has been the same for as long, and nothing was converted by a day's rates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from pydantic import Field

from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.money import Amount, Money
from monsoon_plugin.value import Value
from shared.trade.selling_rule import Rule, Sale
from shared.variants.sale import Reduced

PRIOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Announced:
    """All in the currency that the storefront sells in. `until`: RFC 3339."""

    compare_at: Money
    lowest: Money | None = None
    until: str | None = None

    def told(self) -> dict[str, Any]:
        """As JSON tells it."""
        lowest = {"lowest_30_days": _amount(self.lowest)} if self.lowest else {}
        return {"compare_at": _amount(self.compare_at), **lowest} | ({"until": self.until} if self.until else {})


class ReductionView(Value):
    """What a price is compared with."""

    compare_at: Amount = Field(description="what is struck through beside the price: in a sale what is asked without it")
    lowest_30_days: Amount | None = Field(
        default=None,
        description="the lowest price of the 30 days before the reduction, which EU law wants beside it; absent where the hub does not "
        "know it: then announce no reduction to people in the EU",
    )
    until: str | None = Field(default=None, description="RFC 3339, when the price ends; absent if no such moment is set")

    @classmethod
    def of(cls, found: Announced | None) -> Self | None:
        if found is None:
            return None
        lowest = Amount.of(found.lowest) if found.lowest else None
        return cls(compare_at=Amount.of(found.compare_at), lowest_30_days=lowest, until=found.until)


def announced(
    reduced: Reduced | None, currency: str, price: Money, asked: Callable[[Money], Sale | None], *, known: bool
) -> Announced | None:
    """What a storefront says beside its `price`; None where that is no less, as after rounding. `currency`: the supplier's.

    `asked`: what the storefront asks where the supplier asks so much. `known`: see `asked_alike`.
    """
    dearer = asked(Money(reduced.compare_at, currency)) if reduced else None
    if reduced is None or dearer is None or dearer.price.amount <= price.amount:
        return None
    known = known and reduced.lowest is not None and price.currency == currency
    before = asked(Money(reduced.lowest, currency)) if known and reduced.lowest is not None else None
    return Announced(dearer.price, before.price if before else None, reduced.until)


def asked_alike(rule: Rule, at: str) -> bool:
    """Whether the rule priced alike in the 30 days before `at` (RFC 3339), so that it says what was asked then."""
    return not (rule.repriced_at and at) or rule.repriced_at <= rfc3339(from_rfc3339(at) - PRIOR)


def _amount(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}
