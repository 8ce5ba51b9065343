"""What requests about products and their answers carry."""

from collections.abc import Collection
from typing import Any, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from functions.uploads.counts.count_views import COUNTED_AT, STOCK_COUNTS, CountedAt
from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.products.submission import Status, Submission
from shared.api.payload import Query, View
from shared.goods.stock_mode import StockCounts
from shared.messages import ProductSubmitted
from shared.trade.product import Product
from shared.variants.asked import asked_of

FIRST = {
    "sku", "texts", "category", "price", "tiers", "stock", "weight", "size", "hs_code", "origin", "tags", "ships_to", "pictures", "gtin",
}  # fmt: skip
"""Fields of a product that requests have had from the beginning: never more."""


class SentProduct(Product):
    """A product as its supplier sends it: with what its stock is."""

    counted_at: CountedAt | None = Field(default=None, description=COUNTED_AT)
    stock_counts: StockCounts | None = Field(default=None, description=STOCK_COUNTS)

    @model_serializer(mode="wrap")
    def _as_said(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is not said and has come since is left out: a request of before stays the same one, and its Idempotency-Key good."""
        told = {name: value for name, value in written(self).items() if name in FIRST or value != _DEFAULTS[name]}
        return told | {"texts": {tag: {n: part for n, part in text.items() if part is not None} for tag, text in told["texts"].items()}}

    @property
    def product(self) -> Product:
        said = self.model_fields_set & Product.model_fields.keys()
        return Product.model_construct(_fields_set=said, **{name: getattr(self, name) for name in Product.model_fields})

    @property
    def count(self) -> CountAsk:
        return CountAsk.of(self, self.counted_at, self.stock_counts)


_DEFAULTS: dict[str, Any] = {name: each.get_default(call_default_factory=True) for name, each in SentProduct.model_fields.items()}


class AskedField(View):
    pointer: str = Field(examples=["/safety"])
    detail: str

    @classmethod
    def of(cls, product: Product, filled: Collection[str] = ()) -> list[Self]:
        """`filled`: fields that its supplier's defaults say."""
        return [cls(pointer=each.pointer, detail=each.detail) for each in asked_of(product, filled)]


class Receipt(View):
    """A product as taken in: audit decides next."""

    product_id: str = Field(examples=["prd_01JAF3M0Q8W7V5T4S3R2P1N0MK"])
    version: int = Field(description="rises with every change of the content; the same content sent again keeps it")
    status: Status
    filled: dict[str, str] | None = Field(
        default=None,
        description="what you left out of this version and your defaults filled: field → the category whose default it is",
        examples=[{"weight": "hg-3", "origin": "*"}],
    )
    asked: list[AskedField] | None = Field(
        default=None, description="what is still to be said: without it some couriers, or people in some countries, cannot have it"
    )

    @classmethod
    def of(cls, submission: Submission, product: Product | None = None) -> Self:
        """`product`: its content, where it is known what is asked of it."""
        filled, wanted = dict(submission.filled), AskedField.of(product, submission.filled) if product else []
        told = {"product_id": submission.product_id, "version": submission.version, "status": submission.status}
        return cls(**told, filled=filled or None, asked=wanted or None)


class StandingView(Receipt):
    """Where a product stands with audit."""

    sku: str
    submitted_at: str
    code: str | None = Field(default=None, description="why it was refused or held")
    evidence: str | None = None
    remedy: str | None = None

    @classmethod
    def of(cls, submission: Submission, product: Product | None = None) -> Self:
        wanted = AskedField.of(product) if product else []
        return cls(
            asked=wanted or None,
            product_id=submission.product_id, sku=submission.sku, version=submission.version, status=submission.status,
            submitted_at=submission.latest, code=submission.code or None, evidence=submission.evidence or None,
            remedy=submission.remedy or None, filled=dict(submission.filled) or None,
        )  # fmt: skip


class SubmissionView(StandingView):
    """A submission with its content."""

    product: Product

    @classmethod
    def whole(cls, submission: Submission, event: ProductSubmitted) -> Self:
        return cls(**StandingView.of(submission, event.product).model_dump(), product=event.product)


class ProductPage(View):
    items: list[StandingView]
    next: str | None = None


class ProductQuery(Query):
    status: Status | None = None
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)
