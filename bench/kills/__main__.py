"""`python -m bench.kills`: the hub on this machine is killed (kill −9, every process of it) under orders, again and again.

Each round starts it on what the last one left, orders for a while, and kills it; after the last kill all that was ever acknowledged is
looked for. Ends with 1 if anything is lost.
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.fair import Fair
from bench.kills.killed_hub import KilledHub
from bench.kills.shopping import OFFERS, Shopping
from bench.report import table
from local.demo import load_reference


@dataclass(frozen=True)
class Round:
    """One start and its kill."""

    ready_s: float
    acknowledged: int
    per_second: float
    processes: int
    kept_mb: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="how often (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="of orders before each (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="shoppers (default: %(default)s)")
    asked, started = parser.parse_args(), time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:6.1f} s] {text}", flush=True)

    with tempfile.TemporaryDirectory() as folder, KilledHub(Path(folder)) as hub:
        ready_s = hub.start()
        load_reference(hub.stack)
        shopping, rounds = Shopping(Fair(hub.stack.people(), hub.stack.api, OFFERS)), list[Round]()
        for number in range(asked.kills):
            rounds.append(killed(hub, shopping, ready_s, asked))
            say(f"kill {number + 1}: {rounds[-1].acknowledged} orders acknowledged")
            ready_s = hub.start()
        lost, missing, off = shopping.lost(), shopping.arrived(), shopping.miscounted()
        say(f"{hub.stack.queues.dead_letters()} lie in queues of dead letters; the last start took {ready_s:.1f} s")
    print("\n" + table(["kill", "ready, s", "acknowledged", "a second", "processes", "kept, MB"], rows(rounds)))
    print(
        f"\n{len(shopping.acknowledged)} orders acknowledged, {len(lost)} lost; {len(shopping.paid)} paid, of {len(missing)} something is"
    )
    print(f"missing ({sorted(set(missing.values()))}); {off} units miscounted")
    return 1 if lost or missing or off else 0


def killed(hub: KilledHub, shopping: Shopping, ready_s: float, asked: argparse.Namespace) -> Round:
    """Let shoppers order, and kill the hub under their hands. The clock begins with the first answer: functions start before."""
    before = len(shopping.acknowledged)
    with shopping.under_way(asked.clients):
        while len(shopping.acknowledged) == before:
            time.sleep(0.05)
        began, first = time.monotonic(), len(shopping.acknowledged)
        time.sleep(asked.seconds)
        per_second = (len(shopping.acknowledged) - first) / (time.monotonic() - began)
        processes = hub.kill()
    kept = sum(path.stat().st_size for path in (hub.data / "state" / "redo").iterdir())
    return Round(ready_s, len(shopping.acknowledged) - before, per_second, processes, kept / 1e6)


def rows(rounds: list[Round]) -> list[list[str]]:
    return [
        [str(n), f"{r.ready_s:.1f}", str(r.acknowledged), f"{r.per_second:.1f}", str(r.processes), f"{r.kept_mb:.1f}"]
        for n, r in enumerate(rounds, 1)
    ]


if __name__ == "__main__":
    sys.exit(main())
