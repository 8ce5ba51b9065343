"""What requests about offers and their answers carry."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from functions.catalog.offers.offer import Offer, Party
from functions.catalog.offers.trade_item_link import Thing, item_of, variant_items_of
from functions.catalog.pictures.heard_picture import HeardPicture
from functions.catalog.pictures.picture_views import PictureStanding
from monsoon_plugin.money import Amount
from shared.api.payload import Body, Query, View
from shared.trade.product import Product
from shared.trade.selection import Id

State = Literal["on_sale", "recalled", "delisted", "awaiting_picture"]
"""`delisted`: its supplier keeps it off sale, as a draft or archived; `awaiting_picture`: by `requires_picture`, and none is shown yet."""
Whose = Annotated[str | None, Field(min_length=1, max_length=40, description="operators name the supplier; suppliers leave it out")]


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class SupplierQuery(Query):
    supplier: Whose = None


class RecallBody(Body):
    reason: str = Field(min_length=1, max_length=500, description="who sells or bought it may read this")
    supplier_id: Whose = None


class OtherProduct(Body):
    supplier_id: Id
    product_id: Id
    offer_id: Id | None = Field(default=None, description="which of its variants, where it has any")

    @property
    def thing(self) -> Thing:
        return Thing(self.supplier_id, self.product_id, self.offer_id or "")


class TradeItemBody(Body):
    """By whose word which. With neither `same_as` nor `alone` the product's codes say it: its GTIN, else its brand and part number."""

    offer_id: Id | None = Field(default=None, description="of which variant it is said; absent: of the whole product")
    same_as: OtherProduct | None = Field(default=None, description="the product that is the same thing; operators alone")
    alone: bool = Field(default=False, examples=[False], description="whether it is no other product's thing, whatever its codes say")
    supplier_id: Whose = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.same_as and self.alone:
            raise ValueError("say either same_as or alone")
        return self


class ReinstatementBody(Body):
    supplier_id: Whose = None


class RecallView(View):
    by: Party
    reason: str


class OfferSummary(View):
    """A supplier's product in a list: without its descriptions."""

    product_id: str
    offer_id: str
    sku: str
    titles: dict[str, str] = Field(description="by BCP 47 language tag")
    category: str
    price: Amount = Field(description="the lowest of its variants', if it has any")
    state: State
    version: int
    changed_at: str

    @classmethod
    def of(cls, offer: Offer) -> Self:
        product = offer.product
        return cls(
            product_id=offer.product_id, offer_id=offer.id, sku=product.sku, category=product.category, price=product.lowest,
            titles={tag: text.title for tag, text in product.texts.items()}, state=_state(offer), version=offer.version,
            changed_at=offer.changed_at,
        )  # fmt: skip


class OffersPage(View):
    items: list[OfferSummary]
    next: str | None = None


class VariantOffer(View):
    sku: str
    trade_item: str | None = Field(default=None, description="the thing that it is an offer of, whoever else sells it")
    offer_id: str = Field(description="what it is ordered and counted by; the same whenever the product has this sku")

    @classmethod
    def each_of(cls, offer: Offer) -> list[Self]:
        things = zip(offer.offered, variant_items_of(offer), strict=True)
        return [cls(sku=each.product.sku, offer_id=each.offer_id, trade_item=item or None) for each, item in things]


class OfferView(View):
    """A supplier's product as it was last approved, and whether it is on sale."""

    product_id: str
    offer_id: str
    supplier_id: str
    state: State
    recall: RecallView | None = None
    product: Product
    submission: int = Field(description="the supplier's version that was approved")
    version: int
    changed_at: str
    trade_item: str | None = Field(default=None, description="the thing that it is an offer of, whoever else sells it")
    variants: list[VariantOffer] | None = Field(default=None, description="of a product with variants: what each is sold by")
    pictures: list[PictureStanding] | None = Field(default=None, description="told by GET alone: what became of each picture that it names")

    @classmethod
    def of(cls, offer: Offer, heard: Mapping[str, HeardPicture] | None = None) -> Self:
        """`heard`: of its pictures; None where that was not looked for."""
        recall = RecallView(by=offer.recall.by, reason=offer.recall.reason) if offer.recall else None
        return cls(
            product_id=offer.product_id, offer_id=offer.id, supplier_id=offer.supplier_id, state=_state(offer), recall=recall,
            product=offer.product, trade_item=item_of(offer) or None, submission=offer.submission, version=offer.version,
            changed_at=offer.changed_at,
            pictures=None if heard is None else PictureStanding.each_of(offer.product, heard) or None,
            variants=VariantOffer.each_of(offer) if offer.product.variants else None,
        )  # fmt: skip


def _state(offer: Offer) -> State:
    if offer.recall:
        return "recalled"
    return "delisted" if offer.is_delisted else "awaiting_picture" if offer.awaits_picture else "on_sale"
