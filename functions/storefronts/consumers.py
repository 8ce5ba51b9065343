"""What storefronts does with each message of the bus, and with the schedule's call."""

from collections.abc import Mapping

from functions.storefronts.bootstrap import Services
from functions.storefronts.index.index_snapshots import write_snapshot
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.index.snapshot_client import scratch
from functions.storefronts.index.tantivy_index import TantivyIndex
from monsoon_plugin.clock import TimeLeft, rfc3339
from shared.bus import Consumer
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferDelisted,
    OfferPublished,
    OfferRecalled,
    SupplierReinstated,
    SupplierSuspended,
)


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    cards = services.cards

    def publish(message: OfferPublished) -> None:
        cards.publish(Card.of(message, rfc3339(services.clock())), Detail.of(message))

    return {
        OfferPublished: publish,
        OfferRecalled: lambda message: cards.remove(message.product_id, message.version, message.reason),
        OfferDelisted: lambda message: cards.remove(message.product_id, message.version, message.withheld_for),
        OfferAvailabilityChanged: cards.keep_stock,
        SupplierSuspended: lambda message: cards.suspend(message.supplier_id, message.version, suspended=True),
        SupplierReinstated: lambda message: cards.suspend(message.supplier_id, message.version, suspended=False),
    }


def write_index(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """Bring the snapshot that new processes begin with up to date. Answers how many changes it took in."""
    return {"changes": write_snapshot(services.snapshots, scratch(), TantivyIndex, services.cards, services.clock())}
