"""Where fanout keeps each product's last change: `product#<product>`, `change`; `by_time` lists a shard's by their stamps.

In the same table lie storefronts' rules (rule_store), webhook subscriptions (subscription_store) and their log (delivery_log_store).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.exceptions import UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.fanout.product_change import ProductChange
from shared.aws.clients import session
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, refused

PRODUCT, CHANGE = "product#", "change"
EARLIEST, LAST = "0", "~"
"""Sort before and after every character that `at` has after a moment."""


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
    """A change as it is written: one attempt of at most four seconds, on a client of its own.

    A later attempt would carry a stamp that readers have passed. SQS tries again, with a new stamp.
    """

    class Meta(Table):
        max_retry_attempts = 0
        connect_timeout_seconds = 1
        read_timeout_seconds = 3

    _connection = None

    @classmethod
    def _get_connection(cls) -> TableConnection:
        found = super(Item, cls)._get_connection()
        found.connection._local.session = session()
        return found


class ChangeStore:
    """The change log (product_change.ChangeLog)."""

    def __init__(self, table: str) -> None:
        bind(table, ChangeItem, StampedItem)

    def keep(self, change: ProductChange) -> None:
        """Keep what the catalog says of a product, unless as much or more is known. What orders said of its stock stays."""
        product, listed = StampedItem.product, StampedItem.listed
        told = [product.set(change.product), listed.set(change.in_stock)] if change.product else [product.remove(), listed.remove()]
        _write(change, StampedItem.version, change.version, told)

    def keep_stock(self, change: ProductChange) -> None:
        """Keep what orders says of a product's stock, unless as much or more is known; even before the catalog says anything."""
        _write(change, StampedItem.stock_version, change.stock_version, [StampedItem.in_stock.set(change.in_stock)])

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[ProductChange]:
        beyond = after + LAST if after else EARLIEST
        if beyond > until:
            return []
        return [item.change() for item in ChangeItem.by_time.query(shard, ByTime.at.between(beyond, until), limit=limit)]

    def changes(self, product_ids: Iterable[str]) -> list[ProductChange]:
        """The products' last changes as they are this moment, in no order; at most 100 products."""
        keys = [(PRODUCT + product_id, CHANGE) for product_id in product_ids]
        return [item.change() for item in ChangeItem.batch_get(keys, consistent_read=True)]


def _write(change: ProductChange, counter: Any, version: int, told: list[Any]) -> None:
    """One UpdateItem that raises `counter`, stamps the item, and sets what is told; nothing if the counter is as high."""
    stamped = [
        StampedItem.shard.set(change.shard), StampedItem.at.set(change.at), StampedItem.offer_id.set(change.offer_id),
        StampedItem.supplier_id.set(change.supplier_id), counter.set(version),
    ]  # fmt: skip
    try:
        item = StampedItem(PRODUCT + change.product_id, CHANGE)
        item.update([*stamped, *told], condition=counter.does_not_exist() | (counter < version))
    except UpdateError as error:
        if not refused(error):
            raise
