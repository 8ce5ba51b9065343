"""Webhook subscriptions and the shards they lie in (subscription_items).

A subscription's change is a transaction of two or three items, since a route that differed from it would be sent to for ever.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.fanout.rule_store import STOREFRONT, RuleItem
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.subscription_shards import MOST_ROUTES, Route, SiteViewOf
from functions.fanout.webhooks.subscription import Subscription
from functions.fanout.webhooks.subscription_items import HeadItem, OpenIndex, OwnerItem, RouteItem, StateItem, WebhookItem
from shared.aws.dynamo import bind, connection, reasons, refused
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.iteration import each_read
from shared.messages import SubscriptionDisabled
from shared.optimistic_retry import Contended, Retry
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

WEBHOOK, HEAD, STATE = "webhook#", "head", "state"
DUE_SHARDS = 4
"""Over so many partitions of the index those that are due are spread."""
MOST_LISTED = 100
ITEMS = (RuleItem, WebhookItem, OwnerItem, RouteItem, HeadItem, StateItem)


class SubscriptionStore:
    """webhook_service.Subscriptions, subscription_shards.ShardRoutes, retry_sweep.SweptStore."""

    def __init__(self, table: str, retry: Retry) -> None:
        bind(table, *ITEMS)
        self._retry = retry

    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        try:
            return _subscription(WebhookItem.get(tenant, WEBHOOK + subscription_id, consistent_read=True))
        except WebhookItem.DoesNotExist:
            return None

    def find_of_account(self, account_id: str, subscription_id: str) -> Subscription | None:
        try:
            owner = OwnerItem.get(account_id, WEBHOOK + subscription_id)
        except OwnerItem.DoesNotExist:
            return None
        return self.find(f"{account_id}#{owner.storefront_id}", subscription_id)

    def of(self, tenant: str) -> Sequence[Subscription]:
        found = WebhookItem.query(tenant, WebhookItem.sk.startswith(WEBHOOK), consistent_read=True, limit=MOST_LISTED)
        return [_subscription(item) for item in found]

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool:
        item, route = _webhook(subscription.saved()), RouteItem(_shard(subscription.shard), subscription.id)
        if disabled_at is not None:
            item.event = envelope(_notice(subscription.saved()), disabled_at)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=WebhookItem.version == subscription.version)
                transaction.update(route, actions=[RouteItem.subscription.set(item.subscription)], condition=RouteItem.pk.exists())
                if not quiet:
                    transaction.update(HeadItem(route.pk, HEAD), actions=[HeadItem.generation.add(1)])
        except TransactWriteError as error:
            if not {"ConditionalCheckFailed", "TransactionConflict"} & set(reasons(error)):
                raise
            return False
        return True

    def add(self, subscription: Subscription, view: SiteView) -> Subscription | None:
        """As webhook_service.Subscriptions says. Raises RuntimeError where many are being added to the same shards at once."""

        def attempt() -> Subscription | None:
            kept = self.find(subscription.tenant, subscription.id)
            if kept is not None:
                return kept
            shard, head = self._room()
            made = subscription.model_copy(update={"shard": shard})
            failed = _add(made, view, head)
            if failed is None:
                return made
            if failed[-1] == "ConditionalCheckFailed":
                return None
            raise Contended

        return self._retry(attempt, lambda: RuntimeError("many subscriptions are being added: try again"))

    def _room(self) -> tuple[int, Any]:
        """A shard with room and its head, as read; a new shard if none has room. Adding spreads over those that have."""
        listed = list(WebhookItem.open_index.query("room", limit=MOST_LISTED))
        random.shuffle(listed)
        for keys in listed:
            head = _head(keys.pk)
            if head is not None and head.routes < MOST_ROUTES:
                return int(keys.pk.removeprefix("shard#")), head
        state: Any = StateItem("shards", STATE)
        state.update(actions=[StateItem.shards.add(1)])
        return int(state.shards) - 1, None

    def remove(self, subscription: Subscription) -> None:
        """A transaction, so that the shard's number of routes stays true. Nothing, if it is gone already."""
        shard = _shard(subscription.shard)
        room = [HeadItem.open_pk.set("room"), HeadItem.open_sk.set(str(subscription.shard))]
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.delete(WebhookItem(subscription.tenant, WEBHOOK + subscription.id), condition=WebhookItem.pk.exists())
                transaction.delete(OwnerItem(subscription.account_id, WEBHOOK + subscription.id))
                transaction.delete(RouteItem(shard, subscription.id))
                transaction.update(HeadItem(shard, HEAD), actions=[HeadItem.routes.add(-1), HeadItem.generation.add(1), *room])
        except TransactWriteError as error:
            if reasons(error)[0] != "ConditionalCheckFailed":
                raise

    def copy_rule(self, subscription: Subscription) -> None:
        rule: Any = RuleItem.get(subscription.account_id, STOREFRONT + subscription.storefront_id, consistent_read=True)
        copied: list[Action] = [
            RouteItem.since.set(rule.since), RouteItem.selection.set(rule.selection), RouteItem.price_rule.set(rule.price_rule),
            RouteItem.selling.set(rule.selling),
        ]  # fmt: skip
        route = RouteItem(_shard(subscription.shard), subscription.id)
        try:
            route.update(actions=copied, condition=RouteItem.pk.exists() & (RouteItem.since < rule.since))
        except UpdateError as error:
            if not refused(error):
                raise
        self.touch(subscription.shard)

    def touch(self, shard: int) -> None:
        HeadItem(_shard(shard), HEAD).update(actions=[HeadItem.generation.add(1)])

    def generation(self, shard: int) -> int:
        head = _head(_shard(shard))
        return int(head.generation) if head else 0

    def routes(self, shard: int) -> Sequence[Route]:
        items: Iterator[Any] = RouteItem.query(_shard(shard), RouteItem.sk.between("whk_", "whk_~"), consistent_read=True)
        return [Route(_subscription(item), _view_of(item)) for item in items]

    def shards(self) -> int:
        return int(_state("shards").shards or 0)

    def rates_day(self) -> str:
        return _state("rates").day or ""

    def keep_rates_day(self, day: str) -> None:
        StateItem("rates", STATE, day=day).save()

    def due(self, now: str, limit: int) -> Iterator[Subscription]:
        keys = [
            (found.pk, found.sk.removeprefix(WEBHOOK))
            for n in range(DUE_SHARDS)
            for found in WebhookItem.open_index.query(f"due#{n}", OpenIndex.open_sk <= now, limit=limit // DUE_SHARDS)
        ]
        return each_read(keys, lambda key: self.find(*key), "subscriptions")


def _add(made: Subscription, view: SiteView, held: Any) -> Sequence[str | None] | None:
    """Why it could not be added, by item, the rule's last; None if it was."""
    item, shard = _webhook(made), _shard(made.shard)
    routes, generation = (held.routes + 1, held.generation + 1) if held else (1, 1)
    head = HeadItem(shard, HEAD, routes=routes, generation=generation)
    if routes < MOST_ROUTES:
        head.open_pk, head.open_sk = "room", str(made.shard)
    rule: Any = view.rule
    route = RouteItem(
        shard,
        made.id,
        subscription=item.subscription,
        since=view.version,
        selection=rule.selection.model_dump_json(exclude_defaults=True),
        price_rule=rule.price_rule.model_dump_json(exclude_defaults=True),
        selling=rule.selling,
    )
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.condition_check(
                RuleItem, made.account_id, STOREFRONT + made.storefront_id, condition=RuleItem.since == view.version
            )
            transaction.save(item, condition=WebhookItem.pk.does_not_exist())
            transaction.save(OwnerItem(made.account_id, item.sk, storefront_id=made.storefront_id))
            transaction.save(route)
            transaction.save(head, condition=HeadItem.generation == held.generation if held else HeadItem.pk.does_not_exist())
    except TransactWriteError as error:
        return reasons(error)[::-1]
    return None


def _subscription(item: Any) -> Subscription:
    return kept(Subscription, item.subscription)


def _webhook(subscription: Subscription) -> WebhookItem:
    text = subscription.model_dump_json(exclude_defaults=True)
    item = WebhookItem(subscription.tenant, WEBHOOK + subscription.id, subscription=text, version=subscription.version)
    if subscription.due_at:
        item.open_pk = f"due#{zlib.crc32(subscription.id.encode()) % DUE_SHARDS}"
        item.open_sk = subscription.due_at
    return item


def _notice(s: Subscription) -> SubscriptionDisabled:
    return SubscriptionDisabled(
        subscription_id=s.id, account_id=s.account_id, storefront_id=s.storefront_id, reason=s.reason, version=s.version
    )


def _shard(shard: int) -> str:
    return f"shard#{shard}"


def _head(pk: str) -> Any:
    try:
        return HeadItem.get(pk, HEAD, consistent_read=True)
    except HeadItem.DoesNotExist:
        return None


def _state(pk: str) -> Any:
    try:
        return StateItem.get(pk, STATE, consistent_read=True)
    except StateItem.DoesNotExist:
        return StateItem(pk, STATE)


def _view_of(item: Any) -> SiteViewOf:
    rule = Rule(kept(Selection, item.selection), kept(PriceRule, item.price_rule), selling=item.selling)
    subscription = _subscription(item)

    def of(rates: Rates) -> SiteView:
        return SiteView(subscription.storefront_id, subscription.account_id, int(item.since), rule, rates)

    return of
