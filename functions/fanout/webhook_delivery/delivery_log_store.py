"""The log of webhooks in fanout's table, and the events that endpoints are to be told. All of it is gone after KEPT.

| pk | sk | what |
|---|---|---|
| `shard#<n>#log` | `<delivery>` | who took a message to the shard |
| `<account>#<storefront>#<subscription>` | `<delivery>` | any other attempt |
| `<account>#<storefront>` | `event#<moment>#<id>` | an event that endpoints are told |
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from functions.fanout.webhook_delivery.delivery_log import KEPT, DeliveryAttempt, ShardRecord
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from functions.fanout.webhooks.tenant_event import TenantEvent
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind

EVENT = "event#"


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


class DeliveryLogStore:
    """What was sent, and the events that are to be sent."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, AttemptItem, RecordItem, EventItem)
        self._clock = clock

    def log(self, tenant: str, subscription_id: str, attempt: DeliveryAttempt) -> None:
        AttemptItem(
            f"{tenant}#{subscription_id}", attempt.id, at=attempt.at, type=attempt.type, status=attempt.status, error=attempt.error or None,
            ms=attempt.ms, snippet=attempt.snippet or None, changes=attempt.changes, first=attempt.first, last=attempt.last,
            expires_at=self._after(KEPT),
        ).save()  # fmt: skip

    def attempts(self, tenant: str, subscription_id: str, before: str, limit: int) -> Sequence[DeliveryAttempt]:
        return [_attempt(item) for item in _newest(AttemptItem, f"{tenant}#{subscription_id}", before, limit)]

    def attempt(self, subscription: Subscription, delivery_id: str) -> DeliveryAttempt | None:
        try:
            return _attempt(AttemptItem.get(f"{subscription.tenant}#{subscription.id}", delivery_id))
        except AttemptItem.DoesNotExist:
            pass
        try:
            return _record(RecordItem.get(_log(subscription.shard), delivery_id)).attempt(subscription.id, CHANGED)
        except RecordItem.DoesNotExist:
            return None

    def record(self, shard: int, record: ShardRecord) -> None:
        RecordItem(
            _log(shard), record.id, at=record.at, first=record.first, last=record.last, done=record.done, expires_at=self._after(KEPT)
        ).save()

    def records(self, shard: int, before: str, limit: int) -> Sequence[ShardRecord]:
        return [_record(item) for item in _newest(RecordItem, _log(shard), before, limit)]

    def keep_event(self, event: TenantEvent) -> None:
        EventItem(
            event.tenant, EVENT + event.place, id=event.id, type=event.type, told=event.told, expires_at=self._after(KEPT)
        ).save()  # fmt: skip

    def events(self, tenant: str, after: str, until: str, limit: int) -> Sequence[TenantEvent]:
        if after >= until:
            return []
        between = EventItem.sk.between(f"{EVENT}{after}!", f"{EVENT}{until}~")
        found = EventItem.query(tenant, between, consistent_read=True, limit=limit)
        return [TenantEvent(tenant=tenant, place=i.sk.removeprefix(EVENT), id=i.id, type=i.type, told=i.told) for i in found]

    def _after(self, span: timedelta) -> int:
        return int((self._clock() + span).timestamp())


def _log(shard: int) -> str:
    return f"shard#{shard}#log"


def _newest(model: type[Any], pk: str, before: str, limit: int) -> Iterator[Any]:
    found: Iterator[Any] = model.query(pk, model.sk < before if before else None, scan_index_forward=False, limit=limit)
    return found


def _attempt(item: Any) -> DeliveryAttempt:
    return DeliveryAttempt(
        id=item.sk,
        at=item.at,
        type=item.type,
        status=item.status,
        error=item.error or "",
        ms=item.ms,
        snippet=item.snippet or "",
        changes=item.changes,
        first=item.first,
        last=item.last,
    )


def _record(item: Any) -> ShardRecord:
    return ShardRecord(item.sk, item.at, item.first, item.last, item.done)
