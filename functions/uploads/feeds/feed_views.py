"""What requests about feeds and their answers carry."""

from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, field_serializer, model_serializer

from functions.uploads.complete.archive_views import ArchivingView
from functions.uploads.feeds.feed import MAX_BYTES, Feed, RowResult, RowStatus, State, Summary
from functions.uploads.mapping.how_to_read import COMPLETE, DECIMAL, SOURCE, Decimal, Encoding, FieldName, HowToRead, Said
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.values.words import refusals
from shared.api.payload import Body, Query, View
from shared.files.upload_place import UploadPlace
from shared.files.upload_views import Upload
from shared.goods.texts import LanguageTag

MAX_BODY = 64 * 1024
"""A mapping with its translations of values."""


class AnswerFeed(Body):
    """How a file is to be read; what is not said shows in the file."""

    encoding: Encoding | None = Field(default=None, description="what its text is encoded in")
    language: LanguageTag | None = Field(default=None, description="of titles and descriptions whose column names none; `en` if absent")
    mapping: Mapping | None = Field(default=None, description="which column is which field; found by the columns' names if absent")
    constants: dict[FieldName, Said] | None = Field(
        default=None,
        max_length=20,
        description="field → what is said of every product that does not say it",
        examples=[{"currency": "EUR"}],
    )
    partial: bool | None = Field(
        default=None, description="the file says price and stock of products that you have, by `sku`; all else of them stays as it is"
    )
    decimal: Decimal | None = Field(default=None, description=DECIMAL)
    complete: bool | None = Field(default=None, description=COMPLETE)
    source: str | None = Field(default=None, min_length=1, max_length=60, description=SOURCE, examples=["winter"])
    preview: bool | None = Field(default=None, description="show what the first 100 products would be, and take none")

    @property
    def how(self) -> HowToRead:
        said = {name: getattr(self, name) for name in AnswerFeed.model_fields if getattr(self, name) is not None}
        return HowToRead(**said)

    @model_serializer(mode="wrap")
    def _as_said(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What is not said is left out: such a request is the same as before it could be said."""
        return {name: value for name, value in written(self).items() if value is not None}


class OpenFeed(AnswerFeed):
    format: Literal["auto", "csv"] = Field(
        default="auto", description="what the file is shows in the file: CSV, XLSX, JSON lines, XML; `csv` means the same, from before"
    )
    name: str = Field(min_length=1, max_length=200, description="what you call it", examples=["autumn.csv"])
    bytes: int = Field(ge=1, le=MAX_BYTES, description="the file's exact size")

    @field_serializer("format")
    def _of_before(self, _: str) -> str:
        """Both mean the same, so a request that says none is the one that had to say `csv`, and its Idempotency-Key is good for both."""
        return "csv"


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
    detail_zh: str = Field(default="", description="the same in Chinese, without what is particular to the file")


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
    valid: int | None = Field(default=None, description="in a preview: would be taken")
    refused: dict[str, int] = Field(description="by audit's code")
    failed: dict[str, int] = Field(description="by the row's first error")


class Question(View):
    """What is asked of you before a file is read. Answer by PUT /v1/feeds/{feed_id}/reading."""

    readings: dict[str, list[str]] | None = Field(default=None, description="encoding → some lines as it reads them, the likeliest first")
    mapping: Mapping | None = Field(default=None, description="proposed by the columns' names: correct it, and send it back")
    columns: list[str] | None = None
    rows: list[list[str]] | None = Field(default=None, description="the first lines")


class AnsweredFeed(View):
    """A feed whose question was answered: it is read at once."""

    feed_id: str
    preview: bool = Field(description="nothing is taken: its rows show what they would be")

    @classmethod
    def of(cls, feed: Feed) -> Self:
        return cls(feed_id=feed.id, preview=feed.how.preview)


class FeedView(View):
    feed_id: str
    name: str
    state: State = Field(description="awaiting its file, reading it, held for an answer of yours, read, or refused as a whole")
    preview: bool = Field(default=False, description="nothing is taken: its rows show what they would be")
    question: Question | None = None
    unknown_columns: list[str] = Field(default=[], description="columns that no field was read from")
    encoding: str | None = Field(default=None, description="what the file was read as")
    error: FeedError | None = None
    archiving: ArchivingView | None = Field(default=None, description="what becomes of the products that it lacks, if it is complete")
    rows: RowCounts

    @classmethod
    def of(cls, feed: Feed, summary: Summary) -> Self:
        error = FeedError(code=feed.code, detail=feed.detail, detail_zh=refusals().get(feed.code, "")) if feed.code else None
        counted = {status: summary.outcomes[status] for status in ("submitted", "unchanged", "superseded", "approved", "held")}
        rows = RowCounts(
            read=feed.rows,
            waiting=summary.waiting,
            refused=dict(summary.refused),
            failed=dict(summary.failed),
            valid=summary.outcomes["valid"] or None,
            delisted=summary.outcomes["delisted"] or None,
            **counted,
        )
        question = Question.model_validate_json(feed.question) if feed.question else None
        return cls(
            feed_id=feed.id, name=feed.name, state=feed.state, encoding=feed.encoding or None, error=error, rows=rows,
            archiving=ArchivingView.of(feed.archiving, preview=feed.how.preview) if feed.archiving else None,
            preview=feed.how.preview, question=question, unknown_columns=list(feed.unknown),
        )  # fmt: skip


class RowQuery(Query):
    status: RowStatus | None = None
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)


class RowPage(View):
    """A page of the report, by row number. Rows that are still waiting are not in it."""

    items: list[RowResult]
    next: str | None = None
