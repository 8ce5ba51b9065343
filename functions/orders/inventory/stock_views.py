"""What requests and answers about an offer's stock carry."""

from typing import Self

from pydantic import Field, field_validator

from functions.orders.inventory.adjustment import StockAdjustment
from functions.orders.inventory.stock_item import Counted, StockItem
from shared.api.payload import Body, View
from shared.goods.stock_mode import StockCounts, StockMode


class AdjustStock(Body):
    delta: int = Field(ge=-10_000_000, le=10_000_000, description="units found (positive) or lost (negative), not 0")
    reason: str = Field(min_length=1, max_length=200)

    @field_validator("delta")
    @classmethod
    def _some(cls, delta: int) -> int:
        if delta == 0:
            raise ValueError("an adjustment changes something")
        return delta


class CountView(View):
    """The number that you sent last, and of when it is."""

    stock: int
    counted_at: str
    stock_counts: StockCounts = Field(description="`available`: orders that you have not sent were taken off it; `on_hand`: they were not")

    @classmethod
    def of(cls, counted: Counted) -> Self:
        return cls(stock=counted.stock, counted_at=counted.counted_at, stock_counts=counted.stock_counts)


class StockView(View):
    offer_id: str
    quantity: int = Field(description="units that may still be sold; beyond them, see `stock_mode`")
    stock_mode: StockMode | None = Field(default=None, description="as you said it; absent: no more is sold than was counted")
    backordered: int | None = Field(
        default=None, description="units that were ordered beyond what was there, as your `stock_mode` allows; absent if there are none"
    )
    owed: int | None = Field(
        default=None, description="units that were ordered and that, by your own count, you do not have; absent if there are none"
    )
    committed: int | None = Field(default=None, description="units that were ordered and not sent yet; absent if there are none")
    sellable: bool = Field(description="false after a recall, and before it is published")
    counted: CountView | None = Field(default=None, description="what `quantity` began with; what was ordered since is taken off")

    @classmethod
    def of(cls, stock: StockItem) -> Self:
        counted = CountView.of(stock.counted) if stock.counted else None
        committed = stock.totals.now.committed if stock.totals else 0
        return cls(
            offer_id=stock.offer_id,
            quantity=stock.left,
            stock_mode=stock.offer.stock_mode if stock.offer else None,
            backordered=stock.backordered or None,
            owed=stock.owed or None,
            committed=committed or None,
            sellable=stock.sellable,
            counted=counted,
        )


class AdjustmentView(View):
    id: str
    offer_id: str
    delta: int
    reason: str
    adjusted_at: str

    @classmethod
    def of(cls, adjustment: StockAdjustment) -> Self:
        return cls(id=adjustment.id, offer_id=adjustment.offer_id, delta=adjustment.delta, reason=adjustment.reason,
                   adjusted_at=adjustment.adjusted_at)  # fmt: skip
