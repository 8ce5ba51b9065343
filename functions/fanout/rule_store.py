"""Where fanout keeps each storefront's rules.

| pk | sk | what |
|---|---|---|
| `<account>` | `storefront#<storefront>` | the rule in force |
| `<account>` | `rule#<storefront>#<version>` | a rule that was in force before; gone after HISTORY |
"""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.fanout.storefront_view import SiteView
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_if
from shared.bounds.kept import kept
from shared.messages import StorefrontConfigured
from shared.optimistic_retry import Contended, Retry
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

STOREFRONT, RULE = "storefront#", "rule#"
HISTORY = timedelta(days=31)
"""So long a rule is kept that is in force no more: a cursor is good for 30 days, and names one that was in force when it was given."""


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
    repriced_at = UnicodeAttribute(null=True)

    def rule(self) -> Rule:
        selection, price_rule = kept(Selection, self.selection), kept(PriceRule, self.price_rule)
        return Rule(selection, price_rule, selling=self.selling, repriced_at=self.repriced_at or "")

    def same_rule(self, other: "RuleItem") -> bool:
        return (self.selection, self.price_rule, self.selling) == (other.selection, other.price_rule, other.selling)


class RuleStore:
    """Storefronts' rules, the one in force and those before it."""

    def __init__(self, table: str, retry: Retry) -> None:
        bind(table, RuleItem)
        self._retry = retry

    def configure(self, message: StorefrontConfigured, now: datetime) -> bool:
        """Keep the storefront's rule unless a newer one is kept, and the one before it for HISTORY.

        Answers whether the rule in force is the one that this very version brought; so it does when the event comes again. Two events of
        one storefront may be worked on at once: raises RuntimeError if others keep coming first, and the queue brings this one again.
        """

        def attempt() -> bool:
            held, item = _in_force(message.account_id, message.storefront_id), _item(message)
            if held is not None and held.version >= item.version:
                return bool(held.since == item.version)
            if held is not None and held.same_rule(item):
                item.since = held.since
            elif held is not None:
                _keep_past(held, message.storefront_id, now)
            if not put_if(item, RuleItem.version.does_not_exist() if held is None else RuleItem.version == held.version):
                raise Contended
            return bool(item.since == item.version)

        return self._retry(attempt, lambda: RuntimeError(f"the rule of {message.storefront_id} is being changed by others too"))

    def current_view(self, account_id: str, storefront_id: str, rates: Rates) -> SiteView | None:
        """By the storefront's rule as it is this moment, with these rates; None if the account has no such storefront."""
        item = _in_force(account_id, storefront_id)
        return SiteView(storefront_id, account_id, item.since, item.rule(), rates) if item else None

    def earlier_views(self, view: SiteView, version: int, rates: Rates, limit: int, now: datetime) -> list[SiteView] | None:
        """By the rules that were in force before that of `view`, from `version` on, with these rates.

        None if that one is kept no longer, or if there are more than `limit`. Where one is kept, all later ones are.
        """
        head = f"{RULE}{view.storefront_id}#"
        rows = RuleItem.sk.between(f"{head}{version:010d}", f"{head}{view.version - 1:010d}")
        found: list[Any] = list(RuleItem.query(view.account_id, rows, consistent_read=True, limit=limit + 1))
        if not found or found[0].since != version or (found[0].expires_at or 0) <= now.timestamp() or len(found) > limit:
            return None
        return [SiteView(view.storefront_id, view.account_id, item.since, item.rule(), rates) for item in found]


def _in_force(account_id: str, storefront_id: str) -> Any:
    try:
        return RuleItem.get(account_id, STOREFRONT + storefront_id, consistent_read=True)
    except RuleItem.DoesNotExist:
        return None


def _item(message: StorefrontConfigured) -> RuleItem:
    return RuleItem(
        message.account_id,
        STOREFRONT + message.storefront_id,
        version=message.version,
        since=message.version,
        selection=message.selection.model_dump_json(exclude_defaults=True),
        price_rule=message.price_rule.model_dump_json(exclude_defaults=True),
        selling=message.open and not message.suspended,
        repriced_at=message.repriced_at or None,
    )


def _keep_past(held: RuleItem, storefront_id: str, now: datetime) -> None:
    RuleItem(
        held.pk,
        f"{RULE}{storefront_id}#{held.since:010d}",
        version=held.version,
        since=held.since,
        selection=held.selection,
        price_rule=held.price_rule,
        selling=held.selling,
        repriced_at=held.repriced_at,
        expires_at=int((now + HISTORY).timestamp()),
    ).save()
