"""Clients of a running hub: threads in processes of their own, so that no client waits for another one's interpreter lock."""

import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.pool import Pool
from typing import Any, Protocol

from bench.scenarios import ADDRESS
from hubclient.hub import Hub, Reply

PROCESSES = 2


class Errand(Protocol):
    """What a client does over and over, at a hub, as whom its token names."""

    @property
    def api(self) -> str: ...
    @property
    def token(self) -> str: ...
    def once(self, hub: Hub) -> int:
        """The status in the end."""


@dataclass(frozen=True)
class Ask:
    """One request, with a fresh Idempotency-Key if it is a POST."""

    api: str
    token: str
    method: str
    path: str
    body: dict[str, Any] | None = None

    def once(self, hub: Hub) -> int:
        return hub.send(self.method, self.path, self.body, key=str(uuid.uuid4()) if self.method == "POST" else None).status


@dataclass(frozen=True)
class Checkout:
    """A whole checkout: what it costs to send, an order of a line for each offer, and its payment."""

    api: str
    token: str
    path: str
    """The storefront's."""
    offers: tuple[str, ...]
    payment_method: str = ""
    """Of the card; empty: nothing is told, the courier collects."""

    def once(self, hub: Hub) -> int:
        *_, last = self.answers(hub)
        return last.status

    def answers(self, hub: Hub) -> Iterator[Reply]:
        """The hub's to the quote, the order, the payment, each as it comes; one that is no success is the last."""
        lines = [{"offer_id": offer_id, "quantity": 1} for offer_id in self.offers]
        quote = hub.send("POST", f"{self.path}/shipping-quotes", {"lines": lines, "address": ADDRESS, "currency": "GBP"})
        yield quote
        if quote.status >= 300:
            return
        body = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": quote.body["items"][0]["ticket"]}
        order = hub.send("POST", f"{self.path}/orders", body, key=str(uuid.uuid4()))
        yield order
        if order.status >= 300:
            return
        told = {"data": {"payment_method": self.payment_method}} if self.payment_method else {}
        payment = {"ticket": order.body["payment_ticket"], **told}
        yield hub.send("POST", f"{self.path}/orders/{order.body['id']}/payments", payment, key=str(uuid.uuid4()))


@dataclass(frozen=True)
class Pace:
    """What the clients reached. Latencies in milliseconds."""

    clients: int
    per_second: float
    p50: float
    p95: float
    failed: int


@contextmanager
def crew() -> Iterator[Pool]:
    """The clients' processes."""
    with get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(abs, range(PROCESSES))
        yield pool


def paced(pool: Pool, asks: Sequence[Errand], seconds: float) -> Pace:
    """Let a client for each of `asks` send for `seconds`."""
    until = time.time() + seconds
    shares = [(list(asks[i::PROCESSES]), until) for i in range(PROCESSES) if asks[i::PROCESSES]]
    started = time.time()
    answers = [answer for share in pool.starmap(_share, shares, chunksize=1) for answer in share]
    took = time.time() - started
    good = sorted(milliseconds for status, milliseconds in answers if 200 <= status < 300)
    return Pace(len(asks), round(len(good) / took, 1), _at(0.5, good), _at(0.95, good), len(answers) - len(good))


def _at(part: float, latencies: Sequence[float]) -> float:
    """The quantile `part` of sorted latencies."""
    return round(latencies[int(part * (len(latencies) - 1))], 1) if latencies else 0.0


def _share(asks: list[Errand], until: float) -> list[tuple[int, float]]:
    """Of one process: a thread for each client."""
    with ThreadPoolExecutor(len(asks)) as threads:
        return [answer for answers in threads.map(lambda ask: _client(ask, until), asks) for answer in answers]


def _client(ask: Errand, until: float) -> list[tuple[int, float]]:
    """(status, milliseconds) of every request until the clock says `until`."""
    hub, answers = Hub(ask.api, ask.token), []
    while time.time() < until:
        started = time.perf_counter()
        status = ask.once(hub)
        answers.append((status, (time.perf_counter() - started) * 1000))
    return answers
