"""Where fanout keeps each product's last change (read through `by_time`) and each storefront's rules.

| pk | sk | what |
|---|---|---|
| `product#<product>` | `change` | the product's last change; `by_time` lists a shard's by their stamps |
| `<account>` | `storefront#<storefront>` | the rule in force |
| `<account>` | `rule#<storefront>#<version>` | a rule that was in force before; gone after HISTORY |

The items of webhooks are in the same table, and in `items.py` beside this file.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.fanout.product_change import Change
from functions.fanout.storefront_view import Lens
from shared.aws.clients import session
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, refused
from shared.messages import StorefrontConfigured
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

PRODUCT, CHANGE, STOREFRONT, RULE = "product#", "change", "storefront#", "rule#"
EARLIEST, LAST = "0", "~"
"""Sort before and after every character that `at` has after a moment."""
HISTORY = timedelta(days=31)
"""So long a rule is kept that is in force no more: a cursor is good for 30 days, and names one that was in force when it was given."""
ATTEMPTS = 5
"""So often a rule is put before the queue brings its event again: two events of one storefront may be worked on at once."""


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

    def change(self) -> Change:
        item: Any = self
        in_stock = bool(item.listed) if item.in_stock is None else item.in_stock
        return Change(
            item.pk.removeprefix(PRODUCT), item.offer_id, item.supplier_id, item.version, item.at, item.product, in_stock,
            item.stock_version,
        )  # fmt: skip


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


class RuleItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    """The last event's."""
    since = IntegerAttribute()
    """The version that brought this rule: a storefront's other changes, such as its name, are no news for its sites."""
    selection = UnicodeAttribute()
    price_rule = UnicodeAttribute()
    selling = BooleanAttribute()

    def rule(self) -> Rule:
        selection, price_rule = Selection.model_validate_json(self.selection), PriceRule.model_validate_json(self.price_rule)
        return Rule(selection, price_rule, selling=self.selling)

    def same_rule(self, other: "RuleItem") -> bool:
        return (self.selection, self.price_rule, self.selling) == (other.selection, other.price_rule, other.selling)


class FanoutStore:
    """The change log, and storefronts' rules."""

    def __init__(self, table: str) -> None:
        bind(table, ChangeItem, StampedItem, RuleItem)

    def keep(self, change: Change) -> None:
        """Keep what the catalog says of a product, unless as much or more is known. What orders said of its stock stays."""
        product, listed = StampedItem.product, StampedItem.listed
        told = [product.set(change.product), listed.set(change.in_stock)] if change.product else [product.remove(), listed.remove()]
        _write(change, StampedItem.version, change.version, told)

    def keep_stock(self, change: Change) -> None:
        """Keep what orders says of a product's stock, unless as much or more is known; even before the catalog says anything."""
        _write(change, StampedItem.stock_version, change.stock_version, [StampedItem.in_stock.set(change.in_stock)])

    def between(self, shard: str, after: str, until: str, limit: int) -> Sequence[Change]:
        beyond = after + LAST if after else EARLIEST
        if beyond > until:
            return []
        return [item.change() for item in ChangeItem.by_time.query(shard, ByTime.at.between(beyond, until), limit=limit)]

    def changes(self, product_ids: Iterable[str]) -> list[Change]:
        """The products' last changes as they are this moment, in no order; at most 100 products."""
        keys = [(PRODUCT + product_id, CHANGE) for product_id in product_ids]
        return [item.change() for item in ChangeItem.batch_get(keys, consistent_read=True)]

    def configure(self, message: StorefrontConfigured, now: datetime) -> bool:
        """Keep the storefront's rule unless a newer one is kept, and the one before it for HISTORY.

        Answers whether the rule in force is the one that this very version brought; so it does when the event comes again.
        """
        for _ in range(ATTEMPTS):
            held, item = _in_force(message.account_id, message.storefront_id), _item(message)
            if held is not None and held.version >= item.version:
                return bool(held.since == item.version)
            if held is not None and held.same_rule(item):
                item.since = held.since
            elif held is not None:
                _keep_past(held, message.storefront_id, now)
            if _replaced(held, item):
                return bool(item.since == item.version)
        raise RuntimeError(f"the rule of {message.storefront_id} is being changed by others too")

    def lens(self, account_id: str, storefront_id: str, rates: Rates) -> Lens | None:
        """The storefront's rule as it is this moment, with these rates; None if the account has no such storefront."""
        item = _in_force(account_id, storefront_id)
        return Lens(storefront_id, account_id, item.since, item.rule(), rates) if item else None

    def past(self, lens: Lens, version: int, rates: Rates, limit: int, now: datetime) -> list[Lens] | None:
        """The rules that were in force before that of `lens`, from `version` on, with these rates.

        None if that one is kept no longer, or if there are more than `limit`. Where one is kept, all later ones are.
        """
        head = f"{RULE}{lens.storefront_id}#"
        rows = RuleItem.sk.between(f"{head}{version:010d}", f"{head}{lens.version - 1:010d}")
        found: list[Any] = list(RuleItem.query(lens.account_id, rows, consistent_read=True, limit=limit + 1))
        if not found or found[0].since != version or (found[0].expires_at or 0) <= now.timestamp() or len(found) > limit:
            return None
        return [Lens(lens.storefront_id, lens.account_id, item.since, item.rule(), rates) for item in found]


def _write(change: Change, counter: Any, version: int, told: list[Any]) -> None:
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


def _in_force(account_id: str, storefront_id: str) -> Any:
    try:
        return RuleItem.get(account_id, STOREFRONT + storefront_id, consistent_read=True)
    except RuleItem.DoesNotExist:
        return None


def _item(message: StorefrontConfigured) -> RuleItem:
    return RuleItem(
        message.account_id, STOREFRONT + message.storefront_id, version=message.version, since=message.version,
        selection=message.selection.model_dump_json(exclude_defaults=True),
        price_rule=message.price_rule.model_dump_json(exclude_defaults=True), selling=message.open and not message.suspended,
    )  # fmt: skip


def _keep_past(held: RuleItem, storefront_id: str, now: datetime) -> None:
    RuleItem(
        held.pk, f"{RULE}{storefront_id}#{held.since:010d}", version=held.version, since=held.since, selection=held.selection,
        price_rule=held.price_rule, selling=held.selling, expires_at=int((now + HISTORY).timestamp()),
    ).save()  # fmt: skip


def _replaced(held: Any, item: RuleItem) -> bool:
    """Puts `item` in the place of `held`; False if another was put there meanwhile."""
    try:
        item.save(condition=RuleItem.version.does_not_exist() if held is None else RuleItem.version == held.version)
    except PutError as error:
        if not refused(error):
            raise
        return False
    return True
