"""storefronts: owners' rules, and the listings that shoppers read. Wiring only; the routes are in owner.py and shopper.py."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from functions.storefronts.configuration.storefront_routes import mount_operator, mount_owner
from functions.storefronts.configuration.storefront_service import Desk
from functions.storefronts.index.card_store import CardStore, StorefrontStore
from functions.storefronts.index.index_replica import Shelf, Tail
from functions.storefronts.index.index_snapshots import Snapshots, write_snapshot
from functions.storefronts.index.product_card import Card, Detail
from functions.storefronts.index.snapshot_client import SnapshotObjects, scratch
from functions.storefronts.index.tantivy_index import SCHEMA, Engine
from functions.storefronts.listings.listing_routes import mount_shopper
from functions.storefronts.listings.storefront_reader import Shop
from monsoon_plugin.clock import rfc3339, utc_now
from shared.api.service import Service
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import consumer
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled, SupplierReinstated, SupplierSuspended
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


app = Service("storefronts")


@cache
def storefronts() -> StorefrontStore:
    return StorefrontStore(settings_of(Settings).storefronts_table)


@cache
def cards() -> CardStore:
    return CardStore(settings_of(Settings).storefronts_table, utc_now)


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings_of(ApiSettings).reference_bucket))


def rates() -> Rates:
    """The day's exchange rates, at most a minute after they were loaded; NO_RATES if none are."""
    return day_rates(reference())


@cache
def snapshots() -> Snapshots:
    return Snapshots(SnapshotObjects(settings_of(IndexSettings).index_bucket), SCHEMA)


@cache
def shelf() -> Shelf:
    def opened() -> tuple[Engine, Tail]:
        folder = scratch()
        tail = snapshots().unpack(folder)
        return Engine(folder), tail

    return Shelf(opened, cards())


@cache
def shop() -> Shop:
    return Shop(storefronts(), cards(), shelf(), rates)


@cache
def desk() -> Desk:
    def taxonomy() -> frozenset[str]:
        found: frozenset[str] = reference().document("taxonomy/en", lambda rows: frozenset(row[0] for row in rows))
        return found

    return Desk(storefronts(), taxonomy, rates, utc_now)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


mount_owner(app, desk, storefronts, tickets)
mount_operator(app, desk)
mount_shopper(app, shop, tickets)


def _published(message: OfferPublished) -> None:
    cards().publish(Card.of(message, rfc3339(utc_now())), Detail.of(message))


worker = consumer(
    {
        OfferPublished: _published,
        OfferRecalled: lambda message: cards().remove(message.product_id, message.version),
        OfferAvailabilityChanged: lambda message: cards().stocked(message),
        SupplierSuspended: lambda message: cards().suspend(message.supplier_id, message.version, suspended=True),
        SupplierReinstated: lambda message: cards().suspend(message.supplier_id, message.version, suspended=False),
    }
)


def indexer(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's: bring the snapshot that new processes begin with up to date. Answers how many changes it took in."""
    return {"changes": write_snapshot(snapshots(), scratch(), Engine, cards(), utc_now())}
