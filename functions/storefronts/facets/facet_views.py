"""What an answer about counts carries."""

from typing import Self

from pydantic import Field

from functions.storefronts.facets.facets import Facets
from functions.storefronts.listings.listing_page import Window
from shared.api.payload import View


class Count(View):
    value: str
    count: int


class OptionCount(Count):
    option: str
    narrow: str = Field(description="what to narrow a listing by: `?option=` and this", examples=["colour:red"])


class AttributeCount(Count):
    attribute: str
    narrow: str = Field(description="what to narrow a listing by: `?attribute=` and this", examples=["material:cotton"])
    id: str | None = Field(default=None, description="where it is of the taxonomy's list")


class BrandCount(Count):
    narrow: str = Field(description="what to narrow a listing by: `?brand=` and this", examples=["fern & field"])


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
    options: list[OptionCount] | None = Field(
        default=None,
        description="the 100 values of options with the most products, as one of them writes it; absent where there are none",
    )
    attributes: list[AttributeCount] | None = Field(default=None, description="the 100 values of attributes with the most products")
    brands: list[BrandCount] | None = Field(default=None, description="the 100 with the most products, as one of them writes it")
    conditions: list[Count] | None = Field(default=None, description="absent where all is new")
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
            options=[OptionCount(option=o.name, value=o.value, narrow=o.term, count=o.count) for o in found.options] or None,
            attributes=[AttributeCount(attribute=a.name, value=a.value, narrow=a.term, count=a.count, id=a.id) for a in found.attributes]
            or None,
            brands=[BrandCount(value=b.value, narrow=b.term, count=b.count) for b in found.brands] or None,
            conditions=None if {one for one, _ in found.conditions} <= {"new"} else [Count(value=v, count=n) for v, n in found.conditions],
            currency=window.currency,
            currency_day=window.day or None,
        )
