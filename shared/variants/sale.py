"""Prices for a time, and what a price is compared with: Google Merchant's sale_price, Shopify's compare-at price."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Amount
from monsoon_plugin.value import Value
from shared.errors import Flaw

Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda moment: moment.astimezone(UTC).replace(microsecond=0)),
]
"""To the second."""


class Sale(Value):
    """What is asked instead of the price from one moment until another."""

    price: Amount = Field(description="less than the price, in its currency")
    starts_at: Moment | None = Field(default=None, description="RFC 3339; absent: it is on")
    ends_at: Moment | None = Field(default=None, description="RFC 3339, when the price holds again; absent: it stays on")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise Flaw("the sale ends before it begins: let ends_at be later than starts_at", "促销的结束时间必须晚于开始时间")
        return self

    def is_on(self, at: datetime) -> bool:
        return (self.starts_at is None or self.starts_at <= at) and (self.ends_at is None or at < self.ends_at)

    def next_change(self, at: datetime) -> datetime | None:
        """When it next begins or ends after `at`; None if it never does."""
        return min((moment for moment in (self.starts_at, self.ends_at) if moment and moment > at), default=None)


@dataclass(frozen=True, slots=True)
class Priced:
    """As of when a product's prices are told, and the lowest that was asked before each reduction, in minor units."""

    at: datetime | None = None
    """None: no sale is on."""
    lowest: tuple[int, ...] = ()
    """In the order of the product's offers, 0 where it is not known; empty where none is."""

    @classmethod
    def told(cls, at: str, lowest: Iterable[int]) -> Self:
        """`at`: RFC 3339, or empty."""
        return cls(from_rfc3339(at) if at else None, tuple(lowest))

    def lowest_of(self, place: int) -> int | None:
        """Of the offer at that place."""
        return (self.lowest[place] or None) if place < len(self.lowest) else None


REGULAR = Priced()


@dataclass(frozen=True, slots=True)
class Reduced:
    """What a price is compared with, all in its currency."""

    compare_at: int
    lowest: int | None = None
    """The lowest that was asked in the 30 days before; None where that is not known (Directive 98/6/EC, article 6a)."""
    until: str | None = None
    """When the price ends, RFC 3339; None if no such moment is said."""


def sale_flaw(price: Amount, sale: Sale | None, compare_at: Amount | None) -> Flaw | None:
    """What is wrong with a sale or a comparison beside this price, and what to write; None if nothing is."""
    if any(other and other.currency != price.currency for other in (sale and sale.price, compare_at)):
        return Flaw(
            f"give the sale price and the compare-at price in the price's currency, {price.currency}",
            f"促销价和对比价请使用与价格相同的币种 {price.currency}",
        )
    if sale and not 0 < sale.price.amount < price.amount:
        return Flaw(
            "the sale price must be lower than the price, and more than 0: write the usual price as price",
            "促销价必须大于 0 并且低于价格：请把平时的价格写在 price 里",
        )
    if compare_at and compare_at.amount <= price.amount:
        return Flaw(
            "the compare-at price must be higher than the price; leave it out where there is nothing to compare",
            "对比价必须高于价格；没有可比的价格时请不要填写",
        )
    return None
