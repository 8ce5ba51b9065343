"""The items of orders, and how the domain reads and writes them."""

import json
import zlib
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order import Order
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table
from shared.bounds.kept import kept

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
    order = PackedAttribute()
    """JSON: one text is a third smaller than the same as a map, and an order is paid for by the kilobyte."""
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    due = Due()
    by_time = ByTime()


def item_of(order: Order, event: str | None) -> OrderItem:
    """The order with the event that tells of its change, listed as due if the sweep must look at it."""
    at = sweep_due(order)
    open_pk, open_sk = (f"due#{zlib.crc32(order.id.encode()) % SHARDS}", f"{at}#{order.id}") if at else (None, None)
    body = order.model_dump_json(exclude=KEYED, exclude_defaults=True)
    return OrderItem(f"{order.account_id}#{order.storefront_id}", order.id, placed_at=order.placed_at, version=order.version,
                     order=body, open_pk=open_pk, open_sk=open_sk, event=event)  # fmt: skip


def order_of(item: OrderItem) -> Order:
    account_id, storefront_id = item.pk.split("#")
    keyed = {"id": item.sk, "account_id": account_id, "storefront_id": storefront_id, "placed_at": item.placed_at, "version": item.version}
    return kept(Order, json.loads(item.order) | keyed)
