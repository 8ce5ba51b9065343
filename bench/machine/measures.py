"""What one machine gives and takes: rates with clients, CPU of each errand until its last effect, memory, and how soon it is ready."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path

from bench.clients import Errand, Pace, paced
from bench.fair import Fair
from bench.machine.hub_process import HubProcess
from bench.machine.process_tree import Usage, usage
from bench.report import Say
from hubclient.hub import Hub
from hubclient.queues import Queues

CLIENTS = 8
WARM_UP_S = 3.0
CALM_S = 120.0
"""How long what is on its way may take to arrive."""
SETTLING_S = 10.0
"""After its start a hub warms up what its first orders will want."""
REFUSALS = 50


@dataclass
class Measured:
    """Of one checkout of the code."""

    ready_s: float = 0.0
    again_s: float = 0.0
    refusal_ms: float = 0.0
    idle: Usage | None = None
    loaded: Usage | None = None
    rested: Usage | None = None
    paces: dict[str, Pace] = field(default_factory=dict)
    cpu_ms: dict[str, float] = field(default_factory=dict)
    """Errand → CPU-ms of the hub's processes, all that follows it included."""


def measure(where: Path, folder: Path, pool: Pool, *, seconds: float, rest: float, say: Say) -> Measured:
    """Start the hub of the checkout `where` with the demo, load it for `seconds` an errand, let it rest, start it again."""
    found, machine = Measured(), HubProcess(where, folder)
    with machine as hub:
        found.ready_s = hub.ready_s
        say(f"ready with the demo after {hub.ready_s:.1f} s")
        time.sleep(SETTLING_S)
        found.idle = usage(hub.pid)
        say(f"idle: {told(found.idle)}")
        fair, queues = Fair(hub.people(), hub.api), Queues(hub.client("sqs"))
        queues.quiet(CALM_S)
        errands: dict[str, Sequence[Errand]] = {
            "list page": fair.pages(CLIENTS),
            "product page": fair.product_pages(CLIENTS),
            **fair.shop_pages(CLIENTS),
            "checkout, cash": fair.cash_checkouts(CLIENTS),
            "checkout, card": fair.card_checkouts(CLIENTS),
        }
        for name, asked in errands.items():
            paced(pool, asked, WARM_UP_S)
            queues.quiet(CALM_S)
            before = usage(hub.pid).cpu_s
            pace = found.paces[name] = paced(pool, asked, seconds)
            found.loaded = usage(hub.pid)
            if not queues.quiet(CALM_S):
                say(f"{name}: something is still on its way after {CALM_S:.0f} s")
            done = pace.per_second * seconds
            found.cpu_ms[name] = (usage(hub.pid).cpu_s - before) * 1000 / done if done else float("nan")
            say(f"{name}: {pace.per_second}/s, {found.cpu_ms[name]:.1f} CPU-ms, p50 {pace.p50} ms, p95 {pace.p95} ms, {pace.failed} failed")
        say(f"under load: {told(found.loaded or found.idle)}")
        found.refusal_ms = _refusal_ms(hub.api)
        say(f"a 401: {found.refusal_ms:.1f} ms")
        time.sleep(rest)
        found.rested = usage(hub.pid)
        say(f"{rest:.0f} s later: {told(found.rested)}")
    with machine as hub:
        found.again_s = hub.ready_s
        say(f"ready again with what was kept after {hub.ready_s:.1f} s")
    return found


def told(used: Usage) -> str:
    return f"{used.pss_mb:.0f} MB (PSS) in {used.processes} processes"


def _refusal_ms(api: str) -> float:
    """The median time of a 401, by keys that nobody has, each another."""
    took = []
    for number in range(REFUSALS):
        hub, started = Hub(api, f"mk_live_{number:040}"), time.perf_counter()
        hub.send("GET", "/v1/account")
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)[REFUSALS // 2]
