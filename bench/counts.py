"""Counts each scenario in the laboratory: exact calls and units of one run, median CPU time of many."""

import statistics
from pathlib import Path
from typing import Any

from bench.laboratory import Laboratory, Run
from bench.report import Say
from bench.scenarios import SCENARIOS, Bench, Shop

RUNS = 30
STOREFRONTS = 1000


def count(folder: Path, say: Say, runs: int = RUNS) -> dict[str, Any]:
    """Every scenario by name, and what one publication writes with 1,000 storefronts."""
    with Laboratory(folder) as lab:
        bench = Bench(lab)
        found: dict[str, Any] = {}
        for name, scenario in SCENARIOS.items():
            say(f"counting: {name}")
            for _ in range(3):
                scenario(bench, Run())
            done = [_timed(bench, scenario) for _ in range(runs)]
            found[name] = _summary(done)
        say(f"opening {STOREFRONTS} storefronts")
        _open_many(bench, bench.carded)
        many = [_timed(bench, SCENARIOS["publish a product"]) for _ in range(3)]
        found[f"publish a product, {STOREFRONTS} storefronts"] = _summary(many)
    return found


def _timed(bench: Bench, scenario: Any) -> Run:
    run = Run()
    scenario(bench, run)
    return run


def _open_many(bench: Bench, like: Shop) -> None:
    for _ in range(STOREFRONTS - 2):
        bench.configure(like.owner)


def _summary(runs: list[Run]) -> dict[str, Any]:
    """Calls and units of the last run, CPU medians of all."""
    last = runs[-1]
    entries = {
        name: {
            "calls": dict(sorted(tally.calls.items())),
            "wcu": tally.wcu,
            "rcu": tally.rcu,
            "writes": tally.writes,
            "cpu_ms": round(statistics.median(run.entries[name].cpu_ms for run in runs), 2),
        }
        for name, tally in last.entries.items()
    }
    total = last.total
    return {
        "entries": entries,
        "calls": dict(sorted(total.calls.items())),
        "wcu": total.wcu,
        "rcu": total.rcu,
        "writes": total.writes,
        "messages": last.messages,
        "cpu_ms": round(statistics.median(run.total.cpu_ms for run in runs), 2),
        "dynamodb_calls": total.dynamodb_calls,
        "door_calls": last.entries["authorizer"].dynamodb_calls if "authorizer" in last.entries else 0,
    }
