"""What storefronts' entry points need. Its functions have different variables, so each is read when the part that needs it is made."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.storefronts.configuration.storefront_service import StorefrontService
from functions.storefronts.configuration.storefront_store import StorefrontStore
from functions.storefronts.index.card_store import CardStore
from functions.storefronts.index.index_replica import IndexReplica, ReadPositions
from functions.storefronts.index.index_snapshots import Objects as SnapshotStorage
from functions.storefronts.index.index_snapshots import Snapshots
from functions.storefronts.index.snapshot_client import SnapshotObjects, scratch
from functions.storefronts.index.tantivy_index import SCHEMA, TantivyIndex
from functions.storefronts.listings.storefront_reader import StorefrontReader
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.optimistic_retry import Retry
from shared.settings import settings_of
from shared.trade.fx import Rates
from shared.trade.reference_data import Reference, day_rates


@dataclass(frozen=True, slots=True)
class Settings:
    storefronts_table: str


@dataclass(frozen=True, slots=True)
class IndexSettings(Settings):
    index_bucket: str


@dataclass(frozen=True, slots=True)
class ApiSettings(IndexSettings):
    signing_secret: str
    reference_bucket: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: ApiSettings | None = None,
        *,
        clock: Clock = utc_now,
        tickets: Tickets | None = None,
        reference: Reference | None = None,
        snapshot_storage: SnapshotStorage | None = None,
        retry: Retry | None = None,
    ) -> None:
        """`reference`: the operator's data; `snapshot_storage`: where snapshots of the index lie."""
        self._given, self.clock, self._retry = settings, clock, retry or Retry()
        parts = {"tickets": tickets, "reference": reference, "snapshot_storage": snapshot_storage}
        vars(self).update({name: part for name, part in parts.items() if part is not None})

    @cached_property
    def _table(self) -> str:
        return (self._given or settings_of(Settings)).storefronts_table

    @cached_property
    def storefront_store(self) -> StorefrontStore:
        return StorefrontStore(self._table)

    @cached_property
    def cards(self) -> CardStore:
        return CardStore(self._table, self.clock)

    @cached_property
    def reference(self) -> Reference:
        return Reference(S3Objects((self._given or settings_of(ApiSettings)).reference_bucket))

    def rates(self) -> Rates:
        """The day's exchange rates, at most a minute after they were loaded; NO_RATES if none are."""
        return day_rates(self.reference)

    def taxonomy(self) -> frozenset[str]:
        """The ids of all categories."""
        found: frozenset[str] = self.reference.document("taxonomy/en", lambda rows: frozenset(row[0] for row in rows))
        return found

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of((self._given or settings_of(ApiSettings)).signing_secret))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def snapshot_storage(self) -> SnapshotStorage:
        return SnapshotObjects((self._given or settings_of(IndexSettings)).index_bucket)

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.snapshot_storage, SCHEMA)

    @cached_property
    def index(self) -> IndexReplica:
        def opened() -> tuple[TantivyIndex, ReadPositions]:
            folder = scratch()
            positions = self.snapshots.unpack(folder)
            return TantivyIndex(folder), positions

        return IndexReplica(opened, self.cards)

    @cached_property
    def reader(self) -> StorefrontReader:
        return StorefrontReader(self.storefront_store, self.cards, self.index, self.rates)

    @cached_property
    def storefronts(self) -> StorefrontService:
        return StorefrontService(self.storefront_store, self.taxonomy, self.rates, self.clock, self._retry)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
