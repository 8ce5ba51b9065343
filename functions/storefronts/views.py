"""What the storefronts' requests and answers carry."""

from typing import Self

from pydantic import Field

from functions.storefronts.card import Card, Detail
from functions.storefronts.storefront import Configuration, Storefront
from shared.http import Body, Query, View
from shared.money import Amount
from shared.product import CategoryId, LanguageTag, Size
from shared.selection import PriceRule, Selection


class StorefrontBody(Body):
    name: str = Field(min_length=1, max_length=100)
    languages: list[LanguageTag] = Field(min_length=1, max_length=20, description="the first is the default", examples=[["en", "zh"]])
    selection: Selection = Selection()
    price_rule: PriceRule = PriceRule()
    open: bool = Field(default=True, description="whether client sites may list and order")

    @property
    def configuration(self) -> Configuration:
        return Configuration(self.name, tuple(self.languages), self.selection, self.price_rule, self.open)


class StorefrontChange(StorefrontBody):
    version: int = Field(ge=1, description="the version that this change is based on")


class StorefrontView(View):
    id: str
    version: int
    name: str
    languages: list[str]
    selection: Selection
    price_rule: PriceRule
    open: bool

    @classmethod
    def of(cls, storefront: Storefront) -> Self:
        told = storefront.configuration
        return cls(
            id=storefront.id, version=storefront.version, name=told.name, languages=list(told.languages),
            selection=told.selection, price_rule=told.price_rule, open=told.open,
        )  # fmt: skip


class StorefrontSummary(View):
    id: str
    version: int
    name: str
    languages: list[str]
    open: bool

    @classmethod
    def of(cls, storefront: Storefront) -> Self:
        told = storefront.configuration
        return cls(id=storefront.id, version=storefront.version, name=told.name, languages=list(told.languages), open=told.open)


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class StorefrontsPage(View):
    items: list[StorefrontSummary]
    next: str | None = None


class ListingQuery(PageQuery):
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")
    category: CategoryId | None = Field(default=None, description="only what lies in this category")


class DetailQuery(Query):
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")


class Listing(View):
    """A product as this storefront shows it: its own price, one language."""

    product_id: str
    offer_id: str
    title: str
    language: str = Field(description="the language of the title")
    price: Amount
    category: str
    picture: str | None = None

    @classmethod
    def of(cls, card: Card, rule: PriceRule, language: str) -> Self:
        tag, title = card.title(language)
        return cls(
            product_id=card.product_id, offer_id=card.offer_id, title=title, language=tag, price=Amount.of(rule.price(card.cost)),
            category=card.category, picture=card.picture,
        )  # fmt: skip


class ListingsPage(View):
    items: list[Listing]
    next: str | None = Field(default=None, description="read on with it, even after a page with few items or none")


class TierView(View):
    min_quantity: int
    price: Amount


class ListingDetail(Listing):
    description: str
    pictures: list[str]
    tiers: list[TierView] = Field(description="prices for business buyers")
    weight: int = Field(description="grams, packed")
    size: Size
    origin: str

    @classmethod
    def told(cls, card: Card, detail: Detail, rule: PriceRule, language: str) -> Self:
        listing = Listing.of(card, rule, language)
        tiers = [TierView(min_quantity=t.min_quantity, price=Amount.of(rule.price(t.price.money))) for t in detail.tiers]
        return cls(
            **listing.model_dump(exclude={"price"}), price=listing.price, description=detail.texts[listing.language].description,
            pictures=detail.pictures, tiers=tiers, weight=detail.weight, size=detail.size, origin=detail.origin,
        )  # fmt: skip
