"""One message of the deliveries' queue: changes for a shard, an event for a tenant, a test for one endpoint.

Each endpoint gets one attempt here. The first that fails puts its subscription behind, and a catch-up of its own brings what it
missed; so an endpoint that hangs costs other tenants nothing, and its own next message is not even tried.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.product_change import Change, Changes
from functions.fanout.storefront_view import Lens
from functions.fanout.webhook_delivery.change_planner import Queue
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, PingJob, RatesJob, ReadJob, ShardJob
from functions.fanout.webhook_delivery.delivery_log import Attempt, Log, Record, packed
from functions.fanout.webhook_delivery.retry_schedule import Below
from functions.fanout.webhook_delivery.signed_delivery import Delivery, Endpoint, Sender, Told, Writer, message_id
from functions.fanout.webhook_delivery.subscription_shards import RECENT, WALK_DELAY, Roster, Routes
from functions.fanout.webhooks.subscription import BY_QUEUE, CHANGED, Failed, Subscription
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.outbound.call import Outcome
from shared.trade.fx import Rates

AT_ONCE_BYTES = 64 * 1024 * 1024
"""Bodies that a worker holds in memory at a time."""
ATTEMPTS = 5
"""So often a subscription is changed anew when another process changed it meanwhile."""
MOMENT = 24
"""Characters of a stamp that are its moment."""
SPREAD = timedelta(minutes=12)
"""Over so long the walks of a new day's rates begin."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a tenant, `told` as its endpoints are told it. `place` (moment and id) is unique and sorts as events came."""

    tenant: str
    place: str
    id: str
    type: str
    told: str

    @property
    def at(self) -> str:
        return self.place.partition("#")[0]


