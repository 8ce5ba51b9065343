"""The items of cards in the storefronts' table.

| pk | sk | item |
|---|---|---|
| product#id | card | a product's card; after a recall only its versions. `by_time` lists cards by when they last changed |
| suspended | supplier | a supplier whose goods are hidden |
"""

from typing import Any

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection

from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table


class ByTime(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Cards without their detail, by when they last changed."""

    class Meta(Table):
        index_name = "by_time"
        projection = IncludeProjection(["version", "card", "in_stock", "stock_version"])

    shard = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class CardItem(Item):
    class Meta(Table):
        pass

    by_time = ByTime()
    shard = UnicodeAttribute()
    at = UnicodeAttribute()
    """RFC 3339, and the product's id."""
    version = IntegerAttribute(null=True)
    """The catalog's; absent while only an availability was heard."""
    stock_version = IntegerAttribute(null=True)
    in_stock = BooleanAttribute(null=True)
    """Present once an availability was heard; until then the card says it."""
    variant_stock = UnicodeAttribute(null=True)
    """JSON of VariantStock, of a product that has or had variants: `in_stock` and `stock_version` then say what it comes to."""
    full = UnicodeAttribute(null=True)
    """JSON, beside `variant_stock`: the offers of which nothing more may be ordered beyond the stock."""
    card = PackedAttribute(null=True)
    recalled = UnicodeAttribute(null=True)
    """Why it was recalled, while it is not on sale for that."""
    detail = BinaryAttribute(null=True, legacy_encoding=False)
    """JSON, packed in any case, and told beside its card: so that a usual product's item is one write unit."""


class SuspendedItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    suspended = BooleanAttribute()
