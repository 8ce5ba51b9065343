"""What requests about storefronts and their answers carry."""

from typing import Self

from pydantic import Field

from functions.storefronts.configuration.shop_pages import ShopPages
from functions.storefronts.configuration.storefront import Configuration, Storefront
from shared.api.payload import Body, Query, View
from shared.bounds.fields import MAX_INTEGER
from shared.goods.texts import LanguageTag
from shared.trade.selection import Id, PriceRule, Selection


class StorefrontBody(Body):
    name: str = Field(min_length=1, max_length=100)
    languages: list[LanguageTag] = Field(min_length=1, max_length=20, description="the first is the default", examples=[["en", "zh"]])
    selection: Selection = Selection()
    price_rule: PriceRule = PriceRule()
    open: bool = Field(default=True, description="whether client sites may list and order")
    pages: ShopPages | None = Field(
        default=None, description="pages that the hub shows to anybody at /shop/<slug>; absent: as they are, or none for a new storefront"
    )

    @property
    def configuration(self) -> Configuration:
        return Configuration(
            name=self.name, languages=tuple(self.languages), selection=self.selection, price_rule=self.price_rule, open=self.open,
            pages=self.pages,
        )  # fmt: skip


class StorefrontChange(StorefrontBody):
    version: int = Field(ge=1, le=MAX_INTEGER, description="the version that this change is based on")


class MissingView(View):
    pointer: str = Field(description="the field of this answer that would say it", examples=["/pages/seller"])
    detail: str


class StorefrontView(View):
    id: str
    version: int
    name: str
    languages: list[str]
    selection: Selection
    price_rule: PriceRule
    open: bool
    pages: ShopPages | None = None
    slugs: list[str] | None = Field(default=None, description="all that it ever had; each leads to it")
    suspended: str | None = Field(default=None, description="why an operator has suspended it; absent if none has")
    missing: list[MissingView] | None = Field(
        default=None, description="what its pages owe its buyers and do not say yet; told to its owner alone; absent if nothing is missing"
    )

    @classmethod
    def of(cls, storefront: Storefront) -> Self:
        told = storefront.configuration
        missing = told.pages.missing if told.pages else []
        return cls(
            id=storefront.id, version=storefront.version, name=told.name, languages=list(told.languages),
            selection=told.selection, price_rule=told.price_rule, open=told.open, suspended=storefront.suspended or None,
            pages=told.pages, slugs=list(storefront.slugs) or None,
            missing=[MissingView(pointer=field, detail=what) for field, what in missing] or None,
        )  # fmt: skip


class StorefrontSummary(View):
    id: str
    version: int
    name: str
    languages: list[str]
    open: bool
    suspended: str | None = Field(default=None, description="why an operator has suspended it; absent if none has")

    @classmethod
    def of(cls, storefront: Storefront) -> Self:
        told = storefront.configuration
        return cls(
            id=storefront.id, version=storefront.version, name=told.name, languages=list(told.languages), open=told.open,
            suspended=storefront.suspended or None,
        )  # fmt: skip


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class StorefrontsPage(View):
    items: list[StorefrontSummary]
    next: str | None = None


class SuspensionBody(Body):
    account_id: Id = Field(description="the storefront's owner")
    reason: str = Field(min_length=1, max_length=500, description="told to people; API keys learn only that it is suspended")


class ReinstatementBody(Body):
    account_id: Id = Field(description="the storefront's owner")


class SanctionView(View):
    """A storefront as an operator's decision left it."""

    id: str
    account_id: str
    version: int
    suspended: str | None = Field(default=None, description="why; absent if it is not suspended")

    @classmethod
    def of(cls, storefront: Storefront) -> Self:
        return cls(id=storefront.id, account_id=storefront.account_id, version=storefront.version, suspended=storefront.suspended or None)
