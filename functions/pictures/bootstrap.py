"""What pictures' entry points need."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.pictures.contents.arrival_service import ArrivalService, Files, Render
from functions.pictures.contents.content_store import ContentStore
from functions.pictures.contents.media_client import PictureFiles, SentPictures
from functions.pictures.places.picture_service import PictureService, Sent
from functions.pictures.places.picture_store import PictureStore
from functions.pictures.reading.picture_process_client import PictureProcess
from shared.bootstrap.parts import Parts


@dataclass(frozen=True, slots=True)
class Settings:
    pictures_table: str
    picture_bucket: str
    """Where suppliers put pictures, and where originals stay: private."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    media_bucket: str


@dataclass(frozen=True, slots=True)
class AddressSettings:
    media_url: str
    """What stands before the key of a picture that is served."""


class Services(Parts):
    @cached_property
    def picture_store(self) -> PictureStore:
        return PictureStore(self.settings(Settings).pictures_table, self.clock)

    @cached_property
    def content_store(self) -> ContentStore:
        return ContentStore(self.settings(Settings).pictures_table)

    @cached_property
    def sent(self) -> Sent:
        return SentPictures(self.settings(Settings).picture_bucket)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self.picture_store, self.content_store, self.sent, self.clock)

    @cached_property
    def media_url(self) -> str:
        return self.settings(AddressSettings).media_url

    @cached_property
    def files(self) -> Files:
        return PictureFiles(self.settings(Settings).picture_bucket, self.settings(MediaSettings).media_bucket)

    @cached_property
    def render(self) -> Render:
        return PictureProcess()

    @cached_property
    def arrivals(self) -> ArrivalService:
        return ArrivalService(self.picture_store, self.content_store, self.files, self.render)


services = cache(Services)
"""Answers the process's own."""
