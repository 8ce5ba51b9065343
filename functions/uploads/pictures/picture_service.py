"""Pictures: an id, and a place to put the bytes."""

from dataclasses import dataclass
from typing import Protocol

from functions.uploads.files.upload_place import File, Files, UploadPlace, open_place
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that its supplier is about to send. `size` in bytes, `sha256` in hexadecimal."""

    content_type: str
    size: int
    sha256: str


class Pictures(Protocol):
    """Where it is kept which pictures are whose."""

    def add(self, account_id: str, picture_id: str, content_type: str, idempotency: Idempotency) -> None: ...


class PictureService:
    def __init__(self, pictures: Pictures, files: Files, clock: Clock) -> None:
        self._pictures, self._files, self._clock = pictures, files, clock

    def open(self, account_id: str, picture: Picture, idempotency: Idempotency) -> tuple[str, UploadPlace]:
        """A picture's id and the place to put it. Raises KeyReused."""
        picture_id = idempotency.id("pic")
        self._pictures.add(account_id, picture_id, picture.content_type, idempotency)
        file = File(f"pictures/{account_id}/{picture_id}", picture.content_type, picture.size, picture.sha256)
        return picture_id, open_place(self._files, file, self._clock())
