"""What requests about feeds and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.uploads.feeds.feed import MAX_BYTES, Feed, RowResult, RowStatus, State, Summary
from functions.uploads.files.upload_place import UploadPlace
from functions.uploads.files.upload_views import Upload
from shared.api.payload import Body, Query, View


class OpenFeed(Body):
    format: Literal["auto", "csv"] = Field(
        default="auto", description="what the file is shows in the file: CSV, XLSX, JSON lines, XML; `csv` means the same, from before"
    )
    name: str = Field(min_length=1, max_length=200, description="what you call it", examples=["autumn.csv"])
    bytes: int = Field(ge=1, le=MAX_BYTES, description="the file's exact size")


class FeedOpened(View):
    feed_id: str
    state: State
    upload: Upload

    @classmethod
    def of(cls, feed: Feed, place: UploadPlace) -> Self:
        return cls(feed_id=feed.id, state=feed.state, upload=Upload.of(place))


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
    superseded: int = Field(description="you sent the product again, and the later upload counts")
    approved: int
    held: int = Field(description="a person will look at it")
    delisted: int | None = Field(default=None, description="off sale, as the row asks: a draft, or archived; absent where none is")
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
    def of(cls, feed: Feed, summary: Summary) -> Self:
        error = FeedError(code=feed.code, detail=feed.detail) if feed.code else None
        counted = {status: summary.outcomes[status] for status in ("submitted", "unchanged", "superseded", "approved", "held")}
        rows = RowCounts(
            read=feed.rows,
            waiting=summary.waiting,
            refused=dict(summary.refused),
            failed=dict(summary.failed),
            delisted=summary.outcomes["delisted"] or None,
            **counted,
        )
        return cls(feed_id=feed.id, name=feed.name, state=feed.state, encoding=feed.encoding or None, error=error, rows=rows)


class RowQuery(Query):
    status: RowStatus | None = None
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)


class RowPage(View):
    """A page of the report, by row number. Rows that are still waiting are not in it."""

    items: list[RowResult]
    next: str | None = None
