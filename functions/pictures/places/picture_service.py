"""Pictures of one account: places for them, and what became of each."""

from typing import Protocol

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Announced, Picture, sent_to
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.errors import NotFound
from shared.files.upload_place import File, Files, UploadPlace, open_place
from shared.ids import named


class Pictures(Protocol):
    """Where it is kept which pictures are whose."""

    def add(self, picture: Picture, idempotency: Idempotency) -> None:
        """Note that the account may put this picture. Raises KeyReused."""
        ...

    def get(self, account_id: str, picture_id: str) -> Picture | None: ...


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...


class Sent(Files, Protocol):
    """The bucket that suppliers put pictures into."""

    def has(self, key: str) -> bool: ...


class PictureService:
    def __init__(self, pictures: Pictures, contents: Contents, sent: Sent, clock: Clock) -> None:
        self._pictures, self._contents, self._sent, self._clock = pictures, contents, sent, clock

    def open(self, account_id: str, announced: Announced, idempotency: Idempotency) -> tuple[str, UploadPlace]:
        """A picture's id and the place to put it. Raises KeyReused."""
        picture = Picture(account_id=account_id, id=idempotency.id("pic"), sha256=announced.sha256)
        self._pictures.add(picture, idempotency)
        file = File(sent_to(account_id, picture.id), announced.content_type, announced.size, announced.sha256)
        return picture.id, open_place(self._sent, file, self._clock())

    def look(self, account_id: str, picture_id: str) -> tuple[Picture, bool, Content | None]:
        """The picture, whether its file has arrived and waits to be read, and what is known of its content. Raises NotFound."""
        named(picture_id)
        picture = self._pictures.get(account_id, picture_id)
        if picture is None:
            raise NotFound("no such picture of yours: use the picture_id that POST /v1/pictures gave you")
        if picture.shown is None:
            return picture, picture.state == "awaited" and self._sent.has(picture.sent_to), None
        return picture, False, self._contents.get(picture.shown.content)
