"""What uploads' entry points need, made of the environment when first asked for."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.uploads.feeds.chunk_intake import ChunkIntake
from functions.uploads.feeds.chunk_queue_client import ChunkQueue
from functions.uploads.feeds.chunk_store import ChunkStore
from functions.uploads.feeds.feed_service import FeedService
from functions.uploads.feeds.feed_splitter import FeedSplitter, SendChunks
from functions.uploads.feeds.feed_store import FeedStore
from functions.uploads.files.bucket_client import Bucket
from functions.uploads.pictures.picture_service import PictureService
from functions.uploads.pictures.picture_store import PictureStore
from functions.uploads.products.submission_service import SubmissionService
from functions.uploads.products.submission_store import SubmissionStore
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.optimistic_retry import Retry
from shared.settings import settings_of
from shared.trade.reference_data import Reference


@dataclass(frozen=True, slots=True)
class Settings:
    uploads_table: str
    feed_bucket: str
    reference_bucket: str
    rows_queue_url: str
    signing_secret: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock = utc_now,
        retry: Retry | None = None,
        tickets: Tickets | None = None,
        reference: Reference | None = None,
        send_chunks: SendChunks | None = None,
    ) -> None:
        self.clock, self.retry = clock, retry or Retry()
        if settings is not None:
            self.settings = settings
        if tickets is not None:
            self.tickets = tickets
        if reference is not None:
            self.reference = reference
        if send_chunks is not None:
            self.send_chunks = send_chunks

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(self.settings.signing_secret))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def reference(self) -> Reference:
        return Reference(S3Objects(self.settings.reference_bucket))

    def categories(self) -> frozenset[str]:
        """The ids of the categories that the operator has loaded."""
        found: frozenset[str] = self.reference.document("taxonomy/en", lambda pairs: frozenset(pair[0] for pair in pairs))
        return found

    @cached_property
    def bucket(self) -> Bucket:
        return Bucket(self.settings.feed_bucket)

    @cached_property
    def send_chunks(self) -> SendChunks:
        return ChunkQueue(self.settings.rows_queue_url).send

    @cached_property
    def feed_store(self) -> FeedStore:
        return FeedStore(self.settings.uploads_table, self.clock)

    @cached_property
    def picture_store(self) -> PictureStore:
        return PictureStore(self.settings.uploads_table)

    @cached_property
    def submission_store(self) -> SubmissionStore:
        return SubmissionStore(self.settings.uploads_table, self.clock)

    @cached_property
    def submissions(self) -> SubmissionService:
        return SubmissionService(self.submission_store, self.picture_store, self.categories, self.clock, retry=self.retry)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self.picture_store, self.bucket, self.clock)

    @cached_property
    def feeds(self) -> FeedService:
        return FeedService(self.feed_store, self.bucket, self.clock)

    @cached_property
    def splitter(self) -> FeedSplitter:
        return FeedSplitter(self.feed_store, self.bucket, self.send_chunks)

    @cached_property
    def chunks(self) -> ChunkIntake:
        chunks = ChunkStore(self.settings.uploads_table, self.clock)
        return ChunkIntake(chunks, self.submission_store, self.picture_store, self.categories, retry=self.retry)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
