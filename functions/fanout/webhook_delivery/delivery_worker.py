"""One message of the deliveries' queue: changes for a shard, an event for a tenant, a test for one endpoint.

Each endpoint gets one attempt here. The first that fails puts its subscription behind, and a catch-up of its own brings what it
missed; so an endpoint that hangs costs other tenants nothing, and its own next message is not even tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from functions.fanout.product_change import ProductChange
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, PingJob, RatesJob, ReadJob, ShardJob
from functions.fanout.webhook_delivery.delivery_log import ShardRecord, packed
from functions.fanout.webhook_delivery.endpoint_sender import EndpointSender
from functions.fanout.webhook_delivery.signed_delivery import Delivery, DeliveryWriter
from functions.fanout.webhook_delivery.subscription_shards import RECENT, WALK_DELAY, RouteCache
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from functions.fanout.webhooks.subscription_states import MOMENT, SubscriptionStates
from functions.fanout.webhooks.tenant_event import TenantEvent
from monsoon_plugin.clock import rfc3339

AT_ONCE_BYTES = 64 * 1024 * 1024
"""Bodies that a worker holds in memory at a time."""
SPREAD = timedelta(minutes=12)
"""Over so long the walks of a new day's rates begin."""


class LastChanges(Protocol):
    def changes(self, product_ids: Iterable[str]) -> Sequence[ProductChange]:
        """The last change of each, as of now."""
        ...


class Subscriptions(Protocol):
    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        """As of now."""
        ...

    def of(self, tenant: str) -> Sequence[Subscription]:
        """The storefront's subscriptions, as of now."""
        ...

    def touch(self, shard: int) -> None:
        """Raise the generation of the shard's head, so that all processes read its routes anew."""
        ...


class Records(Protocol):
    def record(self, shard: int, record: ShardRecord) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryWorker:
    changes: LastChanges
    subscriptions: Subscriptions
    routes: RouteCache
    sender: EndpointSender
    states: SubscriptionStates
    records: Records

    def tell_shard(self, job: ShardJob) -> None:
        """Tell the shard's subscriptions of the products' last changes. The order of reading is what subscription_shards.py relies on."""
        changes = self.changes.changes(job.product_ids)
        if not changes:
            return
        first, last = min(change.at for change in changes), max(change.at for change in changes)
        written = [ChangeJson(change, job.since.get(change.product_id, "")) for change in changes]
        everyone = [t for t in self.routes.targets(job.shard) if t.subscription.told_changes]
        targets = [t for t in everyone if not t.subscription.skips(first)]
        self._replay_late((t.subscription for t in everyone), first)
        writer = DeliveryWriter(self.sender.clock())
        done, failed = list[tuple[str, int, int, int]](), False
        for group in grouped(d for t in targets for d in writer.changes(t, (one.news(t.view) for one in written))):
            for delivery, outcome in zip(group, self.sender.post(group), strict=True):
                subscription = delivery.endpoint.subscription
                if outcome.taken and outcome.status is not None:
                    done.append((subscription.id, outcome.status, outcome.ms, delivery.changes))
                    continue
                failed = True
                self.sender.log_attempt(job.id, (CHANGED, first, last), [delivery], [outcome])
                self.states.record_failure(subscription, outcome, first)
        if done:
            self.records.record(job.shard, ShardRecord(job.id, rfc3339(writer.now), first, last, packed(done)))
        if failed:
            self.subscriptions.touch(job.shard)

    def tell_tenant(self, job: EventJob) -> None:
        """Tell a tenant's endpoints of its event, those that asked for the type."""
        event = job.event
        asked = [s for s in self.subscriptions.of(job.tenant) if event.type in s.types]
        self._replay_late(asked, event.at)
        for subscription in asked:
            if not subscription.skips(event.at):
                outcome = self.sender.send_event(subscription, event)
                if not outcome.taken:
                    self.states.record_failure(subscription, outcome, event.at)
                    self.subscriptions.touch(subscription.shard)

    def _replay_late(self, subscriptions: Iterable[Subscription], at: str) -> None:
        """Note what is stamped `at` for those that were disabled after it: enabled again, they begin with it."""
        jobs = [ReadJob.of(s, "replay", at[:MOMENT]) for s in subscriptions if s.disabled_since(at)]
        if jobs:
            self.states.catchups.send(jobs)

    def ping(self, job: PingJob) -> None:
        """Send a test. However it ends, the subscription stays as it is; the log tells."""
        subscription = self.subscriptions.find(job.tenant, job.subscription_id)
        if subscription is not None:
            place, told = rfc3339(self.sender.clock()), f'{{"subscription_id":"{job.subscription_id}"}}'
            self.sender.send_event(subscription, TenantEvent(tenant=job.tenant, place=place, id=job.id, type="ping", told=told))

    def walk_for_rates(self, job: RatesJob) -> None:
        """Have each storefront of the shard that converts walked, at different moments. By now no process converts by an older day."""
        since = rfc3339(self.sender.clock() - RECENT)
        for target in self.routes.targets(job.shard):
            if target.view.day and target.subscription.told_changes:
                spread = timedelta(seconds=self.states.below(int(SPREAD.total_seconds())))
                walk = ReadJob.of(target.subscription, "walk", since).model_copy(update={"day": job.day})
                self.states.catchups.send([walk], WALK_DELAY + spread)


def grouped(deliveries: Iterable[Delivery]) -> Iterable[list[Delivery]]:
    """All deliveries at once, or as many as fit into the memory."""
    held, size = list[Delivery](), 0
    for delivery in deliveries:
        if held and size + len(delivery.request.body) > AT_ONCE_BYTES:
            yield held
            held, size = [], 0
        held.append(delivery)
        size += len(delivery.request.body)
    if held:
        yield held
