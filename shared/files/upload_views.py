"""Where a file goes, as answers say it."""

from typing import Literal, Self

from pydantic import Field

from monsoon_plugin.clock import rfc3339
from shared.api.payload import View
from shared.files.upload_place import UploadPlace


class Upload(View):
    """Where the bytes go: one PUT with exactly these headers, before `expires_at`. A second PUT to the same place is refused."""

    method: Literal["PUT"] = "PUT"
    url: str
    headers: dict[str, str]
    expires_at: str = Field(description="RFC 3339; send the same request again for a new URL")

    @classmethod
    def of(cls, place: UploadPlace) -> Self:
        return cls(url=place.url, headers=dict(place.headers), expires_at=rfc3339(place.expires_at))
