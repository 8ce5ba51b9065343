"""What a request carries that changes a product's price or stock alone."""

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from functions.uploads.changes.change import Change
from functions.uploads.counts.count_views import COUNTED_AT, STOCK_COUNTS, CountedAt
from monsoon_plugin.money import Amount
from shared.api.payload import Body
from shared.messages import StockCounts
from shared.trade.product import MOST_VARIANTS, StockUnits


class VariantChange(Body):
    sku: str = Field(min_length=1, max_length=64, description="the variant's own code")
    price: Amount | None = Field(default=None, description="as it was if absent")
    stock: StockUnits | None = Field(default=None, description="units; as they were if absent")


class ChangeProduct(Body):
    """New prices, or new counts of the stock; all else of the product stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price": {"amount": 1250, "currency": "EUR"}, "stock": 7}]})

    price: Amount | None = Field(default=None, description="as it was if absent")
    stock: StockUnits | None = Field(default=None, description="units; of a product with variants give each variant's")
    variants: list[VariantChange] = Field(default=[], max_length=MOST_VARIANTS)
    counted_at: CountedAt | None = Field(default=None, description=COUNTED_AT)
    stock_counts: StockCounts | None = Field(default=None, description=STOCK_COUNTS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.price is None and self.stock is None and not self.variants:
            raise ValueError("say a price or a stock, of the product or of its variants")
        return self

    def changes(self, sku: str) -> dict[str, Change]:
        """By sku; `sku` is the product's, whose price is told by itself."""
        own = {sku: Change(stock=self.stock)} if self.stock is not None else {}
        return own | {each.sku: Change(each.price, each.stock) for each in self.variants}
