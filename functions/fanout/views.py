"""What the feed's requests and answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.fanout.feed import Removal, Upsert
from shared.http import Query, View
from shared.money import Amount
from shared.product import Size, Text
from shared.selection import PriceRule


class FeedQuery(Query):
    cursor: str | None = Field(default=None, max_length=1500, description="the last answer's `next`; without it, from the start")
    limit: int = Field(default=24, ge=1, le=100)
    storefront_id: str | None = Field(
        default=None, max_length=40, description="owners name their storefront; a client site's key knows its own"
    )


class TierView(View):
    min_quantity: int
    price: Amount


class FeedProduct(View):
    """A product as this storefront sells it. Stock is not told: it changes with every order, and checkout decides."""

    supplier_id: str
    texts: dict[str, Text] = Field(description="by BCP 47 language tag")
    category: str
    price: Amount = Field(description="this storefront's price of one unit")
    tiers: list[TierView] = Field(description="this storefront's prices for business buyers")
    weight: int = Field(description="grams, packed")
    size: Size
    hs_code: str
    origin: str
    pictures: list[str]
    gtin: str | None = None

    @classmethod
    def of(cls, upsert: Upsert, rule: PriceRule) -> Self:
        product = upsert.product
        tiers = [TierView(min_quantity=t.min_quantity, price=Amount.of(rule.price(t.price.money))) for t in product.tiers]
        return cls(
            supplier_id=upsert.change.supplier_id, texts=product.texts, category=product.category,
            price=Amount.of(rule.price(product.price.money)), tiers=tiers, weight=product.weight, size=product.size,
            hs_code=product.hs_code, origin=product.origin, pictures=product.pictures, gtin=product.gtin,
        )  # fmt: skip


class ChangeView(View):
    type: Literal["upsert", "removal"]
    product_id: str
    offer_id: str
    version: int = Field(description="drop a change that is not newer than what you hold of the product")
    product: FeedProduct | None = Field(default=None, description="absent in a removal")

    @classmethod
    def of(cls, entry: Upsert | Removal, rule: PriceRule) -> Self:
        change = entry.change
        ids = {"product_id": change.product_id, "offer_id": change.offer_id}
        if isinstance(entry, Removal):
            return cls(type="removal", version=change.version, **ids)
        return cls(type="upsert", version=change.version, product=FeedProduct.of(entry, rule), **ids)


class FeedView(View):
    changes: list[ChangeView]
    next: str = Field(description="where to go on, now or later; good for 90 days")
    more: bool = Field(description="whether `next` has more at once; else ask again in some seconds")
    rule_version: int = Field(
        description="the storefront's version that selected and priced this page. When it rises, read the feed from the start once, "
        "and drop what that does not name"
    )
