"""Where each change is announced before it is written: `announced#<shard>`, `<at>`; nothing but the key, which names the product.

A global secondary index may be behind its table by any time; a base table, read consistently, is not. So what the index does not show
yet of the last INDEX_LAG is known from here (`change_store.ChangeStore.between`). DynamoDB removes an announcement when nobody asks
for it any more; one whose change was not written, or was written again since, means nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from functions.fanout.product_change import INDEX_LAG
from shared.aws.dynamo import Item, Table, bind

ANNOUNCED = "announced#"


class AnnouncementItem(Item):
    """It has no `shard`, so that `by_time` does not list it."""

    class Meta(Table):
        pass


class AnnouncementStore:
    def __init__(self, table: str) -> None:
        bind(table, AnnouncementItem)

    def announce(self, shard: str, at: str, now: datetime) -> None:
        """Return once every consistent reading shows it. One write unit."""
        AnnouncementItem(ANNOUNCED + shard, at, expires_at=int((now + 2 * INDEX_LAG).timestamp())).save()

    def announce_all(self, places: Iterable[tuple[str, str]], now: datetime) -> None:
        """The same of several (shard, at), in one call for 25."""
        until = int((now + 2 * INDEX_LAG).timestamp())
        with AnnouncementItem.batch_write() as batch:
            for shard, at in places:
                batch.save(AnnouncementItem(ANNOUNCED + shard, at, expires_at=until))

    def between(self, shard: str, earliest: str, until: str, limit: int) -> list[str]:
        """The first `limit` announced of the shard, from `earliest` to `until`, as of now. A read unit for some forty."""
        within = AnnouncementItem.sk.between(earliest, until)
        found: Any = AnnouncementItem.query(ANNOUNCED + shard, within, consistent_read=True, limit=limit)
        return [item.sk for item in found]
