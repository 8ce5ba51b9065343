"""What requests for listings and their answers carry."""

from typing import Self

from pydantic import Field

from functions.storefronts.configuration.storefront_views import PageQuery
from functions.storefronts.index.product_card import Detail
from functions.storefronts.listings.facets import Facets
from functions.storefronts.listings.listing_page import Narrowing, PricedCard, Window
from monsoon_plugin.money import MAX_AMOUNT, Amount, CurrencyCode, Money
from shared.api.payload import Query, View
from shared.trade.product import CategoryId, Country, LanguageTag, Size, Tag
from shared.trade.selection import Id


class NarrowingQuery(Query):
    """What a shopper wants to see of a listing."""

    category: CategoryId | None = Field(default=None, description="only what lies in this category or below it")
    supplier: Id | None = Field(default=None, description="only this supplier's")
    tag: Tag | None = Field(default=None, description="only what has this tag")
    in_stock: bool = Field(default=False, description="only what can be ordered now")
    min_price: int | None = Field(default=None, ge=0, le=MAX_AMOUNT, description="in minor units of `currency`, included")
    max_price: int | None = Field(default=None, ge=0, le=MAX_AMOUNT, description="in minor units of `currency`, included")
    currency: CurrencyCode | None = Field(
        default=None,
        description="to show prices in, one that the storefront sells in; where it has none of its own: only what is sold in it",
    )
    destination: Country | None = Field(default=None, description="only what may be sent there, ISO 3166-1 alpha-2")
    q: str | None = Field(default=None, min_length=1, max_length=100, description="words to search for, in any language")

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(
            category=self.category, supplier=self.supplier, tag=self.tag, destination=self.destination, in_stock=self.in_stock,
            currency=self.currency, low=self.min_price, high=self.max_price, words=self.q,
        )  # fmt: skip


class ListingQuery(NarrowingQuery, PageQuery):
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")


class DetailQuery(Query):
    language: LanguageTag | None = Field(default=None, description="without it, Accept-Language chooses among the storefront's languages")
    currency: CurrencyCode | None = Field(default=None, description="to show prices in, one that the storefront sells in")


class Listing(View):
    """A product as this storefront shows it: its own price, one language."""

    product_id: str
    offer_id: str
    supplier_id: str
    title: str
    language: str = Field(description="the language of the title")
    price: Amount
    category: str
    tags: list[str]
    in_stock: bool
    picture: str | None = None

    @classmethod
    def of(cls, shown: PricedCard, language: str) -> "Listing":
        card = shown.card
        tag, title = card.title(language)
        return Listing.model_construct(
            product_id=card.product_id, offer_id=card.offer_id, supplier_id=card.supplier_id, title=title, language=tag,
            price=_amount(shown.sale.price), category=card.category, tags=list(card.tags), in_stock=card.in_stock, picture=card.picture,
        )  # fmt: skip


class ListingsPage(View):
    items: list[Listing]
    currency_day: str | None = Field(default=None, description="the day of the European Central Bank's rates, where prices are converted")
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
    ships_to: list[str] = Field(description="ISO 3166-1 alpha-2; empty: everywhere")
    currency_day: str | None = Field(default=None, description="the day of the European Central Bank's rates, where prices are converted")

    @classmethod
    def of_product(cls, shown: PricedCard, detail: Detail, window: Window, language: str) -> Self:
        listing = Listing.of(shown, language)
        costs = [(tier.min_quantity, tier.price.money) for tier in detail.tiers if tier.price.currency == shown.card.cost.currency]
        priced = [(quantity, window.price(cost, shown.card.category)) for quantity, cost in costs]
        tiers = [TierView(min_quantity=quantity, price=_amount(sale.price)) for quantity, sale in priced if sale]
        return cls(
            **{name: getattr(listing, name) for name in Listing.model_fields},
            description=detail.texts[listing.language].description,
            pictures=detail.pictures, tiers=tiers, weight=detail.weight, size=detail.size, origin=detail.origin,
            ships_to=sorted(shown.card.ships_to), currency_day=window.day or None,
        )  # fmt: skip


class Count(View):
    value: str
    count: int


class BandView(View):
    """A price band; `min_price` and `max_price` narrow a listing to it."""

    min_price: int
    max_price: int | None = Field(default=None, description="absent in the last band, which has no end")
    count: int


class FacetsView(View):
    """How many products there are of each kind. Where the rule wants a least margin, a listing may leave some of them out."""

    total: int
    in_stock: int
    categories: list[Count] = Field(description="one level below the chosen category; their names are in /v1/taxonomy")
    suppliers: list[Count] = Field(description="the 20 with the most products")
    prices: list[BandView] = Field(description="bands that hold any product; empty where the storefront has no currency and none is chosen")
    currency: str | None = Field(default=None, description="of the price bands, whose edges are 1, 2, 5, 10, 20, 50 … of its major unit")
    currency_day: str | None = Field(default=None, description="the day of the European Central Bank's rates, where prices are converted")

    @classmethod
    def of(cls, found: Facets, window: Window) -> Self:
        return cls(
            total=found.total,
            in_stock=found.in_stock,
            categories=[Count(value=value, count=count) for value, count in found.categories],
            suppliers=[Count(value=value, count=count) for value, count in found.suppliers],
            prices=[BandView(min_price=band.low, max_price=band.high, count=band.count) for band in found.bands],
            currency=window.currency,
            currency_day=window.day or None,
        )


def _amount(money: Money) -> Amount:
    """What the hub itself priced is not validated again."""
    return Amount.model_construct(amount=money.amount, currency=money.currency)
