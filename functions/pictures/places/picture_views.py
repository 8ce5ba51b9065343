"""What requests about pictures and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import MOST_BYTES, Announced, Picture
from functions.pictures.takedowns.ground import Ground, words_of
from shared.api.payload import Body, View
from shared.errors import FieldError, Invalid
from shared.files.upload_place import UploadPlace
from shared.files.upload_views import Upload
from shared.pictures.addresses import PictureView, picture_view
from shared.pictures.by_address import LONGEST, written


class OpenPicture(Body):
    """A file that you are about to send: `content_type`, `bytes` and `sha256`. Or `url` alone: the hub fetches it."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"] | None = None
    bytes: int | None = Field(default=None, ge=1, le=MOST_BYTES, description="the file's exact size")
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$", description="of the file, in hexadecimal")
    url: str | None = Field(
        default=None, min_length=1, max_length=LONGEST,
        description="where the picture lies, https. Its id stays; what lies there later is fetched when you ask again, with a new key",
    )  # fmt: skip

    @property
    def announced(self) -> Announced:
        """Raises Invalid, which names what is missing."""
        told = {"content_type": self.content_type, "bytes": self.bytes, "sha256": self.sha256}
        missing = [name for name, value in told.items() if value is None]
        if missing:
            raise Invalid(errors=[FieldError(f"/{name}", "give it, or `url` alone") for name in missing])
        return Announced(str(self.content_type), self.bytes or 0, str(self.sha256))

    @property
    def address(self) -> str | None:
        """Where it is to be fetched from, if it is. Raises Invalid for a file beside it."""
        told = {"content_type": self.content_type, "bytes": self.bytes, "sha256": self.sha256}
        beside = [name for name, value in told.items() if value is not None]
        if self.url is not None and beside:
            raise Invalid(errors=[FieldError(f"/{name}", "leave it out beside `url`") for name in beside])
        return None if self.url is None else written(self.url)


class PicturePlace(View):
    picture_id: str
    upload: Upload | None = Field(default=None, description="absent of what is fetched from a `url`")

    @classmethod
    def of(cls, picture_id: str, place: UploadPlace) -> Self:
        return cls(picture_id=picture_id, upload=Upload.of(place))


class WhyBroken(View):
    code: str
    detail: str = Field(description="what is wrong, and what to do")
    detail_zh: str = Field(description="the same in Chinese")


class WhyHidden(View):
    ground: Ground
    detail: str = Field(description="what somebody says of it")
    detail_zh: str = Field(description="the same in Chinese")


class PictureState(View):
    """A picture of yours, and what became of it."""

    picture_id: str
    url: str | None = Field(default=None, description="where it is fetched from")
    fetching_anew: bool | None = Field(default=None, description="whether what lies at `url` now is being fetched, as you asked")
    state: Literal["missing", "reading", "shown", "broken", "hidden"] = Field(
        description="missing: its file has not arrived; reading: it has; shown: it is served; broken: it is no picture that can be shown; "
        "hidden: it was shown, and somebody with a right in it objects"
    )
    shown: PictureView | None = None
    hidden: WhyHidden | None = None
    rights: dict[str, str] | None = Field(
        default=None, description="what the file itself said of its maker and of its use, unchecked: creator, copyright, licence_url …"
    )
    broken: WhyBroken | None = None

    @classmethod
    def of(cls, picture: Picture, arrived: bool, content: Content | None, media_url: str) -> Self:
        ground, served = picture.hidden_for, picture.shown if picture.state == "shown" else None
        refusal, awaited = picture.refusal, "reading" if arrived else "missing"
        return cls(
            picture_id=picture.id, url=picture.address or None, fetching_anew=picture.awaits_anew or None,
            state=awaited if picture.state == "awaited" else picture.state,
            shown=picture_view(served, media_url) if served else None,
            hidden=WhyHidden(ground=ground, detail=words_of(ground, "en"), detail_zh=words_of(ground, "zh")) if ground else None,
            rights=dict(content.rights) if content and content.rights else None,
            broken=WhyBroken(code=refusal.code, detail=refusal.words("en"), detail_zh=refusal.words("zh")) if refusal else None,
        )  # fmt: skip
