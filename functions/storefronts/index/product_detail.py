"""The detail that only a product's own page shows, beside its card."""

from typing import Self

from pydantic import Field

from monsoon_plugin.money import Amount
from monsoon_plugin.value import Value
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import Safety
from shared.goods.stock_mode import backorder_days
from shared.goods.unit_measure import UnitMeasure
from shared.messages import OfferPublished
from shared.pictures.product_pictures import ProductPicture, Shown, of_lines
from shared.trade.product import Product, Size, Text, Tier
from shared.variants.offered import Offered, cheapest_of
from shared.variants.sale import Reduced


class VariantDetail(Value):
    """A variant, as its product's own page shows it. What is as the product's is left out, but for its price and tiers."""

    offer_id: str
    choice: list[str]
    price: Amount
    tiers: list[Tier] = Field(default=[])
    weight: int | None = None
    size: Size | None = None
    pictures: list[str] = Field(default=[])
    in_stock: bool = True
    gtin: str | None = None
    mpn: str | None = None
    backorder_days: int | None = None
    unit_measure: UnitMeasure | None = None
    requires_shipping: bool = True
    reduced: Reduced | None = None

    @classmethod
    def of(cls, offered: Offered, product: Product) -> Self:
        one = offered.product
        return cls(
            offer_id=offered.offer_id, choice=list(offered.choice), price=one.price, tiers=one.tiers, in_stock=one.is_there,
            weight=None if one.weight == product.weight else one.weight, size=None if one.size == product.size else one.size,
            pictures=[] if one.pictures == product.pictures else one.pictures, gtin=one.gtin, mpn=one.mpn,
            backorder_days=backorder_days(one.stock_mode), unit_measure=one.unit_measure, reduced=offered.reduced,
            requires_shipping=one.requires_shipping,
        )  # fmt: skip


class Detail(Value):
    """What a product's own page shows besides its card."""

    texts: dict[str, Text]
    pictures: list[str]
    tiers: list[Tier]
    weight: int | None = None
    size: Size | None = None
    origin: str | None = None
    variants: list[VariantDetail] = Field(default=[])
    mpn: str | None = None
    item_group: str | None = None
    safety: Safety | None = None
    order_quantity: OrderQuantity | None = None
    handling_days: int | None = None
    unit_measure: UnitMeasure | None = None
    requires_shipping: bool = True
    shown: list[str] = Field(default=[])
    """Those of its and its variants' pictures that are shown, a line each; `blurs`: of the first."""
    blurs: list[str] = Field(default=[])
    alt_texts: dict[str, dict[str, str]] = Field(default={})

    @property
    def shown_pictures(self) -> Shown:
        return of_lines(self.shown, self.blurs)

    def beside(self, image: ProductPicture | None) -> Self:
        """As it is kept with a card that says `image`: that picture's line and blur are left empty."""
        line = image.line if image else ""
        blurs = [blur if shown != line else "" for shown, blur in zip(self.shown, self.blurs, strict=False)]
        return self.model_copy(update={"shown": [shown if shown != line else "" for shown in self.shown], "blurs": blurs})

    def with_image(self, image: ProductPicture | None) -> Self:
        """What `beside` left, with what the card says; what was kept whole stays so."""
        if image is None or "" not in self.shown:
            return self
        blurs = [blur if shown else image.blur for shown, blur in zip(self.shown, self.blurs, strict=False)]
        return self.model_copy(update={"shown": [shown or image.line for shown in self.shown], "blurs": blurs})

    @classmethod
    def of(cls, message: OfferPublished) -> Self:
        """Its tiers are those of what costs the least, as the card's price is."""
        product, offers = message.product, message.offers()
        return cls(
            variants=[VariantDetail.of(each, product) for each in offers] if product.variants else [],
            texts=product.texts,
            pictures=product.pictures,
            tiers=cheapest_of(offers).product.tiers,
            weight=product.weight,
            size=product.size,
            origin=product.origin,
            mpn=product.mpn,
            item_group=product.item_group,
            safety=product.safety,
            order_quantity=product.order_quantity,
            handling_days=product.handling_days,
            unit_measure=cheapest_of(offers).product.unit_measure,
            requires_shipping=cheapest_of(offers).product.requires_shipping,
            shown=message.shown,
            blurs=message.blurs,
            alt_texts=product.alt_texts,
        )
