"""What is asked of a listing: what of it a shopper wants to see, and how."""

from pydantic import Field, field_validator

from functions.storefronts.configuration.storefront_views import PageQuery
from functions.storefronts.index.described_term import as_narrowed, described_term
from functions.storefronts.listings.listing_order import Sort
from functions.storefronts.listings.listing_page import Narrowing
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from shared.api.payload import Query
from shared.goods.identity import Condition
from shared.goods.texts import LanguageTag
from shared.trade.product import MOST_OPTIONS, CategoryId, Country, Tag
from shared.trade.selection import Id

MOST_NARROWING = 5
"""Attributes that a listing is narrowed by at once."""


class NarrowingQuery(Query):
    """What a shopper wants to see of a listing."""

    category: CategoryId | None = Field(default=None, description="only what lies in this category or below it")
    supplier: Id | None = Field(default=None, description="only this supplier's")
    tag: Tag | None = Field(default=None, description="only what has this tag")
    brand: str | None = Field(default=None, min_length=1, max_length=70, description="only what is of this brand, however it is written")
    condition: Condition | None = Field(default=None, description="only what is so")
    in_stock: bool = Field(default=False, description="only what can be ordered now")
    min_price: int | None = Field(default=None, ge=0, le=MAX_AMOUNT, description="in minor units of `currency`, included")
    max_price: int | None = Field(default=None, ge=0, le=MAX_AMOUNT, description="in minor units of `currency`, included")
    currency: CurrencyCode | None = Field(
        default=None,
        description="to show prices in, one that the storefront sells in; where it has none of its own: only what is sold in it",
    )
    destination: Country | None = Field(default=None, description="only what may be sent there, ISO 3166-1 alpha-2")
    q: str | None = Field(default=None, min_length=1, max_length=100, description="words to search for, in any language")
    option: str | None = Field(
        default=None, max_length=500, examples=["colour:red|size:M"],
        description="only what some variant is by each option named, however it is written; at most 3, with | between",
    )  # fmt: skip
    attribute: str | None = Field(
        default=None, max_length=900, examples=["material:cotton|style:vintage"],
        description="only what is so by each attribute named, however it is written; at most 5, with | between",
    )  # fmt: skip

    @field_validator("option")
    @classmethod
    def _options(cls, text: str | None) -> str | None:
        named_pairs(text or "", MOST_OPTIONS)
        return text

    @field_validator("attribute")
    @classmethod
    def _attributes(cls, text: str | None) -> str | None:
        named_pairs(text or "", MOST_NARROWING)
        return text

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(
            category=self.category, supplier=self.supplier, tag=self.tag, destination=self.destination, in_stock=self.in_stock,
            currency=self.currency, low=self.min_price, high=self.max_price, words=self.q,
            brand=as_narrowed(self.brand) if self.brand else None, condition=self.condition,
            options=named_pairs(self.option or "", MOST_OPTIONS),
            attributes=tuple(described_term(name, value) for name, value in named_pairs(self.attribute or "", MOST_NARROWING)),
        )  # fmt: skip


def named_pairs(text: str, most: int) -> tuple[tuple[str, str], ...]:
    """Of `colour:red|size:M`, folded: names and values; a value may hold colons. Raises ValueError, which says what to write."""
    pairs = tuple((as_narrowed(name), as_narrowed(value)) for name, _, value in (pair.partition(":") for pair in text.split("|") if text))
    if not all(name and value for name, value in pairs) or len(pairs) > most:
        raise ValueError(f"write a name, a colon and a value, at most {most} of them with | between, such as colour:red|size:M")
    return pairs


class ListingQuery(NarrowingQuery, PageQuery):
    sort: Sort | None = Field(
        default=None,
        description="by price, the cheapest or the dearest first, in one currency to compare in: the storefront's, or the one that "
        "is named; or the newest first. Absent: the newest first, a search what has its words in the title",
    )
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")


class DetailQuery(Query):
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")
    currency: CurrencyCode | None = Field(default=None, description="to show prices in, one that the storefront sells in")
    offer: Id | None = Field(default=None, description="of a product with variants: the one to show it as")
