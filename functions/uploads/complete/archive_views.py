"""What requests about a complete feed's missing products and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.uploads.complete.archiving import Archiving, State
from functions.uploads.values.words import text_of
from shared.api.payload import Body, Query, View


class ArchivingView(View):
    """What becomes of the products that a complete feed lacks."""

    state: State | Literal["previewed"] = Field(
        description="waiting: its rows are looked at first; asked: the file may not be whole, answer by PUT /v1/feeds/{feed_id}/archiving; "
        "archiving; archived: done; kept: nothing more is archived; previewed: nothing is, `missing` of your products would be"
    )
    there: int = Field(description="products of its source that were there when its rows had been looked at, archived ones left out")
    missing: int = Field(description="those of them that the file lacks")
    archived: int = Field(description="so many of them are archived: GET /v1/feeds/{feed_id}/archived lists them")
    examples: list[str] = Field(description="the first skus that it lacks")
    detail: str | None = Field(default=None, description="why it is asked about, or why nothing more is archived")
    detail_zh: str | None = Field(default=None, description="the same in Chinese")

    @classmethod
    def of(cls, archiving: Archiving, *, preview: bool = False) -> Self:
        key = f"{'previewed' if preview else 'archiving'}-{archiving.why}"
        told = archiving.model_dump(include={"there", "missing", "unknown"})
        english, chinese = (text_of(key, language, told) if archiving.why else None for language in ("en", "zh"))
        return cls(
            state="previewed" if preview else archiving.state, there=archiving.there, missing=archiving.missing,
            archived=archiving.archived, examples=archiving.examples, detail=english, detail_zh=chinese,
        )  # fmt: skip


class AnswerArchiving(Body):
    archive: bool = Field(description="whether what the file lacks is archived")


class ArchivingAnswered(View):
    """A complete feed whose question was answered; how far it is shows with the feed."""

    feed_id: str
    archive: bool


class ArchivedProduct(View):
    product_id: str = Field(examples=["prd_01JAF3M0Q8W7V5T4S3R2P1N0MK"])
    sku: str


class ArchivedQuery(Query):
    limit: int = Field(default=100, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)


class ArchivedPage(View):
    """A page of what a complete feed archived."""

    items: list[ArchivedProduct]
    next: str | None = None
