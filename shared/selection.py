"""What a storefront sells and at which price: the rules it stores, applied wherever a price or a listing is needed."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.money import Money, per_mille
from shared.product import CategoryId, Value

Id = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PriceBand(Value):
    """Suppliers' prices from `low` to `high`, in minor units of `currency`, both included. Other currencies fall outside."""

    currency: str = Field(pattern="^[A-Z]{3}$")
    low: int = Field(default=0, ge=0)
    high: int = Field(default=10**12, ge=0)


class Selection(Value):
    """Which products a storefront wants. Empty lists do not restrict. Picks and exclusions win over everything else."""

    categories: list[CategoryId] = Field(default=[], max_length=50, description="each with all that lies below it")
    suppliers: list[Id] = Field(default=[], max_length=50)
    price_band: PriceBand | None = None
    excluded_words: list[Word] = Field(default=[], max_length=100, description="in any title, whatever the case")
    picks: list[Id] = Field(default=[], max_length=200, description="product ids that are always sold")
    exclusions: list[Id] = Field(default=[], max_length=200, description="product ids that are never sold")

    def wants(self, product_id: str, category: str, supplier_id: str, price: Money, titles: Iterable[str]) -> bool:
        """Whether a product of these properties is sold here."""
        if product_id in self.exclusions:
            return False
        return product_id in self.picks or (
            (not self.categories or any(within(category, root) for root in self.categories))
            and (not self.suppliers or supplier_id in self.suppliers)
            and (self.price_band is None or _in_band(self.price_band, price))
            and not self._excluded(titles)
        )

    def _excluded(self, titles: Iterable[str]) -> bool:
        if not self.excluded_words:
            return False
        text = "\n".join(titles).casefold()
        return any(word.casefold() in text for word in self.excluded_words)


class PriceRule(Value):
    """A storefront's price: the supplier's price plus a margin, rounded up to a multiple, never below a floor."""

    margin_per_mille: int = Field(default=0, ge=0, le=100_000, description="thousandths of the supplier's price; 250 is 25 %")
    round_to: int = Field(default=1, ge=1, le=100_000, description="round up to a multiple of this many minor units")
    minus: int = Field(default=0, ge=0, le=99_999, description="and take this many off, for prices such as 9.99")
    floor: int = Field(default=0, ge=0, le=10**9, description="no unit is sold for less, in minor units of its currency")

    def price(self, cost: Money) -> Money:
        """What a shopper pays for one unit; never less than the supplier asks."""
        wanted = cost.amount + per_mille(cost.amount, self.margin_per_mille)
        rounded = -(-wanted // self.round_to) * self.round_to - self.minus
        return Money(max(rounded, self.floor, cost.amount), cost.currency)


def within(category: str, root: str) -> bool:
    """Whether `category` is `root` or lies below it."""
    return category == root or category.startswith(root + "-")


def _in_band(band: PriceBand, price: Money) -> bool:
    return price.currency == band.currency and band.low <= price.amount <= band.high
