"""What requests that count stock carry, and their answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, SerializerFunctionWrapHandler, field_validator, model_serializer

from functions.uploads.counts.count_service import Outcome, SkuAsk
from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.products.submission import product_id_of
from shared.api.payload import Body, View
from shared.goods.stock_mode import StockCounts
from shared.variants.offered import variant_offer_id

CountedAt = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]
COUNTED_AT = "when you counted (RFC 3339, at most 12 hours ago); now if absent. What was ordered here since then is taken off by itself"
STOCK_COUNTS = (
    "what your number is. `available`: what can still be sold, as a shop system says it: orders that you have not sent yet are taken off. "
    "`on_hand`: what lies on the shelf: we take off the orders that you have not sent yet. As your last count of this product if absent; "
    "`available` for the first"
)


class SkuCount(Body):
    sku: str = Field(min_length=1, max_length=64, description="the supplier's own code of the product")
    variant: str | None = Field(
        default=None, min_length=1, max_length=64, description="of a product with variants: the variant's own code; `sku` if absent"
    )
    stock: int = Field(ge=0, le=10_000_000, description="units")

    @model_serializer(mode="wrap")
    def _as_said(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A variant that is not named is left out: such a request is the same as before there were any."""
        return {name: value for name, value in written(self).items() if value is not None}


class CountStock(Body):
    """Counts of the supplier's own products: each replaces what was left of it."""

    counted_at: CountedAt | None = Field(default=None, description=COUNTED_AT)
    stock_counts: StockCounts | None = Field(default=None, description=STOCK_COUNTS)
    counts: list[SkuCount] = Field(min_length=1, max_length=50)

    @field_validator("counts")
    @classmethod
    def _different(cls, counts: list[SkuCount]) -> list[SkuCount]:
        if len({(count.sku, count.variant or count.sku) for count in counts}) < len(counts):
            raise ValueError("name each sku, or each variant of it, once")
        return counts

    def asks(self) -> list[SkuAsk]:
        return [SkuAsk(count.sku, count.variant, count.stock) for count in self.counts]

    @property
    def moment(self) -> CountAsk:
        """What is said of all of them."""
        return CountAsk(stock=0, counted_at=self.counted_at, stock_counts=self.stock_counts)


class CountView(View):
    sku: str
    variant: str | None = None
    product_id: str
    offer_id: str
    outcome: Outcome = Field(
        description="superseded: a count of a later moment was there; unknown: you have no product of this sku, or it no such variant"
    )


class CountsView(View):
    """What became of each count; what is left to sell follows within seconds: GET /v1/offers/{offer_id}/stock."""

    items: list[CountView]

    @classmethod
    def of(cls, supplier_id: str, outcomes: Mapping[str, str]) -> Self:
        items = []
        for name, outcome in outcomes.items():
            ask = SkuAsk.named(name)
            product_id = product_id_of(supplier_id, ask.sku)
            offer_id = variant_offer_id(product_id, ask.sku, ask.variant or ask.sku)
            items.append({"sku": ask.sku, "variant": ask.variant, "product_id": product_id, "offer_id": offer_id, "outcome": outcome})
        return cls.model_validate({"items": items})