class Store(Changes, Routes, Log, Protocol):
    """fanout's table."""

    def changes(self, product_ids: Iterable[str]) -> Sequence[Change]:
        """The last change of each, as of now."""
        ...

    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        """As of now."""
        ...

    def of(self, tenant: str) -> Sequence[Subscription]:
        """The storefront's subscriptions, as of now."""
        ...

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool:
        """Keep it and its route, unless it was changed since it was read, and raise the shard's head unless `quiet`.

        With `disabled_at`, its owner is told.
        """
        ...

    def touch(self, shard: int) -> None:
        """Raise the generation of the shard's head, so that all processes read its routes anew."""
        ...

    def lens(self, account_id: str, storefront_id: str, rates: Rates) -> Lens | None:
        """The storefront's rule as of now."""
        ...

    def past(self, lens: Lens, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[Lens] | None:
        """The rules in force before that of `lens`, from `version` on; None if there are more than `limit`, or one is forgotten."""
        ...

    def events(self, tenant: str, after: str, until: str, limit: int) -> Sequence[Event]:
        """At most `limit` events of the tenant in their order, whose place is later than `after` and not later than `until`."""
        ...

    def log(self, tenant: str, subscription_id: str, attempt: Attempt) -> None: ...

    def record(self, shard: int, record: Record) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What deliveries are made with. `catchups`: the queue of ReadJobs; `new_id`: of a delivery, sorting by time."""

    store: Store
    sender: Sender
    catchups: Queue
    rates: Callable[[str], Rates]
    secret: Callable[[], str]
    clock: Clock
    below: Below
    new_id: Callable[[datetime], str]

    def change(
        self, subscription: Subscription, step: Callable[[Subscription], Subscription], *, quiet: bool = False
    ) -> Subscription | None:
        """Keep what `step` makes of the subscription as it is now; None if it is gone. Raises RuntimeError if others keep changing it."""
        for _ in range(ATTEMPTS):
            found = self.store.find(subscription.tenant, subscription.id)
            changed = step(found) if found else None
            if found is None or changed is None or changed == found:
                return changed
            disabled = changed.state == "disabled" and found.state != "disabled"
            if self.store.replace(changed, quiet=quiet, disabled_at=self.clock() if disabled else None):
                return changed.saved()
        raise RuntimeError(f"{subscription.id} is being changed by others too")

    def failed(self, subscription: Subscription, outcome: Outcome, since: str) -> None:
        """A delivery of what is stamped from `since` on failed: the subscription lags, and is tried again by the schedule.

        The shard's head is not raised: who still takes the endpoint for active tries it in vain, and no more.
        """
        now, failure = self.clock(), failure_of(outcome, since)
        lagging = self.change(subscription, lambda s: s.missed(failure, now, self.below), quiet=True)
        self.retried(lagging)

    def retried(self, subscription: Subscription | None) -> None:
        """Have a lagging subscription tried again when it is time, if that is soon; the sweep sees to what is later."""
        if subscription is None or subscription.state != "lagging":
            return
        wait = from_rfc3339(subscription.next_at) - self.clock()
        if wait <= BY_QUEUE:
            self.catchups.send([ReadJob.of(subscription, "catchup", subscription.since)], max(wait, timedelta(0)))

    def tell(self, subscription: Subscription, event: Event) -> Outcome:
        """Send one event to one endpoint, and log how it went."""
        now = self.clock()
        endpoint = Endpoint(subscription, self.secret(), now)
        delivery = Writer(now).delivery(endpoint, message_id(subscription.id, event.id), event.type, event.told.encode())
        (outcome,) = self.post([delivery])
        self.log(self.new_id(now), (event.type, event.at, event.at), [delivery], [outcome])
        return outcome

    def post(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        return self.sender([delivery.request for delivery in deliveries])

    def log(self, delivery_id: str, told: tuple[str, str, str], deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]) -> None:
        """Keep one attempt of one subscription; `told`: the type, the first and the last stamp of what it tells.

        Of several deliveries the first that failed is kept.
        """
        subscription, (kind, first, last) = deliveries[0].endpoint.subscription, told
        outcome = next((outcome for outcome in outcomes if not outcome.taken), outcomes[0])
        error, changes = outcome.error.value if outcome.error else "", sum(delivery.changes for delivery in deliveries)
        at = rfc3339(self.clock())
        made = Attempt(delivery_id, at, kind, outcome.status, error, outcome.ms, outcome.snippet, changes, first, last)
        self.store.log(subscription.tenant, subscription.id, made)


@dataclass(frozen=True, slots=True)
class Dispatch:
    desk: Desk
    roster: Roster

    def changes(self, job: ShardJob) -> None:
        """Tell the shard's subscriptions of the products' last changes. The order of reading is what shards.py relies on."""
        desk = self.desk
        changes = desk.store.changes(job.product_ids)
        if not changes:
            return
        first, last = min(change.at for change in changes), max(change.at for change in changes)
        told = [Told(change) for change in changes]
        everyone = [t for t in self.roster.targets(job.shard) if t.subscription.told_changes]
        targets = [t for t in everyone if not t.subscription.skips(first)]
        self._late((t.subscription for t in everyone), first)
        writer = Writer(desk.clock())
        done, failed = list[tuple[str, int, int, int]](), False
        for group in grouped(d for t in targets for d in writer.changes(t, (one.entry(t.lens) for one in told))):
            for delivery, outcome in zip(group, desk.post(group), strict=True):
                subscription = delivery.endpoint.subscription
                if outcome.taken and outcome.status is not None:
                    done.append((subscription.id, outcome.status, outcome.ms, delivery.changes))
                    continue
                failed = True
                desk.log(job.id, (CHANGED, first, last), [delivery], [outcome])
                desk.failed(subscription, outcome, first)
        if done:
            desk.store.record(job.shard, Record(job.id, rfc3339(writer.now), first, last, packed(done)))
        if failed:
            desk.store.touch(job.shard)

    def event(self, job: EventJob) -> None:
        """Tell a tenant's endpoints of its event, those that asked for the type."""
        event = Event(job.tenant, job.place, job.id, job.type, job.told)
        asked = [s for s in self.desk.store.of(job.tenant) if event.type in s.types]
        self._late(asked, event.at)
        for subscription in asked:
            if not subscription.skips(event.at):
                outcome = self.desk.tell(subscription, event)
                if not outcome.taken:
                    self.desk.failed(subscription, outcome, event.at)
                    self.desk.store.touch(subscription.shard)

    def _late(self, subscriptions: Iterable[Subscription], at: str) -> None:
        """Note what is stamped `at` for those that were disabled after it: enabled again, they begin with it."""
        jobs = [ReadJob.of(s, "replay", at[:MOMENT]) for s in subscriptions if s.disabled_since(at)]
        if jobs:
            self.desk.catchups.send(jobs)

    def ping(self, job: PingJob) -> None:
        """Send a test. However it ends, the subscription stays as it is; the log tells."""
        subscription = self.desk.store.find(job.tenant, job.subscription_id)
        if subscription is not None:
            place, told = rfc3339(self.desk.clock()), f'{{"subscription_id":"{job.subscription_id}"}}'
            self.desk.tell(subscription, Event(job.tenant, place, job.id, "ping", told))

    def rates(self, job: RatesJob) -> None:
        """Have each storefront of the shard that converts walked, at different moments. By now no process converts by an older day."""
        since = rfc3339(self.desk.clock() - RECENT)
        for target in self.roster.targets(job.shard):
            if target.lens.day and target.subscription.told_changes:
                spread = timedelta(seconds=self.desk.below(int(SPREAD.total_seconds())))
                walk = ReadJob.of(target.subscription, "walk", since).model_copy(update={"day": job.day})
                self.desk.catchups.send([walk], WALK_DELAY + spread)


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


def failure_of(outcome: Outcome, since: str) -> Failed:
    """Of a delivery of what is stamped from `since` on."""
    why = outcome.error.value if outcome.error else f"the endpoint answered {outcome.status}"
    return Failed(why, outcome.status, since[:MOMENT], outcome.retry_after)
