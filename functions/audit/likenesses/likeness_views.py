"""What requests about pictures that look alike and their answers carry."""

from typing import Self

from pydantic import Field

from functions.audit.likenesses.likeness import Likeness, Word
from shared.api.payload import Body, Query, View
from shared.bounds.fields import MAX_INTEGER
from shared.pictures.addresses import PictureView, picture_view
from shared.pictures.picture_messages import Alike

HINT = (
    "a hint, no verdict: of 64 bits of what pictures look like, those that differ. Up to 3 are mostly one picture made anew, or one model "
    "in another colour"
)


class LikenessQuery(Query):
    limit: int = Field(default=24, ge=1, le=50)
    cursor: str | None = Field(default=None, max_length=1000)


class WordBody(Body):
    supplier_id: str = Field(min_length=1, max_length=40, description="whose picture it is")
    version: int = Field(ge=1, le=MAX_INTEGER, description="the picture's, that you looked at")
    same: bool = Field(description="true: they are one picture, or show one thing; false: they do not")
    reason: str = Field(min_length=1, max_length=1000, description="what you saw: whoever looks at the product later reads it")

    def word(self, by: str, at: str) -> Word:
        return Word(same=self.same, reason=self.reason, by=by, at=at)


class AlikeView(View):
    supplier_id: str
    picture_id: str
    picture: PictureView
    distance: int = Field(description=HINT)
    title: str | None = Field(default=None, description="what it shows, as its sender tells all in the commons; absent if it is not there")
    credit: str | None = Field(default=None, description="whom it is by, in the same words")

    @classmethod
    def of(cls, other: Alike, media_url: str) -> Self:
        return cls(
            supplier_id=other.account_id, picture_id=other.picture_id, picture=picture_view(other.shown, media_url),
            distance=other.distance, title=other.title or None, credit=other.credit or None,
        )  # fmt: skip


class WordView(View):
    same: bool
    reason: str
    by: str
    at: str

    @classmethod
    def of(cls, word: Word) -> Self:
        return cls(same=word.same, reason=word.reason, by=word.by, at=word.at)


class LikenessView(View):
    """A picture, and others' pictures that look like it."""

    supplier_id: str
    picture_id: str
    version: int
    picture: PictureView
    others: list[AlikeView]
    since: str
    word: WordView | None = Field(default=None, description="what a person said of them")

    @classmethod
    def of(cls, likeness: Likeness, media_url: str) -> Self:
        return cls(
            supplier_id=likeness.supplier_id, picture_id=likeness.picture_id, version=likeness.version, since=likeness.at,
            picture=picture_view(likeness.shown, media_url), others=[AlikeView.of(other, media_url) for other in likeness.others],
            word=WordView.of(likeness.word) if likeness.word else None,
        )  # fmt: skip


class LikenessPage(View):
    items: list[LikenessView]
    next: str | None = None
