"""The items of changes in fanout's table: a product's last one, put together from what two services say of it."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.fanout.product_change import ProductChange
from shared.aws.clients import session
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table
from shared.aws.short_calls import shorten

PRODUCT, CHANGE = "product#", "change"


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
    product = PackedAttribute(null=True)
    listed = BooleanAttribute(null=True)
    """Whether the supplier said it has stock when it was last published."""
    stock_version = IntegerAttribute(default=0)
    """Orders'."""
    in_stock = BooleanAttribute(null=True)
    """What orders said last; it wins over `listed`."""
    variant_stock = UnicodeAttribute(null=True)
    """JSON of VariantStock, once orders said anything of a variant; `stock_version` is then its."""
    full = UnicodeAttribute(null=True)
    """JSON, beside `variant_stock`: the offers of which nothing more may be ordered beyond the stock."""
    earlier = UnicodeAttribute(null=True)
    """JSON of EarlierCosts."""
    trade_item = UnicodeAttribute(null=True)
    named = BooleanAttribute(null=True)
    variant_words = PackedAttribute(null=True)
    prices = UnicodeAttribute(null=True)
    shown = PackedAttribute(null=True)

    def change(self, media_url: str = "") -> ProductChange:
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
            variant_stock=item.variant_stock,
            full=item.full,
            earlier=item.earlier,
            trade_item=item.trade_item,
            named=bool(item.named),
            variant_words=item.variant_words,
            prices=item.prices,
            shown=item.shown,
            media_url=media_url,
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
        is_new, found = cls._connection is None, super(Item, cls)._get_connection()
        found.connection._local.session = session()
        if is_new:
            shorten(found.connection.client)
        return found
