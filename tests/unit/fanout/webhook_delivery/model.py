"""Webhooks in memory, in virtual time: one storefront's sites, told over queues that double, delay and reorder, by workers that die.

`converges(seed)` runs one random schedule and answers what each site holds, and what brute force says it must hold.
"""

import heapq
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.fanout.product_change import LogPage, ProductChange, moment_of
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.catch_up import CatchUp
from functions.fanout.webhook_delivery.change_planner import ChangePlanner
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, Job, PingJob, RatesJob, ReadJob, ShardJob
from functions.fanout.webhook_delivery.delivery_log import DeliveryAttempt, ShardRecord
from functions.fanout.webhook_delivery.delivery_worker import DeliveryWorker
from functions.fanout.webhook_delivery.endpoint_sender import EndpointSender
from functions.fanout.webhook_delivery.retry_sweep import RetrySweep
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from functions.fanout.webhook_delivery.subscription_shards import Route, RouteCache
from functions.fanout.webhooks.subscription import Subscription
from functions.fanout.webhooks.subscription_states import SubscriptionStates
from functions.fanout.webhooks.tenant_event import TenantEvent
from functions.fanout.webhooks.webhook_service import WebhookService
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.outbound.call import Failure, Outcome, Request
from shared.ids import new_id
from shared.optimistic_retry import AT_ONCE
from shared.trade.fx import Rates
from tests.fakes import FakeClock
from tests.unit.fanout.world import FakeLog, World, by_sequence, rates

SECRET = "the hub's secret of webhooks, for tests"
HOUR = timedelta(hours=1)


class Died(BaseException):
    """The worker's process ended in the middle of a job: nothing catches that."""


