"""Where fanout keeps each product's last change (read through `by_time`) and each storefront's rule."""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.fanout.change import Change
from functions.fanout.feed import Rule
from shared.dynamo import IntegerAttribute, Item, Table, bind, put_newer
from shared.selection import PriceRule, Selection

PRODUCT, CHANGE, STOREFRONT = "product#", "change", "storefront#"
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
    class Meta(Table):
        """One attempt of at most four seconds: a later retry would carry a stamp that readers have passed. SQS tries again."""

        max_retry_attempts = 0
        connect_timeout_seconds = 1
        read_timeout_seconds = 3

    by_time = ByTime()
    shard = UnicodeAttribute()
    at = UnicodeAttribute()
    offer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    version = IntegerAttribute()
    product = UnicodeAttribute(null=True)


class RuleItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    selection = UnicodeAttribute()
    price_rule = UnicodeAttribute()


class FanoutStore:
    """fanout's table."""

    def __init__(self, table: str) -> None:
        bind(table, ChangeItem, RuleItem)

    def keep(self, change: Change) -> None:
        """Keep `change` in place of the product's last one, unless that is as new or newer."""
        item = ChangeItem(
            PRODUCT + change.product_id, CHANGE, shard=change.shard, at=change.at, offer_id=change.offer_id,
            supplier_id=change.supplier_id, version=change.version, product=change.product,
        )  # fmt: skip
        put_newer(item, ChangeItem.version, change.version)

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[Change]:
        beyond = after + LAST if after else EARLIEST
        if beyond > until:
            return []
        found = ChangeItem.by_time.query(shard, ByTime.at.between(beyond, until), limit=limit)
        return [Change(i.pk.removeprefix(PRODUCT), i.offer_id, i.supplier_id, i.version, i.at, i.product) for i in found]

    def configure(self, rule: Rule) -> None:
        """Keep the storefront's rule unless a newer one is kept."""
        item = RuleItem(
            rule.account_id, STOREFRONT + rule.storefront_id, version=rule.version,
            selection=rule.selection.model_dump_json(exclude_defaults=True),
            price_rule=rule.price_rule.model_dump_json(exclude_defaults=True),
        )  # fmt: skip
        put_newer(item, RuleItem.version, rule.version)

    def rule(self, account_id: str, storefront_id: str) -> Rule | None:
        try:
            item: Any = RuleItem.get(account_id, STOREFRONT + storefront_id)
        except RuleItem.DoesNotExist:
            return None
        selection = Selection.model_validate_json(item.selection)
        return Rule(storefront_id, account_id, item.version, selection, PriceRule.model_validate_json(item.price_rule))
