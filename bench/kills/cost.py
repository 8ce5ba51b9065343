"""`python -m bench.kills.cost`: what it costs that the laptop's hub keeps its word: checkouts with its redo log and without, in turns."""

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.pool import Pool
from pathlib import Path
from statistics import median

from bench.clients import crew, paced
from bench.fair import Fair
from bench.machine.process_tree import usage
from bench.report import table
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack

CLIENTS = 8
WARM_UP_S, CALM_S = 4.0, 120.0


@dataclass
class Side:
    """A hub, with what its checkouts took each time."""

    stack: Stack
    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def open(self) -> None:
        load_reference(self.stack)
        self.fair = Fair(self.stack.people(), self.stack.api)
        self.stack.queues.quiet(CALM_S)

    def measure(self, pool: Pool, seconds: float) -> None:
        """Checkouts for so long, and all that follows from them."""
        paced(pool, self.fair.cash_checkouts(CLIENTS), WARM_UP_S)
        self.stack.queues.quiet(CALM_S)
        before = usage(self.stack.emulator.pid).cpu_s
        pace = paced(pool, self.fair.cash_checkouts(CLIENTS), seconds)
        self.stack.queues.quiet(CALM_S)
        self.per_second.append(pace.per_second)
        self.cpu_ms.append((usage(self.stack.emulator.pid).cpu_s - before) * 1000 / (pace.per_second * seconds))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kills.cost", description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="how long each time (default: %(default)s)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, crew() as pool, ExitStack() as running:
        sides = {
            name: Side(Stack(free_port(), free_port(), Path(folder) / name, keeps=name == "with it")) for name in ("without it", "with it")
        }
        for side in sides.values():
            running.enter_context(side.stack)
            side.open()
        for turn in range(asked.turns):
            for name, side in list(sides.items())[:: 1 if turn % 2 else -1]:
                side.measure(pool, asked.seconds)
                print(f"{name}: {side.per_second[-1]:.1f} checkouts/s, {side.cpu_ms[-1]:.1f} CPU-ms each", flush=True)
    shown = [[name, f"{median(side.per_second):.1f}", f"{median(side.cpu_ms):.1f}"] for name, side in sides.items()]
    print("\n" + table(["redo log", "checkouts a second", "CPU-ms each"], shown))


if __name__ == "__main__":
    main()
