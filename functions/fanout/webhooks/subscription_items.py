"""The items of webhook subscriptions and of the shards they lie in, in fanout's table.

| pk | sk | what |
|---|---|---|
| `<account>#<storefront>` | `webhook#<subscription>` | a subscription; `open` lists those that are due to be tried again |
| `<account>` | `webhook#<subscription>` | of which storefront it is |
| `shard#<n>` | `<subscription>` | its route: a copy of the subscription and of its storefront's rule |
| `shard#<n>` | `head` | how many routes there are, and their generation; `open` lists the shards with room |
| `shards`, `rates` | `state` | the number of shards; the day of the newest rates |
"""

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from shared.aws.dynamo import IntegerAttribute, Item, Table


class OpenIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta(Table):
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class WebhookItem(Item):
    class Meta(Table):
        pass

    subscription = UnicodeAttribute()
    version = IntegerAttribute()
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open_index = OpenIndex()


class OwnerItem(Item):
    class Meta(Table):
        pass

    storefront_id = UnicodeAttribute()


class RouteItem(Item):
    class Meta(Table):
        pass

    subscription = UnicodeAttribute()
    since = IntegerAttribute()
    """The storefront's version that brought the rule."""
    selection = UnicodeAttribute()
    price_rule = UnicodeAttribute()
    selling = BooleanAttribute()


class HeadItem(Item):
    class Meta(Table):
        pass

    routes = IntegerAttribute()
    generation = IntegerAttribute()
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)


class StateItem(Item):
    class Meta(Table):
        pass

    shards = IntegerAttribute(null=True)
    day = UnicodeAttribute(null=True)
