"""What requests about pictures and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import MOST_BYTES, Announced, Picture
from functions.pictures.takedowns.ground import Ground, words_of
from shared.api.payload import Body, View
from shared.files.upload_place import UploadPlace
from shared.files.upload_views import Upload
from shared.pictures.addresses import PictureView, picture_view


class OpenPicture(Body):
    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    bytes: int = Field(ge=1, le=MOST_BYTES, description="the file's exact size")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file, in hexadecimal")

    @property
    def announced(self) -> Announced:
        return Announced(self.content_type, self.bytes, self.sha256)


class PicturePlace(View):
    picture_id: str
    upload: Upload

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
            picture_id=picture.id, state=awaited if picture.state == "awaited" else picture.state,
            shown=picture_view(served, media_url) if served else None,
            hidden=WhyHidden(ground=ground, detail=words_of(ground, "en"), detail_zh=words_of(ground, "zh")) if ground else None,
            rights=dict(content.rights) if content and content.rights else None,
            broken=WhyBroken(code=refusal.code, detail=refusal.words("en"), detail_zh=refusal.words("zh")) if refusal else None,
        )  # fmt: skip
