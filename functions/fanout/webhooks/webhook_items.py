"""What webhooks keep in fanout's table, beside what store.py keeps there, and the logs among it.

| pk | sk | what |
|---|---|---|
| `<account>#<storefront>` | `webhook#<subscription>` | a subscription; `open` lists those that are due to be tried again |
| `<account>` | `webhook#<subscription>` | of which storefront it is |
| `shard#<n>` | `<subscription>` | its route: a copy of the subscription and of its storefront's rule |
| `shard#<n>` | `head` | how many routes there are, and their generation; `open` lists the shards with room |
| `shard#<n>#log` | `<delivery>` | who took a message to the shard |
| `<account>#<storefront>#<subscription>` | `<delivery>` | any other attempt |
| `<account>#<storefront>` | `event#<moment>#<id>` | an event that endpoints are told |
| `shards`, `rates` | `state` | the number of shards; the day of the newest rates |
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from functions.fanout.webhook_delivery.delivery_log import KEPT, Attempt, Record
from functions.fanout.webhook_delivery.delivery_worker import Event
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind

EVENT = "event#"


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


class AttemptItem(Item):
    class Meta(Table):
        pass

    at = UnicodeAttribute()
    type = UnicodeAttribute()
    status = IntegerAttribute(null=True)
    error = UnicodeAttribute(null=True)
    ms = IntegerAttribute()
    snippet = UnicodeAttribute(null=True)
    changes = IntegerAttribute()
    first = UnicodeAttribute()
    last = UnicodeAttribute()


class RecordItem(Item):
    class Meta(Table):
        pass

    at = UnicodeAttribute()
    first = UnicodeAttribute()
    last = UnicodeAttribute()
    done = BinaryAttribute(legacy_encoding=False)


class EventItem(Item):
    class Meta(Table):
        pass

    id = UnicodeAttribute()
    type = UnicodeAttribute()
    told = UnicodeAttribute()


class LogStore:
    """What was sent, and the events that are to be sent."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, AttemptItem, RecordItem, EventItem)
        self._clock = clock

    def log(self, tenant: str, subscription_id: str, attempt: Attempt) -> None:
        AttemptItem(
            f"{tenant}#{subscription_id}", attempt.id, at=attempt.at, type=attempt.type, status=attempt.status, error=attempt.error or None,
            ms=attempt.ms, snippet=attempt.snippet or None, changes=attempt.changes, first=attempt.first, last=attempt.last,
            expires_at=self._after(KEPT),
        ).save()  # fmt: skip

    def attempts(self, tenant: str, subscription_id: str, before: str, limit: int) -> Sequence[Attempt]:
        return [_attempt(item) for item in _newest(AttemptItem, f"{tenant}#{subscription_id}", before, limit)]

    def attempt(self, subscription: Subscription, delivery_id: str) -> Attempt | None:
        try:
            return _attempt(AttemptItem.get(f"{subscription.tenant}#{subscription.id}", delivery_id))
        except AttemptItem.DoesNotExist:
            pass
        try:
            return _record(RecordItem.get(_log(subscription.shard), delivery_id)).attempt(subscription.id, CHANGED)
        except RecordItem.DoesNotExist:
            return None

    def record(self, shard: int, record: Record) -> None:
        RecordItem(
            _log(shard), record.id, at=record.at, first=record.first, last=record.last, done=record.done, expires_at=self._after(KEPT)
        ).save()

    def records(self, shard: int, before: str, limit: int) -> Sequence[Record]:
        return [_record(item) for item in _newest(RecordItem, _log(shard), before, limit)]

    def keep_event(self, event: Event) -> None:
        item = EventItem(event.tenant, EVENT + event.place, id=event.id, type=event.type, told=event.told, expires_at=self._after(KEPT))
        item.save()

    def events(self, tenant: str, after: str, until: str, limit: int) -> Sequence[Event]:
        if after >= until:
            return []
        between = EventItem.sk.between(f"{EVENT}{after}!", f"{EVENT}{until}~")
        found = EventItem.query(tenant, between, consistent_read=True, limit=limit)
        return [Event(tenant, i.sk.removeprefix(EVENT), i.id, i.type, i.told) for i in found]

    def _after(self, span: timedelta) -> int:
        return int((self._clock() + span).timestamp())


def _log(shard: int) -> str:
    return f"shard#{shard}#log"


def _newest(model: type[Any], pk: str, before: str, limit: int) -> Iterator[Any]:
    found: Iterator[Any] = model.query(pk, model.sk < before if before else None, scan_index_forward=False, limit=limit)
    return found


def _attempt(i: Any) -> Attempt:
    return Attempt(i.sk, i.at, i.type, i.status, i.error or "", i.ms, i.snippet or "", i.changes, i.first, i.last)


def _record(item: Any) -> Record:
    return Record(item.sk, item.at, item.first, item.last, item.done)
