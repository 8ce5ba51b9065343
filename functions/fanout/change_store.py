"""Where fanout keeps each product's last change: `product#<product>`, `change`; `by_time` lists a shard's by their stamps, late maybe.

In the same table lie storefronts' rules (rule_store), webhook subscriptions (subscription_store) and their log (delivery_log_store).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.exceptions import UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.fanout.announcement_store import AnnouncementStore
from functions.fanout.product_change import ANNOUNCED_WITHIN, INDEX_LAG, WRITTEN_WITHIN, ProductChange, product_of
from monsoon_plugin.clock import Clock, rfc3339
from shared.aws.clients import session
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, refused

PRODUCT, CHANGE = "product#", "change"
EARLIEST, LAST = "0", "~"
"""Sort before and after every character that `at` has after a moment."""
ANNOUNCED_READ = 100
"""Announcements that are read at once: so many products can be read in one call."""
ATTEMPTS = 3
"""Stamps that a change is given at most, where announcing or writing it takes too long."""


class ByTime(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """A shard's changes in the order of their stamps."""

    class Meta(Table):
        index_name = "by_time"
        projection = AllProjection()

    shard = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class ChangeItem(Item):
    """A product's last change, put together from what two services say of it, each by its own version and in any order."""

    class Meta(Table):
        pass

    by_time = ByTime()
    shard = UnicodeAttribute()
    at = UnicodeAttribute()
    offer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    version = IntegerAttribute(default=0)
    """The catalog's."""
    product = UnicodeAttribute(null=True)
    listed = BooleanAttribute(null=True)
    """Whether the supplier said it has stock when it was last published."""
    stock_version = IntegerAttribute(default=0)
    """Orders'."""
    in_stock = BooleanAttribute(null=True)
    """What orders said last; it wins over `listed`."""

    def change(self) -> ProductChange:
        item: Any = self
        return ProductChange(
            product_id=item.pk.removeprefix(PRODUCT),
            offer_id=item.offer_id,
            supplier_id=item.supplier_id,
            version=item.version,
            at=item.at,
            product=item.product,
            in_stock=bool(item.listed) if item.in_stock is None else item.in_stock,
            stock_version=item.stock_version,
        )


class StampedItem(ChangeItem):
    """A change as it is written: one attempt of at most three seconds, on a client of its own.

    A later attempt would carry a stamp that readers have passed. SQS tries again, with a new stamp.
    """

    class Meta(Table):
        max_retry_attempts = 0
        connect_timeout_seconds = 1
        read_timeout_seconds = 2

    _connection = None

    @classmethod
    def _get_connection(cls) -> TableConnection:
        found = super(Item, cls)._get_connection()
        found.connection._local.session = session()
        return found


class ChangeStore:
    """The change log (product_change.ChangeLog)."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, ChangeItem, StampedItem)
        self._clock, self._announcements = clock, AnnouncementStore(table)

    def keep(self, change: ProductChange) -> None:
        """Keep what the catalog says of a product, unless as much or more is known. What orders said of its stock stays.

        Raises RuntimeError if it could not be written soon enough after its stamp: the queue brings it again.
        """
        product, listed = StampedItem.product, StampedItem.listed
        told = [product.set(change.product), listed.set(change.in_stock)] if change.product else [product.remove(), listed.remove()]
        self._write(change, StampedItem.version, change.version, told)

    def keep_stock(self, change: ProductChange) -> None:
        """Keep what orders says of a product's stock, unless as much or more is known; even before the catalog says anything.

        Raises as `keep` does.
        """
        self._write(change, StampedItem.stock_version, change.stock_version, [StampedItem.in_stock.set(change.in_stock)])

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[ProductChange]:
        """As the index has them, and what was announced and the index does not show. Where it shows all: half a read unit, and one."""
        found = list[ProductChange]()
        while len(found) < limit:
            page, end = self._read(shard, after, until, limit)
            found += page
            if end >= until:
                break
            after = end
        return found[:limit]

    def changes(self, product_ids: Iterable[str]) -> list[ProductChange]:
        """The products' last changes as they are this moment, in no order; at most 100 products."""
        keys = [(PRODUCT + product_id, CHANGE) for product_id in product_ids]
        return [item.change() for item in ChangeItem.batch_get(keys, consistent_read=True)]

    def _read(self, shard: str, after: str, until: str, limit: int) -> tuple[list[ProductChange], str]:
        """The shard's next changes, and up to where they are all."""
        beyond = after + LAST if after else EARLIEST
        if beyond > until:
            return [], until
        shown = [item.change() for item in ChangeItem.by_time.query(shard, ByTime.at.between(beyond, until), limit=limit)]
        end = shown[-1].at if len(shown) == limit else until
        earliest = max(beyond, rfc3339(self._clock() - INDEX_LAG))
        if earliest > end:
            return shown, end
        announced = self._announcements.between(shard, earliest, end, ANNOUNCED_READ)
        if len(announced) == ANNOUNCED_READ:
            end = announced[-1]
        hidden = self._written(set(announced) - {change.at for change in shown})
        return sorted([*(change for change in shown if change.at <= end), *hidden], key=lambda change: change.at), end

    def _written(self, announced: Collection[str]) -> list[ProductChange]:
        """Those that were written and are the products' last: a later one is announced by itself."""
        found = self.changes({product_of(at) for at in announced}) if announced else []
        return [change for change in found if change.at in announced]

    def _write(self, change: ProductChange, counter: Any, version: int, told: list[Any]) -> None:
        """Announce the change and write it; again with a new stamp where that took too long; nothing if the counter is as high."""
        if _held(change.product_id, counter) >= version:
            return
        condition = counter.does_not_exist() | (counter < version)
        for _ in range(ATTEMPTS):
            self._announcements.announce(change.shard, change.at, change.stamped)
            if self._age(change) <= ANNOUNCED_WITHIN:
                if not _update(change, [counter.set(version), *told], condition) or self._age(change) <= WRITTEN_WITHIN:
                    return
                condition = counter == version
            change = change.stamped_anew(self._clock())
        raise RuntimeError(f"the change of {change.product_id} could not be written within {WRITTEN_WITHIN} of its stamp")

    def _age(self, change: ProductChange) -> timedelta:
        return self._clock() - change.stamped


def _held(product_id: str, counter: Any) -> int:
    """The counter a moment ago, 0 if there was none: what comes twice or late is mostly known by it, and needs no announcement."""
    try:
        item = ChangeItem.get(PRODUCT + product_id, CHANGE, attributes_to_get=[counter.attr_name])
    except ChangeItem.DoesNotExist:
        return 0
    return int(getattr(item, counter.attr_name) or 0)


def _update(change: ProductChange, told: list[Any], condition: Any) -> bool:
    """One UpdateItem that stamps the item and sets what is told. Answers whether the condition held."""
    stamped = [
        StampedItem.shard.set(change.shard), StampedItem.at.set(change.at), StampedItem.offer_id.set(change.offer_id),
        StampedItem.supplier_id.set(change.supplier_id),
    ]  # fmt: skip
    try:
        StampedItem(PRODUCT + change.product_id, CHANGE).update([*stamped, *told], condition=condition)
    except UpdateError as error:
        if not refused(error):
            raise
        return False
    return True
