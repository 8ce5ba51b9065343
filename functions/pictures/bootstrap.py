"""What pictures' entry points need."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from time import monotonic

from functions.pictures.commons.commons_service import CommonsService
from functions.pictures.commons.commons_store import CommonsStore
from functions.pictures.contents.arrival_service import ArrivalService, Files, Render
from functions.pictures.contents.content_store import ContentStore
from functions.pictures.contents.media_client import FetchedFiles, PictureFiles, SentPictures
from functions.pictures.fetching.fetch_queue_client import FetchQueue
from functions.pictures.fetching.fetch_service import Fetch, FetchRequests, FetchWorker, Queue
from functions.pictures.likenesses.likeness_service import LikenessService
from functions.pictures.likenesses.likeness_store import LikenessStore
from functions.pictures.places.picture_service import PictureService, Sent
from functions.pictures.places.picture_store import PictureStore
from functions.pictures.reading.picture_process_client import PictureProcess
from functions.pictures.takedowns.moderation_service import ModerationService, Served
from functions.pictures.takedowns.notice_service import NoticeService
from functions.pictures.takedowns.notice_store import NoticeStore
from functions.pictures.takedowns.served_client import ServedFiles
from functions.pictures.takedowns.walk_store import WalkStore
from functions.pictures.thanks.thanks_service import ThanksService
from functions.pictures.thanks.thanks_store import ThanksStore
from shared.bootstrap.api_parts import ApiParts


@dataclass(frozen=True, slots=True)
class Settings:
    pictures_table: str


@dataclass(frozen=True, slots=True)
class BucketSettings:
    picture_bucket: str
    """Where suppliers put pictures, and where originals stay: private."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    media_bucket: str


@dataclass(frozen=True, slots=True)
class AddressSettings:
    media_url: str
    """What stands before the key of a picture that is served."""


@dataclass(frozen=True, slots=True)
class CacheSettings:
    distribution: str
    """Of CloudFront, before the media bucket; empty where there is none of the hub's."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    fetches_queue_url: str


@dataclass(frozen=True, slots=True)
class StageSettings:
    stage: str


class Services(ApiParts):
    @cached_property
    def picture_store(self) -> PictureStore:
        return PictureStore(self.settings(Settings).pictures_table, self.clock)

    @cached_property
    def content_store(self) -> ContentStore:
        return ContentStore(self.settings(Settings).pictures_table)

    @cached_property
    def sent(self) -> Sent:
        return SentPictures(self.settings(BucketSettings).picture_bucket)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self.picture_store, self.content_store, self.sent, self.clock)

    @cached_property
    def media_url(self) -> str:
        return self.settings(AddressSettings).media_url

    @cached_property
    def files(self) -> Files:
        return PictureFiles(self.settings(BucketSettings).picture_bucket, self.settings(MediaSettings).media_bucket)

    @cached_property
    def render(self) -> Render:
        return PictureProcess()

    @cached_property
    def commons_store(self) -> CommonsStore:
        return CommonsStore(self.settings(Settings).pictures_table, self.clock)

    @cached_property
    def commons(self) -> CommonsService:
        return CommonsService(self.picture_store, self.content_store, self.commons_store, self.clock, self.retry)

    @cached_property
    def thanks(self) -> ThanksService:
        return ThanksService(ThanksStore(self.settings(Settings).pictures_table, self.clock), self.retry)

    @cached_property
    def notices(self) -> NoticeService:
        store = NoticeStore(self.settings(Settings).pictures_table, self.clock)
        return NoticeService(self.picture_store, self.content_store, store, self.clock, self.retry)

    @cached_property
    def served(self) -> Served:
        buckets = self.settings(BucketSettings).picture_bucket, self.settings(MediaSettings).media_bucket
        return ServedFiles(*buckets, self.settings(CacheSettings).distribution)

    @cached_property
    def moderation(self) -> ModerationService:
        return ModerationService(
            self.picture_store, self.content_store, self.served, WalkStore(self.settings(Settings).pictures_table, self.clock)
        )

    @cached_property
    def fetch_queue(self) -> Queue:
        return FetchQueue(self.settings(FetchSettings).fetches_queue_url)

    @cached_property
    def seconds(self) -> Callable[[], float]:
        return monotonic

    @cached_property
    def fetch(self) -> Fetch:
        """Made where something is fetched: the other entry points need no HTTP client."""
        from functions.pictures.fetching.address_client import LIMITS, AddressClient  # noqa: PLC0415
        from monsoon_plugin.outbound.client import Outbound  # noqa: PLC0415

        return AddressClient(Outbound(LIMITS, local=self.local), self.seconds, local=self.local)

    @cached_property
    def local(self) -> bool:
        """Whether it is the laptop stage."""
        return self.settings(StageSettings).stage == "local"

    @cached_property
    def fetch_requests(self) -> FetchRequests:
        return FetchRequests(self.picture_store, self.fetch_queue)

    @cached_property
    def fetch_worker(self) -> FetchWorker:
        files = FetchedFiles(self.settings(BucketSettings).picture_bucket)
        return FetchWorker(self.picture_store, files, self.fetch, self.fetch_queue)

    @cached_property
    def arrivals(self) -> ArrivalService:
        likenesses = LikenessService(
            self.content_store, LikenessStore(self.settings(Settings).pictures_table, self.clock), self.commons_store
        )
        return ArrivalService(self.picture_store, self.content_store, self.files, self.render, likenesses)


services = cache(Services)
"""Answers the process's own."""
