"""Clients of a running hub: threads in processes of their own, so that no client waits for another one's interpreter lock."""

import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.pool import Pool
from typing import Any

from hubclient.hub import Hub

PROCESSES = 2


@dataclass(frozen=True)
class Ask:
    """The request that a client sends over and over, each with a fresh Idempotency-Key if it is a POST."""

    api: str
    token: str
    method: str
    path: str
    body: dict[str, Any] | None = None


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


def paced(pool: Pool, asks: Sequence[Ask], seconds: float) -> Pace:
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


def _share(asks: list[Ask], until: float) -> list[tuple[int, float]]:
    """Of one process: a thread for each client."""
    with ThreadPoolExecutor(len(asks)) as threads:
        return [answer for answers in threads.map(lambda ask: _client(ask, until), asks) for answer in answers]


def _client(ask: Ask, until: float) -> list[tuple[int, float]]:
    """(status, milliseconds) of every request until the clock says `until`."""
    hub, answers = Hub(ask.api, ask.token), []
    while time.time() < until:
        started = time.perf_counter()
        status = hub.send(ask.method, ask.path, ask.body, key=str(uuid.uuid4()) if ask.method == "POST" else None).status
        answers.append((status, (time.perf_counter() - started) * 1000))
    return answers
