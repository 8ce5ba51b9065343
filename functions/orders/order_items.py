"""The items of the orders table, and how the domain reads and writes them."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from functions.orders.inventory.stock_item import Offer, Shelf
from functions.orders.order import Order
from functions.orders.refunds.refund import due
from shared.aws.dynamo import IntegerAttribute, Item, Table

SHARDS = 4
"""Partitions of the `open` index: 4,000 orders a second may become due or stop being so."""
KEYED = {"id", "account_id", "storefront_id", "placed_at", "version"}
"""What of an order lies in attributes of their own."""


class Due(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class ByTime(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_time"
        projection = KeysOnlyProjection()

    pk = UnicodeAttribute(hash_key=True)
    placed_at = UnicodeAttribute(range_key=True)


class OrderItem(Item):
    class Meta(Table):
        pass

    placed_at = UnicodeAttribute()
    version = IntegerAttribute()
    order = UnicodeAttribute()
    """JSON: one text is a third smaller than the same as a map, and an order is paid for by the kilobyte."""
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    due = Due()
    by_time = ByTime()


class ReplicaItem(Item):
    """What another service told: a storefront's rules, or an offer, which alone has the attributes from `supplier_id` on.

    And how often suppliers were suspended or reinstated, which is a version alone.
    """

    class Meta(Table):
        pass

    version = IntegerAttribute()
    facts = UnicodeAttribute(null=True)
    supplier_id = UnicodeAttribute(null=True)
    declared = IntegerAttribute(null=True)
    quantity = IntegerAttribute(null=True)
    sellable = BooleanAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    """Why an offer was recalled."""


class SanctionItem(Item):
    """What the catalog told of a supplier, all in one partition; what was reinstated has no reason, and expires."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    reason = UnicodeAttribute(null=True)


class ToldItem(Item):
    """What was last told of an offer's stock, with its event."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    in_stock = BooleanAttribute()


class AdjustmentItem(Item):
    class Meta(Table):
        pass

    adjustment = UnicodeAttribute()
    """JSON."""


def item_of(order: Order, event: str | None) -> OrderItem:
    """The order with the event that tells of its change, listed as due if the sweep must look at it."""
    at = due(order)
    open_pk, open_sk = (f"due#{zlib.crc32(order.id.encode()) % SHARDS}", f"{at}#{order.id}") if at else (None, None)
    body = order.model_dump_json(exclude=KEYED, exclude_defaults=True)
    return OrderItem(f"{order.account_id}#{order.storefront_id}", order.id, placed_at=order.placed_at, version=order.version,
                     order=body, open_pk=open_pk, open_sk=open_sk, event=event)  # fmt: skip


def order_of(item: OrderItem) -> Order:
    account_id, storefront_id = item.pk.split("#")
    keyed = {"id": item.sk, "account_id": account_id, "storefront_id": storefront_id, "placed_at": item.placed_at, "version": item.version}
    return Order.model_validate(json.loads(item.order) | keyed)


def image_of(image: Mapping[str, Any] | None) -> Shelf | None:
    """The shelf in one image of a record of the table's stream. Raises KeyError, TypeError or ValueError for what is no shelf's."""
    if image is None:
        return None
    item = ReplicaItem()
    item.deserialize(dict(image))
    return shelf_of(item)


def shelf_of(item: ReplicaItem) -> Shelf:
    offer = Offer.model_validate(json.loads(item.facts) | {"supplier_id": item.supplier_id}) if item.facts else None
    declared = None if item.declared is None else int(item.declared)
    return Shelf(item.pk, int(item.version), int(item.quantity), declared, item.sellable, offer, item.reason or "")


def replica_of(shelf: Shelf) -> ReplicaItem:
    facts = shelf.offer.model_dump_json(exclude={"supplier_id"}, exclude_defaults=True) if shelf.offer else None
    return ReplicaItem(shelf.offer_id, "offer", version=shelf.version, facts=facts, declared=shelf.declared, quantity=shelf.quantity,
                       supplier_id=shelf.offer.supplier_id if shelf.offer else None, sellable=shelf.sellable)  # fmt: skip
