"""What the invariants look at: the tables as their own services read them, the providers' books, what people saw."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from functions.catalog.offers.offer import Offer
from functions.catalog.offers.offer_store import OfferItem, _offer
from functions.orders.inventory.inventory_items import ReplicaItem, stock_of
from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order
from functions.orders.order_items import OrderItem, order_of
from functions.payments.lifecycle.payment import Payment
from functions.payments.payment_items import PaymentItem
from functions.payments.payment_store import _payment
from functions.settlement.ledger.ledger_items import JournalItem
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipping_items import ShipmentItem
from functions.uploads.feeds.feed_splitter import MOST_ATTEMPTS
from shared.aws.dynamo import item_of
from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import Setting
from simulation.world import World

GIVEN_UP = "unreadable"
"""The code of a feed that was not read in so many attempts."""


@dataclass
class Seen:
    """Everything, at rest."""

    world: World
    setting: Setting
    people: People
    observed: Observed

    @cached_property
    def orders(self) -> dict[str, Order]:
        found = [item_of(OrderItem, raw) for raw in self.items("OrdersTable") if "order" in raw and "placed_at" in raw]
        return {order.id: order for order in map(order_of, found)}

    @cached_property
    def stock(self) -> dict[str, StockItem]:
        found = [item_of(ReplicaItem, raw) for raw in self.items("OrdersTable") if raw["sk"]["S"] == "offer"]
        return {item.offer_id: item for item in map(stock_of, found)}

    @cached_property
    def payments(self) -> dict[str, Payment]:
        found = [item_of(PaymentItem, raw) for raw in self.items("PaymentsTable") if "ops" in raw]
        return {payment.id: payment for payment in map(_payment, found)}

    @cached_property
    def shipments(self) -> list[Shipment]:
        raws = [raw for raw in self.items("ShippingTable") if "shipment" in raw and "version" in raw]
        return [Shipment.model_validate_json(item_of(ShipmentItem, raw).shipment) for raw in raws]

    @cached_property
    def recalled(self) -> frozenset[str]:
        """The offers that are off sale for a recall or a suspension, by the catalog; those of variants that are gone, too."""
        whole = (one for offer in self.catalog if offer.recall for one in offer.known_offers)
        return frozenset((*whole, *(one for offer in self.catalog for one in offer.withheld)))

    @cached_property
    def catalog(self) -> list[Offer]:
        return [_offer(item_of(OfferItem, raw)) for raw in self.items("CatalogTable") if "submission" in raw]

    @cached_property
    def on_sale(self) -> frozenset[str]:
        """The offers that are on sale, by the catalog."""
        shown = (offer for offer in self.catalog if not (offer.recall or offer.is_delisted))
        return frozenset(each.offer_id for offer in shown for each in offer.offered)

    @cached_property
    def journal(self) -> list[JournalItem]:
        return [item_of(JournalItem, raw) for raw in self.items("SettlementTable") if "postings" in raw]

    @cached_property
    def given_up(self) -> frozenset[str]:
        """Feeds that are refused since every attempt to read them met a fault: their suppliers are told, and send them anew."""
        refused = (raw["sk"]["S"] for raw in self.items("UploadsTable") if raw.get("state") == {"S": "refused"} and _code(raw) == GIVEN_UP)
        return frozenset(feed_id for feed_id in refused if len(self._not_read(feed_id)) >= MOST_ATTEMPTS)

    def _not_read(self, feed_id: str) -> set[str]:
        """The messages to read a file, one an attempt, that were not done at least once."""
        undone = (body for queue, body in self.world.messages.undone if queue == "FeedsQueueUrl" and f"/{feed_id}." in unquote(body))
        return {body for body in undone if "step" not in json.loads(body)["Records"][0]}

    def items(self, table: str) -> list[dict[str, Any]]:
        return self.world.place.dynamodb.items(table)


def _code(raw: dict[str, Any]) -> str:
    return str(raw.get("code", {}).get("S", ""))


def seen_again(before: Seen) -> Seen:
    """Everything as it is now, after something was asked for once more."""
    return Seen(before.world, before.setting, before.people, before.observed)


def seen(world: World, setting: Setting, people: People, observed: Observed) -> Seen:
    return Seen(world, setting, people, observed)
