"""What storefronts' entry points need."""

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
from functions.storefronts.pages.attribute_words import AS_WRITTEN, ENGLISH, AttributeList, AttributeWords
from functions.storefronts.pages.category_names import CategoryNames
from functions.storefronts.pages.shop_reader import ShopReader
from shared.bootstrap.reference_parts import ReferenceParts
from shared.bootstrap.visit_parts import VisitParts
from shared.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Settings:
    storefronts_table: str


@dataclass(frozen=True, slots=True)
class IndexSettings:
    index_bucket: str


@dataclass(frozen=True, slots=True)
class PublicUrlSettings:
    public_url: str
    """The hub's own address; empty if the operator gave none: then it is where a browser asked."""


@dataclass(frozen=True, slots=True)
class AddressSettings:
    media_url: str
    """What stands before the key of a picture that is served."""


class Services(VisitParts, ReferenceParts):
    @cached_property
    def storefront_store(self) -> StorefrontStore:
        return StorefrontStore(self.settings(Settings).storefronts_table)

    @cached_property
    def cards(self) -> CardStore:
        return CardStore(self.settings(Settings).storefronts_table, self.clock, self.retry)

    @cached_property
    def snapshot_storage(self) -> SnapshotStorage:
        """Where snapshots of the index lie."""
        return SnapshotObjects(self.settings(IndexSettings).index_bucket)

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
    def media_url(self) -> str:
        return self.settings(AddressSettings).media_url

    @cached_property
    def reader(self) -> StorefrontReader:
        return StorefrontReader(self.storefront_store, self.cards, self.index, self.rates)

    @cached_property
    def public_url(self) -> str:
        return self.settings(PublicUrlSettings).public_url.rstrip("/")

    @cached_property
    def shops(self) -> ShopReader:
        return ShopReader(self.storefront_store, self.reader, self.cards)

    def category_names(self, language: str) -> CategoryNames:
        """The taxonomy in `language`, or the nearest that is loaded. Raises Unavailable if none is."""
        found: CategoryNames = self.reference.in_language("taxonomy", language, CategoryNames.of)
        return found

    def attribute_words(self, language: str) -> AttributeWords:
        """The taxonomy's attributes for a page in `language`; as written where no list is loaded. For English none is read."""
        if language.split("-")[0] == ENGLISH:
            return AS_WRITTEN
        try:
            english: AttributeList = self.reference.in_language("attributes", ENGLISH, AttributeList.of)
            own: AttributeList = self.reference.in_language("attributes", language, AttributeList.of)
        except Unavailable:
            return AttributeWords(language)
        return AttributeWords(language, english, own)

    def categories(self) -> frozenset[str]:
        return self.category_names("en").ids

    @cached_property
    def storefronts(self) -> StorefrontService:
        return StorefrontService(self.storefront_store, self.categories, self.rates, self.clock, self.retry)


services = cache(Services)
"""Answers the process's own."""
