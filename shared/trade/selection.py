"""What a storefront sells and at which price: the rules as they are written and travel. `shared.trade.selling_rule` applies them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.value import Value
from shared.goods.sending import Sending
from shared.trade.product import CategoryId, Country, Tag

Id = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
PerMille = Annotated[int, Field(ge=0, le=100_000)]
MAX_PRICE = 10**9
"""A floor and a rounding step are at most so many minor units."""


class PriceBand(Value):
    """Suppliers' prices from `low` to `high`, in minor units of `currency`, both included. Other currencies fall outside."""

    currency: str = Field(pattern="^[A-Z]{3}$")
    low: int = Field(default=0, ge=0, le=MAX_AMOUNT)
    high: int = Field(default=MAX_AMOUNT, ge=0, le=MAX_AMOUNT)


class OfferChoice(Value):
    """Which offer is listed where several suppliers sell one trade item: what was picked by hand, what is sent there, what is in stock, who
    is preferred, what costs the shopper the least, what was on sale first. Nobody can pay to be it."""

    show: Literal["one", "all"] = Field(default="one", description="`all` lists each offer by itself")
    in_stock_first: bool = Field(default=True, description="whether what is in stock comes before who is preferred")
    preferred_suppliers: list[Id] = Field(default=[], max_length=50, description="before all others, in this order")
    sending: Sending | None = Field(
        default=None, description="what sending costs, which then counts as the price does; without it the goods' price alone is compared"
    )


class Selection(Value):
    """Which products a storefront wants. Empty lists do not restrict. Exclusions win over picks, and both over everything else.

    Words are compared by `shared.trade.words`: whole words, whatever the case, accents and script's variant, in any title; characters
    in Chinese, Japanese, Korean and Thai.
    """

    categories: list[CategoryId] = Field(default=[], max_length=50, description="each with all that lies below it")
    excluded_categories: list[CategoryId] = Field(default=[], max_length=50, description="each with all that lies below it")
    suppliers: list[Id] = Field(default=[], max_length=50)
    excluded_suppliers: list[Id] = Field(default=[], max_length=50)
    price_band: PriceBand | None = None
    tags: list[Tag] = Field(default=[], max_length=50, description="a product has at least one of them")
    excluded_tags: list[Tag] = Field(default=[], max_length=50)
    words: list[Word] = Field(default=[], max_length=50, description="at least one of them is in a title")
    excluded_words: list[Word] = Field(default=[], max_length=100, description="none of them is in any title")
    destinations: list[Country] = Field(default=[], max_length=50, description="a product may be sent to at least one of them")
    minimum_margin_per_mille: int = Field(default=0, ge=0, le=999, description="thousandths of the storefront's price that it keeps")
    picks: list[Id] = Field(default=[], max_length=200, description="product ids that are always sold")
    exclusions: list[Id] = Field(default=[], max_length=200, description="product ids that are never sold")
    offers: OfferChoice = OfferChoice()


class Rounding(Value):
    """How prices of one currency look, in its minor units."""

    round_to: int = Field(default=1, ge=1, le=100_000, description="round up to a multiple of this many minor units")
    minus: int = Field(default=0, ge=0, le=99_999, description="and take this many off, for prices such as 9.99")
    floor: int = Field(default=0, ge=0, le=MAX_PRICE, description="no unit is sold for less")


class CategoryMargin(Value):
    """Another margin for a category and all that lies below it; the deepest category wins."""

    category: CategoryId
    margin_per_mille: PerMille


class PriceRule(Rounding):
    """A storefront's price: the supplier's price, converted to the currency it sells in, plus a margin, rounded, never below a floor."""

    margin_per_mille: PerMille = Field(default=0, description="thousandths of the supplier's price; 250 is 25 %")
    by_category: list[CategoryMargin] = Field(default=[], max_length=50)
    currencies: list[CurrencyCode] = Field(
        default=[], max_length=20, description="what it sells in, the first by default; empty: each product in its supplier's currency"
    )
    by_currency: dict[CurrencyCode, Rounding] = Field(
        default={}, max_length=20, description="instead of round_to, minus and floor for prices in these currencies"
    )


def within(category: str, root: str) -> bool:
    """Whether `category` is `root` or lies below it."""
    return category == root or category.startswith(root + "-")


def branches(category: str) -> list[str]:
    """`category` and all above it, the top first: `hg`, `hg-3`, `hg-3-2`."""
    parts = category.split("-")
    return ["-".join(parts[: n + 1]) for n in range(len(parts))]
