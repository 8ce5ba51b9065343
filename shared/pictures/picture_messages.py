"""What pictures tells the others."""

from typing import Annotated

from pydantic import Field

from monsoon_plugin.value import Value
from shared.bounds.fields import Code, Id, Reason, Title
from shared.messages import Message
from shared.pictures.shown_picture import ContentId, ShownPicture


class PictureShown(Message):
    """pictures → catalog, uploads: a picture was read, and is served."""

    type, source = "monsoon.picture.shown.v1", "pictures"
    picture_id: Id
    account_id: Id
    shown: ShownPicture


Place = Annotated[str, Field(min_length=1, max_length=200)]
MOST_ALIKE = 5
"""Of the pictures that look like one those that are told, the nearest."""


class Alike(Value):
    """A picture that another account sent. `distance`: of 64 bits of what they look like those that differ."""

    picture_id: Id
    account_id: Id
    shown: ShownPicture
    distance: int = Field(ge=0, le=64)
    title: Title = Field(default="", description="what it shows, as its sender tells everybody; empty where it is not given to others")
    credit: Title = Field(default="", description="whom it is by, as its sender tells everybody")


class PictureLikenessFound(Message):
    """pictures → audit: a picture that was read looks like others' pictures. A hint for people: no number decides anything."""

    type, source = "monsoon.picture.likeness_found.v1", "pictures"
    picture_id: Id
    account_id: Id
    shown: ShownPicture
    others: list[Alike] = Field(max_length=MOST_ALIKE, description="the nearest first")


class PictureRefused(Message):
    """pictures → catalog, uploads: what was sent as a picture is none that can be shown."""

    type, source = "monsoon.picture.refused.v1", "pictures"
    picture_id: Id
    account_id: Id
    code: Code
    reason: Reason
    reason_zh: Reason


class ContentModerated(Message):
    """pictures → pictures: what a content is hidden for has changed. Its files and each picture that shows it follow."""

    type, source = "monsoon.content.moderated.v1", "pictures"
    content_id: ContentId
    hidden: bool


class ContentWalkContinued(Message):
    """pictures → pictures: many pictures show a content whose state has changed: those after a place are to follow yet. The version counts
    the steps of a walk."""

    type, source = "monsoon.content.walk_continued.v1", "pictures"
    content_id: ContentId
    after: Place = Field(description="the place of the last one that has followed")


class PictureHidden(Message):
    """pictures → catalog, uploads: one that was shown is served no more. PictureShown with a later version brings it back."""

    type, source = "monsoon.picture.hidden.v1", "pictures"
    picture_id: Id
    account_id: Id
    content: ContentId
    code: Code = Field(description="the ground on which somebody asked for it")
    reason: Reason
    reason_zh: Reason
