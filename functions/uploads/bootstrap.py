"""What uploads' entry points need."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from functions.uploads.changes.change_service import ChangeService
from functions.uploads.changes.owners import owners
from functions.uploads.changes.partial_reader import PartialReader
from functions.uploads.complete.archive_service import FIRST_LOOK, ArchiveService
from functions.uploads.complete.archive_store import ArchiveStore
from functions.uploads.complete.foretold import Foretold
from functions.uploads.counts.count_service import CountService
from functions.uploads.counts.count_store import CountStore
from functions.uploads.defaults.default_service import DefaultService
from functions.uploads.defaults.default_store import DefaultStore
from functions.uploads.feeds.chunk_intake import ChunkIntake
from functions.uploads.feeds.chunk_queue_client import ArrivalQueue, ChunkQueue
from functions.uploads.feeds.chunk_store import ChunkStore
from functions.uploads.feeds.feed import Feed
from functions.uploads.feeds.feed_service import FeedService
from functions.uploads.feeds.feed_splitter import FeedSplitter, SendChunks
from functions.uploads.feeds.feed_store import FeedStore
from functions.uploads.files.bucket_client import Bucket
from functions.uploads.mappings.mapping_service import MappingService
from functions.uploads.mappings.mapping_store import MappingStore
from functions.uploads.pictures.picture_news_store import PictureNewsStore
from functions.uploads.products.listed_attributes import Tidy, by_list
from functions.uploads.products.safe_html import with_safe_html
from functions.uploads.products.submission_service import SubmissionService
from functions.uploads.products.submission_store import SubmissionStore
from functions.uploads.values.categories import Categories
from shared.bootstrap.api_parts import ApiParts
from shared.bootstrap.reference_parts import ReferenceParts
from shared.errors import Unavailable
from shared.trade.product import Product


@dataclass(frozen=True, slots=True)
class Settings:
    uploads_table: str


@dataclass(frozen=True, slots=True)
class FileSettings:
    feed_bucket: str
    """Where suppliers put feeds."""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    rows_queue_url: str


@dataclass(frozen=True, slots=True)
class ArrivalSettings:
    feeds_queue_url: str


class Services(ApiParts, ReferenceParts):
    @cached_property
    def bucket(self) -> Bucket:
        return Bucket(self.settings(FileSettings).feed_bucket)

    @cached_property
    def send_chunks(self) -> SendChunks:
        return ChunkQueue(self.settings(ChunkSettings).rows_queue_url).send

    @cached_property
    def feed_store(self) -> FeedStore:
        return FeedStore(self.settings(Settings).uploads_table, self.clock)

    @cached_property
    def submission_store(self) -> SubmissionStore:
        return SubmissionStore(self.settings(Settings).uploads_table, self.clock)

    @cached_property
    def _listed(self) -> Tidy:
        return by_list(self.reference)

    def tidy(self, product: Product) -> Product:
        """A product as it is kept: its attributes by the taxonomy's list, its HTML safe. Verdicts need neither, nor the list's bucket."""
        return with_safe_html(self._listed(product))

    @cached_property
    def submissions(self) -> SubmissionService:
        return SubmissionService(
            self.submission_store, self.count_store, self.categories,
            clock=self.clock, retry=self.retry, fill=self.defaults.fill,
        )  # fmt: skip

    @cached_property
    def changes(self) -> ChangeService:
        return ChangeService(self.submissions)

    @cached_property
    def defaults(self) -> DefaultService:
        return DefaultService(DefaultStore(self.settings(Settings).uploads_table), self.categories, self.tidy)

    @cached_property
    def count_store(self) -> CountStore:
        return CountStore(self.settings(Settings).uploads_table, self.clock)

    @cached_property
    def counts(self) -> CountService:
        return CountService(self.count_store, self.submission_store, self.clock, self.retry)

    @cached_property
    def feeds(self) -> FeedService:
        return FeedService(self.feed_store, self.bucket, self.clock, self.arrivals.send, self.picture_news)

    @cached_property
    def picture_news(self) -> PictureNewsStore:
        return PictureNewsStore(self.settings(Settings).uploads_table)

    @cached_property
    def arrivals(self) -> ArrivalQueue:
        return ArrivalQueue(self.settings(ArrivalSettings).feeds_queue_url)

    @cached_property
    def mappings(self) -> MappingService:
        return MappingService(self.mapping_store)

    @cached_property
    def mapping_store(self) -> MappingStore:
        return MappingStore(self.settings(Settings).uploads_table)

    @cached_property
    def splitter(self) -> FeedSplitter:
        return FeedSplitter(
            self.feed_store, self.bucket, self.send_chunks, self.mapping_store,
            look_again=self.arrivals.send, announce=self.announce_complete,
            foretell=self.foretell, owners=partial(owners, self.submission_store.page),
        )  # fmt: skip

    @cached_property
    def foretell(self) -> Foretold:
        return Foretold(self.submission_store.page, self.categories, self.clock)

    def announce_complete(self, feed: Feed) -> None:
        self.archive_store.announce(feed)
        self.arrivals.send(feed.key, feed.as_of, 0, FIRST_LOOK, "archive")

    @cached_property
    def archive_store(self) -> ArchiveStore:
        return ArchiveStore(self.settings(Settings).uploads_table, self.clock, self.submission_store)

    @cached_property
    def archives(self) -> ArchiveService:
        return ArchiveService(
            self.feed_store, self.archive_store, self.feeds.waits, clock=self.clock, retry=self.retry, step=self.arrivals.send
        )

    def categories(self) -> Categories:  # type: ignore[override]
        """All categories, found by what files call them. Raises Unavailable if the operator has loaded none."""
        others = self._optional("google-categories")
        named: Callable[[Any], Categories] = lambda rows: Categories([*rows, *self._optional("taxonomy/zh-CN")], others)  # noqa: E731
        found: Categories = self.reference.document("taxonomy/en", named)
        return found

    def _optional(self, name: str) -> list[Any]:
        try:
            return list(self.reference.document(name))
        except Unavailable:
            return []

    @cached_property
    def chunks(self) -> ChunkIntake:
        chunks = ChunkStore(self.settings(Settings).uploads_table, self.clock)
        return ChunkIntake(
            chunks, self.submission_store, self.count_store, self.categories,
            retry=self.retry, fill=self.defaults.fill_all, partial=PartialReader(self.submission_store),
        )  # fmt: skip


services = cache(Services)
"""Answers the process's own."""
