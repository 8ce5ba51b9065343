"""What an operator is shown of part numbers that come with several GTINs."""

from typing import Self

from pydantic import Field

from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.disputed_parts import DisputedPart
from monsoon_plugin.money import Amount
from shared.api.payload import Query, View
from shared.goods.identity import Condition
from shared.goods.texts import LanguageTag


class DisputedPartsQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)
    language: LanguageTag | None = Field(default=None, description="of the titles; English if absent, or another that there is")


class PartOffer(View):
    """What one supplier says of it. `PUT /v1/catalog/products/{product_id}/trade-item` links it with another, or parts it from all."""

    supplier_id: str
    product_id: str
    offer_id: str
    title: str
    gtin: str | None = Field(
        default=None, description="absent: it says the part number alone, and is shown by itself as long as this lasts"
    )
    price: Amount = Field(description="its supplier's")
    picture: str | None = None
    changed_at: str
    variant: bool = Field(default=False, description="a variant: it is linked, or parted, with its `offer_id` beside its product's id")

    @classmethod
    def of(cls, card: Card, language: str) -> Self:
        return cls(
            supplier_id=card.supplier_id, product_id=card.product_id, offer_id=card.offer_id, title=card.title(language)[1], gtin=card.gtin,
            price=Amount(amount=card.cost.amount, currency=card.cost.currency), picture=card.picture, changed_at=card.changed_at,
            variant=card.lowest is not None,
        )  # fmt: skip


class DisputedPartView(View):
    """A part number of which several suppliers say different GTINs: it joins nobody until a person says which are one thing."""

    brand: str
    mpn: str = Field(description="the manufacturer's part number, as the newest offer with a GTIN writes it")
    condition: Condition
    trade_item: str = Field(description="what its offers would be known by")
    offers: list[PartOffer] = Field(description="by GTIN, those without one first; at most 20, the newest")

    @classmethod
    def of(cls, dispute: DisputedPart, language: str) -> Self:
        newest = dispute.newest
        return cls(
            brand=newest.brand or "", mpn=newest.mpns[0], condition=newest.condition, trade_item=dispute.part_item,
            offers=[PartOffer.of(each, language) for each in dispute.offers],
        )  # fmt: skip


class DisputedPartsPage(View):
    items: list[DisputedPartView]
    next: str | None = Field(default=None, description="read on with it, even after a page with few items or none")
