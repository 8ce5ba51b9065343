"""Walks that the sweep does again, in the shipping table: under `offer#id` / `walk#version`, and in the index of what is due."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from functions.shipping.fulfilment.recall_walks import Walk
from functions.shipping.shipping_items import DueIndex
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind

SHARDS = 4
"""Partitions of the index for walks: a supplier's suspension recalls thousands of offers in minutes."""
MOST = 1000
"""A sweep does at most this many; a walk that finds nothing to do takes some 10 ms."""


class WalkItem(Item):
    class Meta(Table):
        pass

    supplier = UnicodeAttribute()
    version = IntegerAttribute()
    due_pk = UnicodeAttribute()
    due_sk = UnicodeAttribute()
    by_due = DueIndex()


class RecallWalkStore:
    """recall_walks.Walks."""

    def __init__(self, table: str) -> None:
        bind(table, WalkItem)

    def note(self, walk: Walk, due: datetime) -> None:
        shard = _shard(ord(walk.offer_id[-1]) % SHARDS)
        WalkItem(*_key(walk), supplier=walk.supplier_id, version=walk.version, due_pk=shard, due_sk=rfc3339(due)).save()

    def due(self, now: datetime) -> Iterator[Walk]:
        for number in range(SHARDS):
            for keys in WalkItem.by_due.query(_shard(number), WalkItem.due_sk <= rfc3339(now), limit=MOST // SHARDS):
                try:
                    item = WalkItem.get(keys.pk, keys.sk, consistent_read=True)
                except WalkItem.DoesNotExist:
                    continue
                yield Walk(item.pk.removeprefix("offer#"), item.supplier, int(item.version))

    def end(self, walk: Walk) -> None:
        WalkItem(*_key(walk)).delete()


def _key(walk: Walk) -> tuple[str, str]:
    return f"offer#{walk.offer_id}", f"walk#{walk.version}"


def _shard(number: int) -> str:
    return f"walk#{number}"
