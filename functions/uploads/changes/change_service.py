"""Changes prices and stock of products that are there: as a new version with a new count, based on what was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError

from functions.uploads.changes.change import Change, counted, priced, same_prices, stocked, strangers
from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.products.submission import Submission
from functions.uploads.products.submission_service import SubmissionService
from shared.errors import Invalid, said
from shared.goods.stock_mode import StockCounts


class Asked(Protocol):
    """What is to be changed."""

    @property
    def whole(self) -> Change: ...

    @property
    def counted_at(self) -> datetime | None: ...

    @property
    def stock_counts(self) -> StockCounts | None: ...

    def changes(self, sku: str) -> dict[str, Change]: ...


@dataclass(frozen=True, slots=True)
class ChangeService:
    submissions: SubmissionService

    def change(self, supplier_id: str, product_id: str, asked: Asked) -> Submission:
        """Sent again it changes nothing more. Raises NotFound, Invalid, ProductMoved."""
        found, event = self.submissions.one(supplier_id, product_id)
        changes = asked.changes(found.sku)
        if unknown := strangers(event.product, list(changes)):
            raise Invalid.field("/variants", f"the product has no variant {unknown[0][:64]}")
        if event.product.variants and (own := changes.get(found.sku)) and own.stock is not None and found.sku not in found.variants:
            raise Invalid.field("/stock", "the product has variants: give each variant's stock")
        try:
            product = priced(stocked(event.product, changes), changes, asked.whole)
        except ValidationError as error:
            raise Invalid.field(_place(error), said(error.errors()[0])) from error
        units = counted(product, changes)
        ask = CountAsk.of_some(product.sku, units, asked.counted_at, asked.stock_counts) if units else None
        return self.submissions.change(found, supplier_id, product, ask, repriced=not same_prices(product, event.product))


def _place(error: ValidationError) -> str:
    """Where the product is wrong; what its variants say of prices lies beside their own."""
    place = error.errors()[0]["loc"]
    return "/" + "/".join(map(str, place)) if place and place[0] in ("sale", "compare_at") else "/price"
