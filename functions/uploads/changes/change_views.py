"""What a request carries that changes a product's prices or stock alone."""

from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator

from functions.uploads.changes.change import Change
from functions.uploads.counts.count_views import COUNTED_AT, STOCK_COUNTS, CountedAt
from monsoon_plugin.money import Amount
from shared.api.payload import Body
from shared.goods.stock_mode import StockCounts
from shared.trade.product import MOST_VARIANTS, StockUnits
from shared.variants.sale import Sale

AS_IT_WAS = "as it was if absent; null: there is none any more"


class VariantChange(Body):
    sku: str = Field(min_length=1, max_length=64, description="the variant's own code")
    price: Amount | None = Field(default=None, description="as it was if absent")
    stock: StockUnits | None = Field(default=None, description="units; as they were if absent")
    sale: Sale | None = Field(default=None, description=AS_IT_WAS)
    compare_at: Amount | None = Field(default=None, description=AS_IT_WAS)

    @property
    def change(self) -> Change:
        return Change(self.price, self.stock, **_beside(self))


class ChangeProduct(Body):
    """New prices and sales, or new counts of the stock; all else of the product stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price": {"amount": 1250, "currency": "EUR"}, "stock": 7}]})

    price: Amount | None = Field(default=None, description="as it was if absent")
    stock: StockUnits | None = Field(default=None, description="units; of a product with variants give each variant's")
    sale: Sale | None = Field(default=None, description=AS_IT_WAS)
    compare_at: Amount | None = Field(default=None, description=AS_IT_WAS)
    variants: list[VariantChange] = Field(default=[], max_length=MOST_VARIANTS)
    counted_at: CountedAt | None = Field(default=None, description=COUNTED_AT)
    stock_counts: StockCounts | None = Field(default=None, description=STOCK_COUNTS)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.price is None and self.stock is None and not self.variants and not _beside(self):
            raise ValueError("say a price, a sale or a stock, of the product or of its variants")
        return self

    def changes(self, sku: str) -> dict[str, Change]:
        """By sku; `sku` is the product's, whose price is told by itself."""
        own = {sku: Change(stock=self.stock)} if self.stock is not None else {}
        return own | {each.sku: each.change for each in self.variants}

    @property
    def whole(self) -> Change:
        """Of the product's own prices."""
        return Change(self.price, **_beside(self))


def _beside(body: Body) -> dict[str, Any]:
    return {name: getattr(body, name) for name in ("sale", "compare_at") if name in body.model_fields_set}
