"""When a decision can be seen, in virtual time: every hop with a stated latency, workers with the CPU time that was measured.

Listing: catalog's write → stream → publish → SNS → SQS → worker → card → index `by_time` → the API process's next look.
Feed: the same as far as fanout's write; the feed then shows it once it is LAG old.
Webhook: fanout's write → stream, whose window closes after 2 s → planner → SQS, one message a shard → deliveries.
"""

import heapq
import random
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from functions.fanout.product_change import LAG
from functions.storefronts.index.index_replica import AGE


@dataclass(frozen=True)
class Setting:
    """What is assumed. Latencies are milliseconds: (median, 99th percentile) of a log-normal distribution, or a uniform range."""

    concurrency: int = 200
    """Delivery workers at once."""
    at_once: int = 200
    """Requests that one worker has open."""
    every_s: float = 20
    """A publication, and a recall, each so often."""
    stream_poll: tuple[float, float] = (0, 250)
    """Lambda asks each shard of a stream four times a second (uniform)."""
    sns_sqs: tuple[float, float] = (30, 150)
    sqs_lambda: tuple[float, float] = (15, 100)
    dynamodb: tuple[float, float] = (4, 20)
    index_lag: tuple[float, float] = (15, 200)
    window_s: float = 2
    send_batch: tuple[float, float] = (8, 40)
    """Ten messages to SQS."""
    endpoint: tuple[float, float] = (120, 1500)
    """A strange endpoint's TLS handshake and answer."""
    post_cpu_ms: float = 1.0
    """Of a worker, for TLS and HTTP of one post: not measured here, where the socket is stubbed."""
    cold_share: float = 0.05
    """Of messages whose worker has not read the shard's routes yet."""
    routes: tuple[float, float] = (60, 250)
    """To query a shard of a thousand routes."""


@dataclass(frozen=True)
class Load:
    """What was measured of deliveries at this number of storefronts: per message to a shard of `size` subscriptions."""

    shards: int
    size: int
    deliveries: float
    """Of one message, on average."""
    cpu_ms: float
    """Of one message, without the posts."""
    opening_cpu_ms: float


class Clockwork:
    """One run of the pipeline."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting, self.chance = setting, random.Random(seed)

    def _ms(self, spread: tuple[float, float]) -> float:
        """Log-normal by median and 99th percentile, in seconds."""
        median, far = spread
        spread_out: float = (far / median) ** (self.chance.gauss(0, 1) / 2.326)
        return median * spread_out / 1000

    def _poll(self) -> float:
        return self.chance.uniform(*self.setting.stream_poll) / 1000

    def written(self) -> float:
        """Seconds from catalog's write to a consumer's."""
        s = self.setting
        hops = (s.sqs_lambda, s.sns_sqs, s.sqs_lambda, s.dynamodb)
        return self._poll() + sum(self._ms(hop) for hop in hops)

    def listing(self) -> float:
        seen = self.written() + self._ms(self.setting.index_lag)
        return seen + self.chance.uniform(0, AGE) + self._ms(self.setting.dynamodb)

    def feed(self) -> float:
        return self.written() + LAG.total_seconds() + self._ms(self.setting.dynamodb)

    def webhooks(self, load: Load, events: int) -> list[float]:
        """Seconds until each endpoint has taken each of `events` changes, one every `every_s`; the workers are shared by all."""
        s, free, taken = self.setting, [0.0] * self.setting.concurrency, list[float]()
        for number in range(events):
            decided = number * s.every_s
            sent = decided + self.written() + s.window_s + self._poll() + self._ms(s.sqs_lambda)
            for shard in range(load.shards):
                if shard % 10 == 0:
                    sent += self._ms(s.send_batch)
                begins = max(heapq.heappop(free), sent + self._ms(s.sqs_lambda))
                heapq.heappush(free, self._shard(load, begins, decided, taken))
        return taken

    def _shard(self, load: Load, begins: float, decided: float, taken: list[float]) -> float:
        """Post one shard's deliveries; answers when the worker is free again."""
        s = self.setting
        now = begins + 2 * self._ms(s.dynamodb) + load.cpu_ms / 1000
        if self.chance.random() < s.cold_share:
            now += self._ms(s.routes) + load.opening_cpu_ms / 1000
        count = int(load.deliveries) + (self.chance.random() < load.deliveries % 1)
        lanes, last = [now] * min(s.at_once, max(count, 1)), now
        for _ in range(count):
            now += s.post_cpu_ms / 1000
            done = max(heapq.heappop(lanes), now) + self._ms(s.endpoint)
            heapq.heappush(lanes, done)
            taken.append(done - decided)
            last = max(last, done)
        return last + self._ms(s.dynamodb)


def visible(setting: Setting, loads: dict[str, Load], seed: int = 1, samples: int = 20_000, events: int = 10) -> dict[str, Any]:
    """p50 and p99, in seconds, of what is published and of what is recalled (`loads` by those names)."""
    clockwork = Clockwork(setting, seed)
    found: dict[str, Any] = {
        "listing": _percentiles([clockwork.listing() for _ in range(samples)]),
        "feed": _percentiles([clockwork.feed() for _ in range(samples)]),
    }
    for what, load in loads.items():
        rounds = max(events, min(2000, int(2000 / max(load.deliveries * load.shards, 1))))
        found[f"webhook, {what}"] = _percentiles(clockwork.webhooks(load, rounds))
    return found | {"setting": asdict(setting)}


def _percentiles(times: list[float]) -> dict[str, float | None]:
    if len(times) < 100:
        return {"p50": None, "p99": None}
    cuts = quantiles(times, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2)}
