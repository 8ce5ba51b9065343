"""What webhooks cost a worker: the real planner and delivery code, a shard of a thousand subscriptions after the other, sockets stubbed.

Every storefront has one endpoint. Of each shard the routes are made, kept by the worker as it keeps them, and then told of each product
when it is published, and again when it is recalled.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from time import process_time
from typing import Any

from bench.fanout.market import Market
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.change_planner import ChangePlanner
from functions.fanout.webhook_delivery.delivery_jobs import Job, ShardJob
from functions.fanout.webhook_delivery.delivery_log import ShardRecord
from functions.fanout.webhook_delivery.delivery_worker import DeliveryWorker
from functions.fanout.webhook_delivery.endpoint_sender import EndpointSender
from functions.fanout.webhook_delivery.subscription_shards import MOST_ROUTES, Route, RouteCache
from functions.fanout.webhooks.subscription import Subscription
from functions.fanout.webhooks.subscription_states import SubscriptionStates
from monsoon_plugin.outbound.call import Outcome, Request
from shared.messages import OfferPublished, OfferRecalled
from shared.optimistic_retry import AT_ONCE
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TAKEN = Outcome(204, None, "", 20, None)
SECRET = "the bench's secret of webhooks, 32 bytes or more"
SQS_BATCH = 10
REPEATS, ROUNDS = 10, 5


@dataclass
class Work:
    """What was done, and in how many CPU seconds."""

    jobs: float = 0
    looked_at: float = 0
    """Subscriptions whose rule a change was held against."""
    deliveries: float = 0
    bytes: float = 0
    cpu: float = 0

    def __iadd__(self, other: "Work") -> "Work":
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self

    def shared(self, among: int) -> "Work":
        """Of one of so many changes, on average."""
        return Work(**{name: value / among for name, value in vars(self).items()})

    def told(self) -> dict[str, float]:
        found: dict[str, float] = vars(self) | {"cpu": round(self.cpu, 3)}
        if self.deliveries:
            found |= {"us_a_delivery": round(self.cpu / self.deliveries * 1e6, 2), "bytes_a_delivery": round(self.bytes / self.deliveries)}
        return found | {"us_a_subscription": round(self.cpu / max(1, self.looked_at) * 1e6, 2)}


@dataclass
class Memory:
    """One shard of fanout's table, and the endpoints, which take whatever comes (as far as a job on changes asks)."""

    kept: list[Route]
    now: dict[str, ProductChange] = field(default_factory=dict)
    records: list[ShardRecord] = field(default_factory=list)
    sent: int = 0
    bytes: int = 0

    def changes(self, product_ids: Iterable[str]) -> list[ProductChange]:
        return [self.now[product_id] for product_id in product_ids]

    def generation(self, shard: int) -> int:
        return 1

    def routes(self, shard: int) -> list[Route]:
        return self.kept

    def record(self, shard: int, record: ShardRecord) -> None:
        self.records.append(record)

    def __call__(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        self.sent += len(requests)
        self.bytes += sum(len(request.body) for request in requests)
        return [TAKEN] * len(requests)


class Worker:
    """A delivery worker that serves one shard."""

    def __init__(self, rules: Iterable[Rule], shard: int, rates: Rates) -> None:
        memory: Any = Memory([_route(rule, shard, n) for n, rule in enumerate(rules)])  # it has no more than such a job asks for
        self.store, self.shard = memory, shard
        states = SubscriptionStates(store=memory, catchups=memory, clock=lambda: NOW, below=lambda _: 0, retry=AT_ONCE)
        sender = EndpointSender(
            post_all=memory, attempts=memory, secret=lambda: SECRET, clock=lambda: NOW, new_id=lambda _: "dlv_1"
        )  # fmt: skip
        self._routes = RouteCache(memory, lambda _: rates, lambda: SECRET, lambda: NOW)
        self._worker = DeliveryWorker(
            changes=memory, subscriptions=memory, routes=self._routes, sender=sender, states=states, records=memory
        )  # fmt: skip

    def opened(self) -> Work:
        """Read the routes and derive their keys, as a worker does once for each generation of the shard."""
        started = process_time()
        targets = self._routes.targets(self.shard)
        return Work(1, len(targets), cpu=process_time() - started)

    def tell(self, change: ProductChange) -> Work:
        """One message: one product has changed."""
        store = self.store
        store.now, store.sent, store.bytes = {change.product_id: change}, 0, 0
        job, started = ShardJob(id="dlv_1", shard=self.shard, product_ids=[change.product_id]), process_time()
        self._worker.tell_shard(job)
        return Work(1, len(store.kept), store.sent, store.bytes, process_time() - started)


def _route(rule: Rule, shard: int, number: int) -> Route:
    name = f"{shard * MOST_ROUTES + number:026d}"
    subscription = Subscription.model_construct(
        id=f"whk_{name}", account_id=f"acc_{name}", storefront_id=f"sf_{name}", url=f"https://hooks-{number}.example.com/monsoon",
        types=("product.changed",), created_at="2026-10-01T12:00:00.000Z", fingerprint="", shard=shard,
    )  # fmt: skip
    return Route(subscription, lambda rates: SiteView(subscription.storefront_id, subscription.account_id, 1, rule, rates))


@dataclass(frozen=True)
class Story:
    """Products that are published, then recalled, some seconds later."""

    market: Market
    products: int

    def changes(self) -> Iterator[tuple[str, ProductChange]]:
        for number in range(self.products):
            product_id, supplier_id, product = self.market.product(number)
            ids = {"offer_id": product_id.replace("prd", "off"), "product_id": product_id, "supplier_id": supplier_id}
            yield "published", ProductChange.published(OfferPublished(version=1, product=product, **ids), NOW)
            yield "recalled", ProductChange.recalled(OfferRecalled(version=2, reason="cracks", **ids), NOW + timedelta(minutes=1))


@dataclass(frozen=True)
class Scale:
    """How many storefronts there are, and how many products come and go."""

    taxonomy: Path
    seed: int
    storefronts: int
    products: int
    rates: Rates

    @property
    def shards(self) -> int:
        return -(-self.storefronts // MOST_ROUTES)

    def size(self, shard: int) -> int:
        return min(MOST_ROUTES, self.storefronts - shard * MOST_ROUTES)


@cache
def market_of(taxonomy: Path, seed: int) -> Market:
    return Market(taxonomy, seed)


def shard_work(scale: Scale, shard: int) -> dict[str, Work]:
    """One shard's share of it all."""
    market = market_of(scale.taxonomy, scale.seed)
    worker = Worker(market.rules(shard, scale.size(shard)), shard, scale.rates)
    found = {"opened": worker.opened(), "published": Work(), "recalled": Work()}
    for what, change in Story(market, scale.products).changes():
        found[what] += worker.tell(change)
    return found


def push(scale: Scale, processes: int) -> dict[str, Work]:
    """All shards, some at a time."""
    total = {"opened": Work(), "published": Work(), "recalled": Work()}
    with ProcessPoolExecutor(min(processes, scale.shards)) as pool:
        for found in pool.map(partial(shard_work, scale), range(scale.shards), chunksize=max(1, min(10, scale.shards // processes))):
            for what, work in found.items():
                total[what] += work
    return total


def pace(market: Market, rates: Rates) -> Work:
    """A shard all of whose storefronts want everything, each at prices of its own: nothing but deliveries. The fastest of ROUNDS."""
    rules = [Rule(Selection(), PriceRule(margin_per_mille=100 + n % 700, round_to=100, minus=1)) for n in range(MOST_ROUTES)]
    worker = Worker(rules, 0, rates)
    worker.opened()
    changes = [change for what, change in Story(market, REPEATS).changes() if what == "published"]
    return min((_told(worker, changes) for _ in range(ROUNDS)), key=lambda work: work.cpu)


def _told(worker: Worker, changes: Sequence[ProductChange]) -> Work:
    total = Work()
    for change in changes:
        total += worker.tell(change)
    return total


class _Counted:
    """A queue that counts."""

    def __init__(self) -> None:
        self.jobs = 0

    def send(self, jobs: Iterable[Job], delay: timedelta = timedelta(0)) -> None:
        self.jobs += sum(1 for _ in jobs)


def planned(count: int) -> dict[str, int]:
    """What the planner sends for one product and for a hundred that changed together."""
    found = {}
    for products in (1, 100):
        queue = _Counted()
        ChangePlanner(lambda: -(-count // MOST_ROUTES), queue, lambda _: "dlv_1", lambda: NOW).plan(
            {f"prd_{n}": "" for n in range(products)}
        )
        found[f"messages_for_{products}"] = queue.jobs
    return found
