"""What requests that count stock carry, and their answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, field_validator

from functions.uploads.counts.count_service import Outcome
from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.products.submission import product_id_of
from shared.api.payload import Body, View
from shared.ids import offer_id_of
from shared.messages import StockCounts

CountedAt = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]
COUNTED_AT = "when you counted (RFC 3339, at most 12 hours ago); now if absent. What was ordered here since then is taken off by itself"
STOCK_COUNTS = (
    "what your number is. `available`: what can still be sold, as a shop system says it: orders that you have not sent yet are taken off. "
    "`on_hand`: what lies on the shelf: we take off the orders that you have not sent yet. As your last count of this product if absent; "
    "`available` for the first"
)


class SkuCount(Body):
    sku: str = Field(min_length=1, max_length=64, description="the supplier's own code")
    stock: int = Field(ge=0, le=10_000_000, description="units")


class CountStock(Body):
    """Counts of the supplier's own products: each replaces what was left of it."""

    counted_at: CountedAt | None = Field(default=None, description=COUNTED_AT)
    stock_counts: StockCounts | None = Field(default=None, description=STOCK_COUNTS)
    counts: list[SkuCount] = Field(min_length=1, max_length=50)

    @field_validator("counts")
    @classmethod
    def _different(cls, counts: list[SkuCount]) -> list[SkuCount]:
        if len({count.sku for count in counts}) < len(counts):
            raise ValueError("name each sku once")
        return counts

    def asks(self) -> dict[str, CountAsk]:
        return {c.sku: CountAsk(stock=c.stock, counted_at=self.counted_at, stock_counts=self.stock_counts) for c in self.counts}


class CountView(View):
    sku: str
    product_id: str
    offer_id: str
    outcome: Outcome = Field(description="superseded: a count of a later moment was there; unknown: you have no product of this sku")


class CountsView(View):
    """What became of each count; what is left to sell follows within seconds: GET /v1/offers/{offer_id}/stock."""

    items: list[CountView]

    @classmethod
    def of(cls, supplier_id: str, outcomes: Mapping[str, str]) -> Self:
        ids = {sku: product_id_of(supplier_id, sku) for sku in outcomes}
        return cls.model_validate(
            {"items": [{"sku": s, "product_id": ids[s], "offer_id": offer_id_of(ids[s]), "outcome": o} for s, o in outcomes.items()]}
        )
