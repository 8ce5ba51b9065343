"""What the feed's requests and answers carry. An upsert's product is told alike in webhooks."""

from typing import Literal

from pydantic import Field

from monsoon_plugin.money import Amount
from shared.api.payload import Query, View
from shared.goods.attributes import Attribute
from shared.goods.identity import Condition
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import Safety
from shared.goods.unit_measure import UnitMeasure
from shared.trade.product import Option, Size, Text
from shared.variants.announced import ReductionView


class FeedQuery(Query):
    cursor: str | None = Field(default=None, max_length=2000, description="the last answer's `next`; without it, from the start")
    limit: int = Field(default=24, ge=1, le=100)
    storefront_id: str | None = Field(
        default=None, max_length=40, description="owners name their storefront; a client site's key knows its own"
    )


class TierView(View):
    min_quantity: int
    price: Amount


class FeedPicture(View):
    """A picture of a product, by the id by which it and its variants name it in `pictures`."""

    picture_id: str
    width: int = Field(description="pixels, as it was sent, upright; with the height it keeps a page from jumping")
    height: int
    colour: str = Field(description="what it is on the whole, #rrggbb: to be shown until it is there")
    srcset: str = Field(description="its addresses in all sizes, WebP, as HTML's `srcset` wants them")
    jpeg: str = Field(description="its address as a JPEG of 1280 pixels at most, for mail and for channels that take no WebP")
    blur: str | None = Field(default=None, description="a data: URL of a few pixels, to be shown until it is there; of the first 12 alone")
    alt: dict[str, str] | None = Field(
        default=None, description="what it shows, by language, in its supplier's words; absent: the title, with the variant's options"
    )


class FeedVariant(View):
    """One of the things that a product is sold as. What it does not say is as the product says, but for a GTIN and a part number: without
    one it has none."""

    offer_id: str = Field(description="what it is ordered by; the same whenever the product has it")
    options: dict[str, str] = Field(description="its value of each option", examples=[{"colour": "red", "size": "M"}])
    in_stock: bool
    backorder_days: int | None = Field(default=None, description="as the product's")
    price: Amount
    tiers: list[TierView]
    weight: int | None = Field(default=None, description="grams, packed")
    size: Size | None = None
    gtin: str | None = None
    mpn: str | None = None
    trade_item: str | None = Field(
        default=None, description="the thing that it is: other suppliers' offers of it have the same, variants or not"
    )
    trade_items: list[str] | None = Field(default=None, description="all ids by which that thing is known, where it has several")
    unit_measure: UnitMeasure | None = None
    requires_shipping: bool | None = Field(default=None, description="the product's if absent")
    reduction: ReductionView | None = None
    pictures: list[str] | None = None


class FeedProduct(View):
    """A product as this storefront sells it. How many units there are is not told: checkout decides."""

    supplier_id: str
    in_stock: bool
    backorder_days: int | None = Field(
        default=None,
        description="it may be ordered although none is left, and is sent within so many days; absent as soon as as many are ordered so as "
        "its supplier allows: then it is sold out",
    )
    texts: dict[str, Text] = Field(description="by BCP 47 language tag")
    category: str
    categories: list[str] | None = Field(default=None, description="others that it belongs to")
    tags: list[str]
    ships_to: list[str] = Field(description="ISO 3166-1 alpha-2; empty: everywhere")
    price: Amount = Field(description="this storefront's price of one unit, in the currency that it sells in by default")
    tiers: list[TierView] = Field(description="this storefront's prices for business buyers")
    reduction: ReductionView | None = Field(
        default=None, description="what `price` is compared with, in a sale or by its supplier's word; absent where there is nothing"
    )
    currency_day: str | None = Field(default=None, description="the day of the rates by which the prices were converted, if they were")
    weight: int | None = Field(default=None, description="grams, packed; absent if its supplier has not said it, as are the next three")
    size: Size | None = None
    hs_code: str | None = None
    origin: str | None = None
    pictures: list[str] = Field(description="the ids of all its pictures, in order, shown or not")
    shown: list[FeedPicture] | None = Field(
        default=None,
        description="those of its and its variants' pictures that are shown, its own first in their order; at most 100. "
        "A variant's are those that it names, in its order. One that is taken down is in none that follows",
    )
    placeholder: bool | None = Field(default=None, description="true: it names pictures, and none is shown: show a placeholder of your own")
    gtin: str | None = None
    brand: str | None = None
    mpn: str | None = Field(default=None, description="the manufacturer's part number")
    condition: Condition | None = Field(default=None, description="absent: new")
    item_group: str | None = Field(default=None, description="the same on products of one supplier that differ in little")
    order_quantity: OrderQuantity | None = Field(default=None, description="in which quantities it is ordered; absent: in any")
    handling_days: int | None = Field(default=None, description="days until it is sent, from the order on, as its supplier says")
    unit_measure: UnitMeasure | None = Field(default=None, description="how much is in a unit, and for how much of it a price is said")
    requires_shipping: bool | None = Field(
        default=None, description="false: virtual or downloadable goods, which are delivered without a parcel; absent: it is sent"
    )
    safety: Safety | None = Field(default=None, description="who made it, who is responsible in the EU, and its warnings")
    attributes: list[Attribute] | None = Field(default=None, description="what it is like; with an id where it is of GET /v1/attributes")
    trade_item: str | None = Field(
        default=None, description="the thing that it is: other suppliers' offers of it have the same, and listings show one of them"
    )
    trade_items: list[str] | None = Field(
        default=None,
        description="all ids by which that thing is known, where it has several: offers that have one in common are of one thing",
    )
    options: list[Option] | None = Field(default=None, description="of a product with variants alone: in what they differ")
    variants: list[FeedVariant] | None = Field(
        default=None,
        description="of a product with variants alone: the price, the tiers and the change's offer are then of the cheapest",
    )


class ChangeView(View):
    type: Literal["upsert", "removal"]
    product_id: str
    offer_id: str
    sequence: str = Field(
        description="of each product keep what has the greatest sequence, compared as text; keep a removal's too. "
        "Then pages and webhooks may come in any order, twice and late"
    )
    product: FeedProduct | None = Field(default=None, description="absent in a removal")


class FeedView(View):
    changes: list[ChangeView]
    next: str = Field(description="where to go on, now or later; good for 30 days")
    more: bool = Field(description="whether `next` has more at once, even if this page is empty; else ask again in some seconds")
    snapshot: bool = Field(
        description="true until the page that brings a new reader level. A site that began without a cursor, but held products, "
        "then drops those that no page has named"
    )
    rule_version: int = Field(description="the storefront's version whose rule selected and priced this page")
