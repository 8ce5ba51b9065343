"""A picture of an account's: a place to put its bytes, and what became of them."""

from dataclasses import dataclass, replace
from typing import Literal

from functions.pictures.reading.refusal import Refusal
from functions.pictures.takedowns.ground import Ground, words_of
from shared.ids import derived_id
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown
from shared.pictures.shown_picture import ShownPicture

State = Literal["awaited", "shown", "broken", "hidden"]
BUCKET_FOLDER = "sent"
"""Where suppliers put files; each is taken away once it has been read."""
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that its supplier is about to send. `size` in bytes, `sha256` in hexadecimal."""

    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`version` counts what became of it: 0 until its file was read. `hidden_for`: the ground on which a shown one is hidden.

    `sha256`: as its supplier announced it; empty of what is fetched from its `address`, `asked` for by whichever id, and `awaits_anew`
    while what was found there before is still what counts.
    """

    account_id: str
    id: str
    sha256: str = ""
    address: str = ""
    asked: str = ""
    awaits_anew: bool = False
    state: State = "awaited"
    version: int = 0
    shown: ShownPicture | None = None
    refusal: Refusal | None = None
    hidden_for: Ground | None = None

    @property
    def sent_to(self) -> str:
        """Where in the bucket its file is put: of what is fetched, each time where nothing else was."""
        return "/".join([sent_to(self.account_id, self.id), *([self.asked] if self.asked else [])])

    @property
    def awaits(self) -> bool:
        """Whether a file is to come yet."""
        return self.state == "awaited" or self.awaits_anew


def sent_to(account_id: str, picture_id: str) -> str:
    return f"{BUCKET_FOLDER}/{account_id}/{picture_id}"


def sender_of(key: str) -> tuple[str, str] | None:
    """The account and the picture whose place `key` is; None if it is nobody's."""
    folder, *ids = key.split("/")
    return (ids[0], ids[1]) if folder == BUCKET_FOLDER and len(ids) in (2, 3) and all(ids) else None


def asked_anew(before: Picture | None, account_id: str, picture_id: str, address: str, asked: str) -> Picture:
    """A picture whose file is to be fetched. What it was before it is until something else was read."""
    if before is None:
        return Picture(account_id=account_id, id=picture_id, address=address, asked=asked)
    return replace(before, asked=asked, awaits_anew=before.state != "awaited")


def commons_picture_id(account_id: str, content: str) -> str:
    """The one id of what an account took from the commons, for however many of its products."""
    return derived_id("pic", account_id, "commons", content)


def chosen(account_id: str, shown: ShownPicture) -> Picture:
    """A picture that an account took from the commons."""
    return Picture(account_id=account_id, id=commons_picture_id(account_id, shown.content), state="shown", version=1, shown=shown)


def after_reading(picture: Picture, found: ShownPicture | Refusal) -> Picture:
    """The picture once its file was read. One that was shown stays so where what is fetched anew is none, or the same."""
    picture = replace(picture, awaits_anew=False)
    if isinstance(found, Refusal):
        if picture.shown:
            return replace(picture, refusal=found)
        return replace(picture, state="broken", refusal=found, version=picture.version + 1)
    if found == picture.shown:
        return replace(picture, refusal=None)
    return replace(picture, state="shown", shown=found, refusal=None, hidden_for=None, version=picture.version + 1)


def hidden(picture: Picture, ground: Ground) -> Picture:
    """The picture once its content is served no more. It must have been shown."""
    return replace(picture, state="hidden", hidden_for=ground, version=picture.version + 1)


def brought_back(picture: Picture) -> Picture:
    """A hidden picture once its content is served again."""
    return replace(picture, state="shown", hidden_for=None, version=picture.version + 1)


def event_of(picture: Picture) -> PictureShown | PictureRefused | PictureHidden:
    """What the others are told of a picture that was read."""
    told = {"picture_id": picture.id, "account_id": picture.account_id, "version": picture.version}
    if picture.shown and picture.hidden_for:
        ground, content = picture.hidden_for, picture.shown.content
        return PictureHidden(**told, content=content, code=ground, reason=words_of(ground, "en"), reason_zh=words_of(ground, "zh"))
    if picture.shown:
        return PictureShown(**told, shown=picture.shown)
    refusal = picture.refusal or Refusal("unreadable")
    return PictureRefused(**told, code=refusal.code, reason=refusal.words("en"), reason_zh=refusal.words("zh"))
