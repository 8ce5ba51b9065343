"""What requests and answers of uploads carry."""

from typing import Literal

from pydantic import Field

from functions.uploads.feeds import feed as feeds
from functions.uploads.feeds.feed import Feed, RowResult, RowStatus, State, Summary
from functions.uploads.products.submission import Standing, Status
from shared.api.payload import Body, Query, View
from shared.messages import ProductSubmitted
from shared.trade.product import Product


class Receipt(View):
    """A product as taken in: audit decides next."""

    product_id: str = Field(examples=["prd_01JAF3M0Q8W7V5T4S3R2P1N0MK"])
    version: int = Field(description="rises with every change of the content; the same content sent again keeps it")
    status: Status

    @classmethod
    def of(cls, standing: Standing) -> "Receipt":
        return cls(product_id=standing.product_id, version=standing.version, status=standing.status)


class StandingView(Receipt):
    """Where a product stands with audit."""

    sku: str
    submitted_at: str
    code: str | None = Field(default=None, description="why it was refused or held")
    evidence: str | None = None
    remedy: str | None = None

    @classmethod
    def of(cls, standing: Standing) -> "StandingView":
        return cls(
            product_id=standing.product_id, sku=standing.sku, version=standing.version, status=standing.status, submitted_at=standing.as_of,
            code=standing.code or None, evidence=standing.evidence or None, remedy=standing.remedy or None,
        )  # fmt: skip


class SubmissionView(StandingView):
    """A submission with its content."""

    product: Product

    @classmethod
    def whole(cls, standing: Standing, event: ProductSubmitted) -> "SubmissionView":
        return cls(**StandingView.of(standing).model_dump(), product=event.product)


class ProductPage(View):
    items: list[StandingView]
    next: str | None = None


class ProductQuery(Query):
    status: Status | None = None
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)


class Upload(View):
    """Where the bytes go: one PUT with exactly these headers, before `expires_at`. A second PUT to the same place is refused."""

    method: Literal["PUT"] = "PUT"
    url: str
    headers: dict[str, str]
    expires_at: str = Field(description="RFC 3339; send the same request again for a new URL")


class OpenPicture(Body):
    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    bytes: int = Field(ge=1, le=10_000_000, description="the file's exact size")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file, in hexadecimal")


class PictureView(View):
    picture_id: str
    upload: Upload


class OpenFeed(Body):
    format: Literal["csv"]
    name: str = Field(min_length=1, max_length=200, description="what you call it", examples=["autumn.csv"])
    bytes: int = Field(ge=1, le=feeds.MAX_BYTES, description="the file's exact size")


class FeedOpened(View):
    feed_id: str
    state: State
    upload: Upload


class FeedError(View):
    """Why the whole file was refused; none of its rows was taken."""

    code: str
    detail: str


class RowCounts(View):
    """How many rows are where. Together they are `read`."""

    read: int = Field(description="rows in the file, header and blank lines left out")
    waiting: int = Field(description="not looked at yet")
    submitted: int = Field(description="audit has not decided yet")
    unchanged: int = Field(description="the content was there already")
    superseded: int = Field(description="the product was sent again later, by another way")
    approved: int
    held: int = Field(description="a person will look at it")
    refused: dict[str, int] = Field(description="by audit's code")
    failed: dict[str, int] = Field(description="by the row's first error")


class FeedView(View):
    feed_id: str
    name: str
    state: State = Field(description="awaiting its file, reading it, read, or refused as a whole")
    encoding: str | None = Field(default=None, description="what the file was read as")
    error: FeedError | None = None
    rows: RowCounts

    @classmethod
    def of(cls, feed: Feed, summary: Summary) -> "FeedView":
        error = FeedError(code=feed.code, detail=feed.detail) if feed.code else None
        counted = {status: summary.outcomes[status] for status in ("submitted", "unchanged", "superseded", "approved", "held")}
        rows = RowCounts(read=feed.rows, waiting=summary.waiting, refused=dict(summary.refused), failed=dict(summary.failed), **counted)
        return cls(feed_id=feed.id, name=feed.name, state=feed.state, encoding=feed.encoding or None, error=error, rows=rows)


class RowQuery(Query):
    status: RowStatus | None = None
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)


class RowPage(View):
    """A page of the report, by row number. Rows that are still waiting are not in it."""

    items: list[RowResult]
    next: str | None = None
