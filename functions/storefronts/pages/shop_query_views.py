"""What a shop's addresses carry. What we do not know is passed over: others hang their own marks on every link."""

from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field, field_validator

from functions.storefronts.index.described_term import as_narrowed, described_term
from functions.storefronts.listings.listing_order import Sort
from functions.storefronts.listings.listing_page import Narrowing
from functions.storefronts.listings.listing_query_views import MOST_NARROWING, named_pairs
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode, exponent
from shared.api.payload import Query
from shared.goods.identity import Condition
from shared.goods.texts import LanguageTag
from shared.trade.product import MOST_OPTIONS, CategoryId, Country
from shared.trade.selection import Id
from shared.trade.words import words

View = Literal["dense", "text"]
WISHES = ("language", "currency", "view")
"""Fields that go with each link."""
MAYBE = ("category", "condition", "destination", "language", "currency", "view", "cursor", "supplier", "sort")
"""Fields of which nothing may be said."""


class ShopQuery(Query):
    """What goes with each link: how a reader wants to see the shop."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the shop's languages")
    currency: CurrencyCode | None = Field(default=None, description="one that the shop sells in")
    view: View | None = Field(default=None, description="dense: more at once; text: without pictures; absent: as the shop's owner has it")

    @property
    def wished(self) -> dict[str, str]:
        told = (("language", self.language), ("currency", self.currency), ("view", self.view))
        return {name: value for name, value in told if value}

    @property
    def own(self) -> dict[str, object]:
        """What is the page's alone."""
        return {name: value for name, value in self.model_dump(exclude_defaults=True).items() if name not in WISHES}


class ProductQuery(ShopQuery):
    offer: Id | None = Field(default=None, description="the variant that is chosen")


class ProductsQuery(ShopQuery):
    """What a reader wants to see of the shop. Prices are typed by people: in major units, with a dot or a comma."""

    q: str = Field(default="", max_length=100)
    category: CategoryId | None = None
    supplier: Id | None = Field(default=None, description="only what this one sends")
    brand: str = Field(default="", max_length=70)
    condition: Condition | None = None
    destination: Country | None = None
    in_stock: bool = False
    option: str = Field(default="", max_length=500)
    attribute: str = Field(default="", max_length=900)
    least: str = Field(default="", max_length=20)
    most: str = Field(default="", max_length=20)
    sort: Sort | None = Field(
        default=None,
        description="absent: the newest first, a search what has its words in the title; by price: it wants a currency",
    )
    cursor: str | None = Field(default=None, max_length=1000)

    @field_validator("option")
    @classmethod
    def _options(cls, text: str) -> str:
        named_pairs(text, MOST_OPTIONS)
        return text

    @field_validator("attribute")
    @classmethod
    def _attributes(cls, text: str) -> str:
        named_pairs(text, MOST_NARROWING)
        return text

    @field_validator(*MAYBE, mode="before")
    @classmethod
    def _unsaid(cls, told: object) -> object:
        """A form sends what nobody chose as nothing."""
        return told or None

    def narrowing(self, currency: str | None) -> Narrowing:
        """`currency`: of the prices typed. What is no price narrows nothing: see `flaw`."""
        low, high = (minor_units(text, currency) if currency else None for text in (self.least, self.most))
        low, high = (None, None) if low is not None and high is not None and low > high else (low, high)
        return Narrowing(
            category=self.category, supplier=self.supplier, brand=as_narrowed(self.brand) or None, condition=self.condition,
            destination=self.destination,
            in_stock=self.in_stock, currency=self.currency or (currency if low is not None or high is not None else None),
            low=low, high=high, words=self.q.strip() if words(self.q) else None, options=named_pairs(self.option, MOST_OPTIONS),
            attributes=tuple(described_term(name, value) for name, value in named_pairs(self.attribute, MOST_NARROWING)),
        )  # fmt: skip

    def flaw(self, currency: str | None) -> str:
        """What is wrong: `words` where no letter or digit is searched for, `price` where none was typed, `order` where the least is more
        than the most; else nothing."""
        if self.q.strip() and not words(self.q):
            return "words"
        if not currency:
            return ""
        low, high = (minor_units(text, currency) for text in (self.least, self.most))
        if any(text.strip() and found is None for text, found in ((self.least, low), (self.most, high))):
            return "price"
        return "order" if low is not None and high is not None and low > high else ""


class ShareQuery(ProductsQuery):
    """A list as it is narrowed; or a product, and nothing else then."""

    product: Id | None = None
    offer: Id | None = Field(default=None, description="the variant that is chosen")

    @property
    def own(self) -> dict[str, object]:
        return {name: value for name, value in super().own.items() if name not in ("product", "offer", "cursor")}

    @property
    def shared(self) -> dict[str, object]:
        return {name: value for name, value in (("product", self.product), ("offer", self.offer)) if value}


class PrintQuery(ShopQuery):
    paper: Literal["a6", "a4"] = Field(default="a6", description="a6: a label; a4: a leaflet")
    product: Id | None = Field(default=None, description="absent: the shop itself")
    offer: Id | None = Field(default=None, description="the variant that is chosen")


def minor_units(typed: str, currency: str) -> int | None:
    """What somebody typed as a price: 12.5 and 12,50 are 1250 of a currency with two decimals. None for what is no price."""
    try:
        told = Decimal(typed.strip().replace(",", ".") or "x").scaleb(exponent(currency))
    except ArithmeticError:  # 1e999999999999 is one, too
        return None
    return int(told) if told.is_finite() and 0 <= told <= MAX_AMOUNT else None
