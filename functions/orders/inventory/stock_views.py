"""What requests and answers about an offer's stock carry."""

from typing import Self

from pydantic import Field, field_validator

from functions.orders.inventory.adjustment import StockAdjustment
from functions.orders.inventory.stock_item import StockItem
from shared.api.payload import Body, View


class AdjustStock(Body):
    delta: int = Field(ge=-10_000_000, le=10_000_000, description="units found (positive) or lost (negative), not 0")
    reason: str = Field(min_length=1, max_length=200)

    @field_validator("delta")
    @classmethod
    def _some(cls, delta: int) -> int:
        if delta == 0:
            raise ValueError("an adjustment changes something")
        return delta


class StockView(View):
    offer_id: str
    quantity: int = Field(description="units that may still be sold")
    sellable: bool = Field(description="false after a recall")

    @classmethod
    def of(cls, stock: StockItem) -> Self:
        return cls(offer_id=stock.offer_id, quantity=stock.quantity, sellable=stock.sellable)


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
