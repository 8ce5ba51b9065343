"""`python -m bench.machine.memory`: memory of the hub while clients order for ten minutes, and for two more of rest, as a small plot.

The plot is printed, and with `--svg` written for a page too. What is measured is PSS of the whole tree of processes, which counts a page
that several share once in all (proc(5), smaps).
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.clients import crew, paced
from bench.fair import Fair
from bench.machine.hub_process import HubProcess
from bench.machine.plot import Point, drawn, printed
from bench.machine.process_tree import usage
from infra.templates import ROOT

CLIENTS = 8
LOOK_S = 5.0
"""Seconds from one look to the next: one costs some 30 CPU-ms."""
SETTLING_S = 10.0


class Looks:
    """Looks at the tree of the process `root` every so often, in a thread, until `end`."""

    def __init__(self, root: int, every: float) -> None:
        self._root, self._every, self._over = root, every, threading.Event()
        self._began, self.points = time.monotonic(), list[Point]()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def _look_on(self) -> None:
        while not self._over.wait(self._every if self.points else 0):
            seen = usage(self._root)
            self.points.append(Point(self.now, seen.pss_mb, seen.processes))

    @property
    def now(self) -> float:
        """Seconds since the first."""
        return time.monotonic() - self._began

    def end(self) -> list[Point]:
        self._over.set()
        self._thread.join()
        return self.points


def watched(load_s: float, rest_s: float, every: float, say: Callable[[str], None]) -> tuple[list[Point], float]:
    """The looks at a hub with the demo that eight clients order at, and then leave alone; and when they left."""
    with tempfile.TemporaryDirectory() as folder, crew() as pool, HubProcess(ROOT, Path(folder)) as hub:
        say(f"ready with the demo after {hub.ready_s:.1f} s")
        fair = Fair(hub.people(), hub.api)
        time.sleep(SETTLING_S)
        looks = Looks(hub.pid, every)
        pace = paced(pool, fair.cash_checkouts(CLIENTS), load_s)
        left = looks.now
        say(f"{pace.per_second} checkouts a second by {CLIENTS} clients for {load_s:.0f} s, {pace.failed} failed; {rest_s:.0f} s of rest")
        time.sleep(rest_s)
        return looks.end(), left


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.machine.memory", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of load (default: %(default)s)")
    parser.add_argument("--rest", type=float, default=2, help="minutes of rest (default: %(default)s)")
    parser.add_argument("--every", type=float, default=LOOK_S, help="seconds from one look to the next (default: %(default)s)")
    parser.add_argument("--svg", type=Path, help="a file to write the plot to")
    asked, began = parser.parse_args(), time.monotonic()
    points, left = watched(
        asked.minutes * 60, asked.rest * 60, asked.every, lambda text: print(f"[{time.monotonic() - began:5.1f} s] {text}", flush=True)
    )
    print("\n" + printed(points, left))
    if asked.svg:
        asked.svg.write_text(drawn(points, left), encoding="utf-8")


if __name__ == "__main__":
    main()
