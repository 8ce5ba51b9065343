"""`python -m bench.machine.feed` sends a feed of many new products to the running stack: rows a second from its PUT until the last is
on sale, CPU of each process, memory of the tree; with `--kill` workers are killed meanwhile, and nothing may be lost or doubled.

Rows a second are this machine's, at this moment: CPU-ms a row are what compares.
"""

import argparse
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from bench import load
from bench.fair import Fair
from bench.machine.memory import Looks
from bench.machine.process_tree import cpu_by_name, name
from bench.machine.profile import Samples, show
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack

ROWS = 25_000
LOOK_S = 3.0
KILL_S = 8.0
DOOMED = ("Uploads", "Audit", "Catalog", "Storefronts", "Orders", "Fanout")
"""Whose workers are killed; not what answers people: their calls would be refused, and be asked again."""


@dataclass
class Killer:
    """Kills a worker of a random function of the tree every so often; the splitter first."""

    root: int
    random: random.Random
    killed: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._work, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _work(self, over: threading.Event) -> None:
        while not over.wait(KILL_S if self.killed else 0.5):
            with suppress(psutil.Error):
                tree = [(name(process), process) for process in psutil.Process(self.root).children(recursive=True)]
                doomed = [(called, process) for called, process in tree if called.startswith(DOOMED) and not called.endswith("Api")]
                splitters = [each for each in doomed if each[0] == "UploadsFeeds"]
                if found := splitters[:1] if not self.killed else doomed:
                    called, process = self.random.choice(found)
                    process.kill()
                    self.killed[called] += 1


def doubled(fair: Fair) -> dict[str, int]:
    """Skus of the supplier's products that are there twice, or in more than one version."""
    found = fair.supplier.hub.all("/v1/products", limit=100)
    times = Counter(each["sku"] for each in found)
    return {each["sku"]: each["version"] for each in found if times[each["sku"]] > 1 or each["version"] > 1}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.machine.feed", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="products of the feed (default: %(default)s)")
    parser.add_argument("--kill", action="store_true", help="kill workers while it goes")
    parser.add_argument("--samples", type=float, default=0, help="look where it is, for so many seconds (default: %(default)s, not at all)")
    parser.add_argument("--seed", type=int, default=1, help="which (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Stack(free_port(), free_port(), Path(folder)) as stack:
        load_reference(stack)
        fair = Fair(stack.people(), stack.api)
        print(f"warming up: {load.feed(fair, load.WARM_UP_ROWS)}", flush=True)
        stack.quiet(60)
        fair.listings = fair.listed(0)
        root, before, figures = stack.emulator.pid, cpu_by_name(stack.emulator.pid), stack.emulator.figures()
        samples = Samples(root, asked.samples, Path(folder) / "samples") if asked.samples else None
        looks, killer = Looks(root, LOOK_S), Killer(root, random.Random(asked.seed))
        if asked.kill:
            with killer.at_work():
                found = load.feed(fair, asked.rows, partial(print, flush=True))
        else:
            found = load.feed(fair, asked.rows, partial(print, flush=True))
        stack.quiet(120)
        told(asked.rows, found, max(point.mb for point in looks.end()))
        show((before, cpu_by_name(root)), (figures, stack.emulator.figures()), asked.rows)
        if samples:
            print("\n" + samples.told())
        listed = {each["product_id"] for each in fair.listings}
        print(f"listed: {len(fair.listings)}, of {len(listed)} products; doubled: {doubled(fair)}")
        print(f"dead letters: {stack.queues.dead_letters()}")
        if asked.kill:
            print(f"killed: {dict(killer.killed)}")
            if not killer.killed:
                raise RuntimeError("nobody was killed: nothing is shown of kills")


def told(rows: int, found: dict[str, float], pss_mb: float) -> None:
    rate = rows / found["listed_s"]
    print(f"\n{rows} rows: approved after {found['approved_s']} s, listed after {found['listed_s']} s: {rate:.1f} a second")
    print(f"memory of the tree at most {pss_mb:.0f} MB (PSS); each figure is of one row:\n")


if __name__ == "__main__":
    main()