@dataclass
class MemoryStore:
    """fanout's table in dicts. `pass_by` is called within reads and writes, where another process may be quicker."""

    world: FakeLog
    clock: FakeClock
    pass_by: Callable[[], None] = lambda: None
    kept: dict[tuple[str, str], Subscription] = field(default_factory=dict)
    copies: dict[str, tuple[Subscription, int]] = field(default_factory=dict)
    generations: dict[int, int] = field(default_factory=dict)
    told: list[TenantEvent] = field(default_factory=list)
    tried: dict[tuple[str, str], list[DeliveryAttempt]] = field(default_factory=dict)
    records_of: dict[int, list[ShardRecord]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    day: str = ""

    def current_view(self, account_id: str, storefront_id: str, rates: Rates) -> SiteView | None:
        self.pass_by()
        version, rule = self.world.rules[-1]
        return SiteView(storefront_id, account_id, version, rule, rates)

    def earlier_views(self, view: SiteView, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[SiteView] | None:
        return self.world.earlier_views(view, version, rates, limit, now)

    def between(self, shard: str, after: str, until: str, limit: int) -> LogPage:
        self.pass_by()
        return self.world.between(shard, after, until, limit)

    def changes(self, product_ids: Iterable[str]) -> Sequence[ProductChange]:
        found = [self.world.kept[product_id] for product_id in product_ids]
        self.pass_by()
        return found

    def generation(self, shard: int) -> int:
        found = self.generations.get(shard, 0)
        self.pass_by()
        return found

    def routes(self, shard: int) -> Sequence[Route]:
        self.pass_by()
        return [self._route(*copy) for copy in self.copies.values() if copy[0].shard == shard]

    def _route(self, subscription: Subscription, version: int) -> Route:
        rule = next(rule for known, rule in self.world.rules if known == version)
        return Route(subscription, lambda rates: SiteView(subscription.storefront_id, subscription.account_id, version, rule, rates))

    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        self.pass_by()
        return self.kept.get((tenant, subscription_id))

    def find_of_account(self, account_id: str, subscription_id: str) -> Subscription | None:
        return next((s for s in self.kept.values() if (s.account_id, s.id) == (account_id, subscription_id)), None)

    def of(self, tenant: str) -> Sequence[Subscription]:
        return [s for s in self.kept.values() if s.tenant == tenant]

    def add(self, subscription: Subscription, view: SiteView) -> Subscription | None:
        self.kept[subscription.tenant, subscription.id] = subscription
        self.copies[subscription.id] = (subscription, view.version)
        self.touch(subscription.shard)
        return subscription

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool:
        self.pass_by()
        key = (subscription.tenant, subscription.id)
        if self.kept[key].version != subscription.version:
            return False
        saved = self.kept[key] = subscription.saved()
        self.copies[subscription.id] = (saved, self.copies[subscription.id][1])
        if not quiet:
            self.touch(subscription.shard)
        if disabled_at:
            self.notices.append(subscription.id)
        return True

    def copy_rule(self, subscription: Subscription) -> None:
        held, version = self.copies[subscription.id]
        self.copies[subscription.id] = (held, max(version, self.world.rules[-1][0]))
        self.pass_by()
        self.touch(subscription.shard)

    def remove(self, subscription: Subscription) -> None:
        del self.kept[subscription.tenant, subscription.id], self.copies[subscription.id]

    def touch(self, shard: int) -> None:
        self.generations[shard] = self.generations.get(shard, 0) + 1

    def shards(self) -> int:
        return len(self.generations)

    def due(self, now: str, limit: int) -> Sequence[Subscription]:
        return [s for s in self.kept.values() if s.due_at and s.due_at <= now][:limit]

    def rates_day(self) -> str:
        return self.day

    def keep_rates_day(self, day: str) -> None:
        self.day = day

    def keep_event(self, event: TenantEvent) -> None:
        self.told.append(event)

    def events(self, tenant: str, after: str, until: str, limit: int) -> Sequence[TenantEvent]:
        found = (e for e in self.told if e.tenant == tenant and f"{after}!" <= e.place <= f"{until}~")
        return sorted(found, key=lambda e: e.place)[:limit]

    def log(self, tenant: str, subscription_id: str, attempt: DeliveryAttempt) -> None:
        self.tried.setdefault((tenant, subscription_id), []).append(attempt)

    def attempts(self, tenant: str, subscription_id: str, before: str, limit: int) -> Sequence[DeliveryAttempt]:
        found = [a for a in self.tried.get((tenant, subscription_id), []) if not before or a.id < before]
        return sorted(found, key=lambda a: a.id, reverse=True)[:limit]

    def attempt(self, subscription: Subscription, delivery_id: str) -> DeliveryAttempt | None:
        return next((a for a in self.tried.get((subscription.tenant, subscription.id), []) if a.id == delivery_id), None)

    def record(self, shard: int, record: ShardRecord) -> None:
        self.records_of.setdefault(shard, []).append(record)

    def records(self, shard: int, before: str, limit: int) -> Sequence[ShardRecord]:
        found = [r for r in self.records_of.get(shard, []) if not before or r.id < before]
        return sorted(found, key=lambda r: r.id, reverse=True)[:limit]


@dataclass
class Timeline:
    """What is to happen in virtual time. As a queue it brings jobs late, twice, and in any order."""

    clock: FakeClock
    chance: random.Random
    coming: list[tuple[datetime, int, Any]] = field(default_factory=list)
    sent: int = 0

    def at(self, moment: datetime, what: Any) -> None:
        self.sent += 1
        heapq.heappush(self.coming, (moment, self.sent, what))

    def later(self, milliseconds: int, what: Any) -> None:
        self.at(self.clock.now + timedelta(milliseconds=milliseconds), what)

    def send(self, jobs: Iterable[Job], delay: timedelta = timedelta(0)) -> None:
        for job in jobs:
            moment = self.clock.now + delay
            self.at(moment + timedelta(milliseconds=self.chance.randrange(3000)), job)
            if self.chance.random() < 0.1:
                self.at(moment + timedelta(milliseconds=self.chance.randrange(60_000)), job)

    def next(self) -> Any:
        moment, _, what = heapq.heappop(self.coming)
        self.clock.now = max(self.clock.now, moment)
        return what


@dataclass
class Site:
    """A client's endpoint: what it was sent, and whether it is up."""

    down: bool = False
    heard: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        document = json.loads(body)
        if document["type"] == "product.changed":
            self.heard += document["data"]["changes"]
        else:
            self.events.append(document)


class Hub:
    """The storefront's hub, its sites, and chance."""

    def __init__(self, chance: random.Random, sites: int = 2, rough: bool = True, post_all: PostAll | None = None) -> None:
        """`rough`: workers die, answers are lost, and other processes are quicker, now and then. `post_all`: instead of the sites."""
        self.world, self.chance, self.rough = World(), chance, rough
        self.clock = self.world.clock
        self.days: list[tuple[datetime, int]] = [(self.clock.now - HOUR, 1)]
        self.store = MemoryStore(self.world.log, self.clock, self._pass_by)
        self.queue = Timeline(self.clock, chance)
        self.sites = {f"https://site-{n}.example.com/": Site() for n in range(sites)}
        self.states = SubscriptionStates(
            store=self.store, catchups=self.queue, clock=self.clock, below=chance.randrange, retry=AT_ONCE
        )  # fmt: skip
        self.sender = EndpointSender(
            post_all=post_all or self._post, attempts=self.store, secret=lambda: SECRET, clock=self.clock, new_id=self._id
        )  # fmt: skip
        self.webhooks = WebhookService(
            store=self.store, states=self.states, views=self.store, events=self.store, attempts=self.store, deliveries=self.queue,
            rates=self._rates, hub_secret=lambda: SECRET, new_id=self._id, local=False,
        )  # fmt: skip
        self.workers = [self._worker() for _ in range(2)]
        self.catch_up = CatchUp(
            changes=self.store, events=self.store, rules=self.store, subscriptions=self.store, sender=self.sender, states=self.states,
            rates=self._rates,
        )  # fmt: skip
        self.planner = ChangePlanner(self.store.shards, self.queue, self._id, self.clock)
        self.sweep = RetrySweep(self.store, self.queue, self.queue, lambda _: rates(self.world.day), self.clock)
        self.store.keep_rates_day(rates(1).day)
        self.subscriptions = [self._subscribe(n, url) for n, url in enumerate(self.sites)]
        self.interludes: list[Callable[[], None]] = []
        self.next_sweep = self.clock.now

    def _worker(self) -> DeliveryWorker:
        return DeliveryWorker(
            changes=self.store, subscriptions=self.store, routes=RouteCache(self.store, self._rates, lambda: SECRET, self.clock),
            sender=self.sender, states=self.states, records=self.store,
        )  # fmt: skip

    def _subscribe(self, n: int, url: str) -> Subscription:
        view = self.world.view()
        made = Subscription(
            id=f"whk_{n:026d}", account_id="acc_1", storefront_id="sf_1", url=url, types=("product.changed", "order.placed"),
            created_at=rfc3339(self.clock.now), fingerprint="", shard=n % 2, walked_version=view.version,
        )  # fmt: skip
        self.store.add(made, view)
        return made

    def _id(self, now: datetime) -> str:
        return new_id("dlv", now, self.chance.randbytes)

    def _rates(self, least: str) -> Rates:
        """A process may look up a new day a minute late, unless it knows of it (day_rates.DayRates)."""
        since, day = self.days[-1]
        stale = len(self.days) > 1 and self.clock.now < since + timedelta(minutes=1) and self.chance.random() < 0.5
        found = rates(self.days[-2][1] if stale else day)
        return found if found.day >= least else rates(day)

    def _pass_by(self) -> None:
        if not self.rough:
            return
        if self.interludes and self.chance.random() < 0.1:
            self.interludes.pop(0)()
        if self.chance.random() < 0.01:
            raise Died

    def _post(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        self.clock.tick(milliseconds=self.chance.randrange(300))
        return [self._answer(request) for request in requests]

    def _answer(self, request: Request) -> Outcome:
        site = self.sites[request.url]
        if site.down:
            return Outcome(500, None, "", 20, None)
        site.take(request.body)
        lost = self.rough and self.chance.random() < 0.02
        return Outcome(None, Failure.TIMEOUT, "", 5000, None) if lost else Outcome(204, None, "", 20, None)

    def act(self, action: str, number: int, amount: int, delay: int) -> None:
        """One step of a schedule: of the catalog, of the storefront's owner, of the operator, or of a site."""
        site = list(self.sites.values())[number % len(self.sites)]
        subscription = self.subscriptions[number % len(self.subscriptions)]
        if action in ("down", "up"):
            site.down = action == "down"
        elif action in ("disable", "enable"):
            self._again(lambda: self.webhooks.edit(subscription, None, None, action == "enable"))
        elif action == "rule":
            self.world.act(action, number, amount, delay)
            version = self.world.log.rules[-1][0]
            self.queue.later(delay, lambda: self.webhooks.follow_rule("acc_1", "sf_1", version))
        elif action == "rates":
            self.world.act(action, number, amount, delay)
            self.days.append((self.clock.now, self.world.day))
        else:
            self.world.act(action, number, amount, delay)
            for late in (delay, 4000):
                self.queue.later(late, self._land)

    def _again(self, do: Callable[[], object]) -> None:
        """An owner asks until it is done."""
        for _ in range(20):
            try:
                do()
            except Died:
                continue
            return

    def _land(self) -> None:
        before = dict(self.world.log.kept)
        self.world.land()
        now = self.world.log.kept.items()
        written = {product_id: before_of(before.get(product_id), c) for product_id, c in now if before.get(product_id) != c}
        if written:
            self.queue.later(self.chance.randrange(2000), lambda: self.planner.plan(written))

    def run(self, until: datetime) -> None:
        while self.clock.now < until:
            moment = self.queue.coming[0][0] if self.queue.coming else until
            if self.next_sweep <= min(moment, until):
                self.clock.now = max(self.clock.now, self.next_sweep)
                self.next_sweep = self.clock.now + timedelta(minutes=1)
                self._do(self.sweep.run)
            elif moment >= until:
                self.clock.now = until
            else:
                self._do(self.queue.next())

    def _do(self, what: Any) -> None:
        try:
            if isinstance(what, Job):
                self.work(what)
            else:
                what()
        except Died:
            self.queue.later(30_000, what)

    def work(self, job: Job) -> None:
        worker = self.chance.choice(self.workers)
        match job:
            case ShardJob():
                worker.tell_shard(job)
            case EventJob():
                worker.tell_tenant(job)
            case PingJob():
                worker.ping(job)
            case RatesJob():
                worker.walk_for_rates(job)
            case ReadJob():
                self.catch_up.read(job)

    @property
    def settled(self) -> bool:
        return not self.queue.coming and all(s.state == "active" for s in self.store.kept.values())


def before_of(held: ProductChange | None, change: ProductChange) -> str:
    """As the stream's images say it."""
    return moment_of(held.at) if held and change.earlier else ""


ACTIONS = ("publish",) * 5 + ("recall", "stock", "stock", "rule", "rule", "rates", "down", "up", "disable", "enable")


def converges(
    seed: int, steps: int = 14, holds: Callable[[Sequence[dict[str, Any]]], dict[str, Any]] = by_sequence
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """For each site what it holds (by the greatest sequence), and by brute force, after a random schedule of at most `steps`.

    Raises AssertionError if a subscription is not active again within a day of virtual time.
    """
    chance = random.Random(seed)
    hub = Hub(chance)
    for _ in range(chance.randrange(3, steps + 1)):
        step = (chance.choice(ACTIONS), chance.randrange(4), chance.randrange(1, 20), chance.randrange(4000))
        if chance.random() < 0.3:
            hub.interludes.append(lambda step=step: hub.act(*step))
        else:
            hub.act(*step)
        hub.run(hub.clock.now + timedelta(milliseconds=chance.choice((10, 500, 3000, 12_000, 70_000, 400_000))))
    for interlude in hub.interludes:
        interlude()
    hub.interludes = []
    for site in hub.sites.values():
        site.down = False
    for subscription in hub.subscriptions:
        hub._again(lambda one=subscription: hub.webhooks.edit(one, None, None, True))
    end = hub.clock.now + 24 * HOUR
    while not hub.settled or hub.store.rates_day() != rates(hub.world.day).day:
        assert hub.clock.now < end, "a subscription does not become active again"
        hub.run(hub.clock.now + timedelta(minutes=1))
    held = hub.world.sold()
    return [(holds(site.heard), held) for site in hub.sites.values()]
