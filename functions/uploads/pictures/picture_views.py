"""What requests about pictures and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.uploads.files.upload_place import UploadPlace
from functions.uploads.files.upload_views import Upload
from functions.uploads.pictures.picture_service import Picture
from shared.api.payload import Body, View


class OpenPicture(Body):
    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    bytes: int = Field(ge=1, le=10_000_000, description="the file's exact size")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file, in hexadecimal")

    @property
    def picture(self) -> Picture:
        return Picture(self.content_type, self.bytes, self.sha256)


class PictureView(View):
    picture_id: str
    upload: Upload

    @classmethod
    def of(cls, picture_id: str, place: UploadPlace) -> Self:
        return cls(picture_id=picture_id, upload=Upload.of(place))
