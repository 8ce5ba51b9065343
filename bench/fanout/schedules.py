"""`python -m bench.fanout.schedules` runs random schedules of the hub's own planner, delivery and catch-up code against a client site.

In each schedule products are published and recalled, stock ends and returns, the rule and the rates change, endpoints fail, are disabled
and enabled, workers die, queues double, delay and shuffle (tests/unit/fanout/webhook_delivery/model.py), and each site applies what
reaches it by the rule of clients/python/site.py. Lost: a product that in the end is not as the hub sells it. Regressed: a change that
put an older one in the place of a newer one.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from bench.report import table
from tests.unit.fanout.webhook_delivery.model import converges
from tests.unit.fanout.world import shown

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results") / "schedules.json"
CHUNK = 250
Held = dict[str, dict[str, Any]]
Apply = Callable[[Held, Iterable[dict[str, Any]]], None]


def stranger() -> Apply:
    """The rule by which the Python site of clients/ applies changes."""
    spec = spec_from_file_location("client_site", ROOT / "clients/python/site.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    apply: Apply = module.apply
    return apply


@dataclass
class Tally:
    schedules: int = 0
    sites: int = 0
    changes: int = 0
    doubled_or_late: int = 0
    """Changes that the site held as new or newer already."""
    lost: int = 0
    regressed: int = 0
    seeds: list[int] = field(default_factory=list)
    """Of the schedules in which any was."""

    def add(self, other: "Tally") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def held(heard: Iterable[dict[str, Any]], apply: Apply, tally: Tally) -> dict[str, Any]:
    """What a site sells that heard these changes, one after the other."""
    kept: Held = {}
    for change in heard:
        before = kept.get(change["product_id"], {"sequence": ""})["sequence"]
        apply(kept, [change])
        after = kept[change["product_id"]]["sequence"]
        tally.changes += 1
        tally.doubled_or_late += change["sequence"] <= before
        tally.regressed += after < before or after < change["sequence"]
    return {product_id: shown(told) for product_id, told in kept.items() if told["type"] == "upsert"}


def compare(seeds: Iterable[int]) -> Tally:
    """Run the schedules of these seeds."""
    apply, tally = stranger(), Tally()
    for seed in seeds:
        before = tally.lost + tally.regressed
        for found, wanted in converges(seed, holds=lambda heard: held(heard, apply, tally)):
            tally.sites += 1
            tally.lost += sum(found.get(product_id) != wanted.get(product_id) for product_id in {**found, **wanted})
        tally.schedules += 1
        tally.seeds += [seed] * (tally.lost + tally.regressed > before)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fanout.schedules", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="schedules (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the first one")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked, started, total = parser.parse_args(), time.monotonic(), Tally()
    end = asked.seed + asked.count
    chunks = [range(start, min(start + CHUNK, end)) for start in range(asked.seed, end, CHUNK)]
    with ProcessPoolExecutor(asked.processes) as pool:
        for number, tally in enumerate(pool.map(compare, chunks), 1):
            total.add(tally)
            if number % 40 == 0:
                print(
                    f"[{time.monotonic() - started:5.0f} s] {total.schedules} schedules, {total.lost} lost, {total.regressed} regressed",
                    flush=True,
                )
    found = vars(total) | {"seconds": round(time.monotonic() - started, 1), "first_seed": asked.seed}
    asked.results.write_text(json.dumps(found, indent=1) + "\n")
    print(table(list(found), [list(found.values())]))
    sys.exit(bool(total.seeds))


if __name__ == "__main__":
    main()
