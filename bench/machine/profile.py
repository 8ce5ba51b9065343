"""`make profile SCENARIO=checkout`: where the CPU time of one machine's hub goes while clients do one thing over and over.

By process, by function, by the costliest places in the code (py-spy samples them), and what was asked of AWS and delivered on the way.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.clients import Errand, crew, paced
from bench.fair import Fair
from bench.machine.process_tree import cpu_by_name
from bench.report import table
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack

SCENARIOS: dict[str, Callable[[Fair, int], Sequence[Errand]]] = {
    "checkout": Fair.cash_checkouts,
    "checkout-card": Fair.card_checkouts,
    "list-page": Fair.pages,
    "product-page": Fair.product_pages,
    "order": Fair.orders,
}
RATE = 100
"""Looks a second."""
COSTLIEST = 10
CALM_S = 60.0
WARM_UP_S = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.machine.profile", description=__doc__)
    parser.add_argument("--scenario", default="checkout", help=f"what clients do: {', '.join(SCENARIOS)} (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="how many at once (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="for how long (default: %(default)s)")
    asked = parser.parse_args()
    if asked.scenario not in SCENARIOS:
        sys.exit(f"SCENARIO={asked.scenario}: choose one of {', '.join(SCENARIOS)}")
    with tempfile.TemporaryDirectory() as folder, crew() as pool, Stack(free_port(), free_port(), Path(folder)) as stack:
        load_reference(stack)
        errands = SCENARIOS[asked.scenario](Fair(stack.people(), stack.api), asked.clients)
        paced(pool, errands, WARM_UP_S)
        stack.quiet(CALM_S)
        before, figures = cpu_by_name(stack.emulator.pid), stack.emulator.figures()
        samples = Samples(stack.emulator.pid, asked.seconds, Path(folder) / "samples")
        pace = paced(pool, errands, asked.seconds)
        stack.quiet(CALM_S)
        after, now = cpu_by_name(stack.emulator.pid), stack.emulator.figures()
        done = max(round(pace.per_second * asked.seconds), 1)
        print(f"\n{asked.scenario}: {done} done by {asked.clients} clients, {pace.per_second}/s, p50 {pace.p50} ms, p95 {pace.p95} ms\n")
        show((before, after), (figures, now), done)
        print("\n" + samples.told())


def rises(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each figure grew by, the most first."""
    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    return {name: rise for name, rise in sorted(grown.items(), key=lambda item: -item[1]) if rise > 0}


def show(cpu_s: tuple[Mapping[str, float], Mapping[str, float]], figures: tuple[Mapping[str, Any], Mapping[str, Any]], done: int) -> None:
    """Tables of what one errand cost, of `done`: by process, and by the emulator's figures, each before and after.

    A process that ended meanwhile counts as the zygote's, with all that it did before: the sum is without that.
    """
    cpu, (before, after) = rises(*cpu_s), figures
    whole = sum(cpu_s[1].values()) - sum(cpu_s[0].values())
    rows = [[name, f"{seconds * 1000 / done:.2f}"] for name, seconds in cpu.items()]
    print(table(["process", "CPU-ms each"], [*rows, ["sum", f"{whole * 1000 / done:.2f}"]]))
    functions = rises(before["cpu_s"], after["cpu_s"])
    print("\n" + table(["function's handler", "CPU-ms each"], [[name, f"{s * 1000 / done:.2f}"] for name, s in functions.items()]))
    calls = rises(*({f"{function} {action}": count for function, action, count in told["calls"]} for told in (before, after)))
    by_kind = Counter[str]()
    for name, count in calls.items():
        by_kind[name.rpartition(" ")[2]] += round(count)
    print("\n" + table(["asked of AWS (a transaction by its parts)", "each"], [[k, f"{n / done:.2f}"] for k, n in by_kind.most_common()]))
    print("\n" + table(["by whom", "each"], [[name, f"{count / done:.2f}"] for name, count in list(calls.items())[:COSTLIEST]]))
    messages = rises(before["messages"], after["messages"])
    print("\n" + table(["delivered by", "messages each"], [[name, f"{count / done:.2f}"] for name, count in messages.items()]))


class Samples:
    """py-spy's looks at a process and all that it starts, for `seconds` from now."""

    def __init__(self, pid: int, seconds: float, kept: Path) -> None:
        self._kept = kept
        command = [str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(pid), "--subprocesses", "--gil", "--format", "raw"]
        more = ["--rate", str(RATE), "--duration", str(max(round(seconds), 1)), "--output", str(kept)]
        self._spy = subprocess.Popen([*command, *more], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)  # until it looks

    def told(self) -> str:
        """The places in which most time was spent, and those under which it was; or why nobody could look."""
        _, why = self._spy.communicate(timeout=60)
        if self._spy.returncode or not self._kept.exists():
            return f"py-spy could not look into the hub's processes (it may need root): {why.strip()[-300:]}"
        own, under, total = Counter[str](), Counter[str](), 0
        for line in self._kept.read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            frames = [frame for frame in stack.split(";") if not frame.startswith("process ")]
            if not frames:  # a process that is about to be one
                continue
            total += int(count)
            own[_function(frames[-1])] += int(count)
            for name in {_function(frame) for frame in frames}:
                under[name] += int(count)
        heads = [f"of {total} looks, percent", "in it"]
        rows = [[name, f"{count * 100 / total:.1f}"] for name, count in own.most_common(COSTLIEST)]
        below = [[name, f"{count * 100 / total:.1f}"] for name, count in under.most_common(6 * COSTLIEST) if count < 0.6 * total]
        return table(heads, rows) + "\n\n" + table([heads[0], "under it"], below[: 2 * COSTLIEST])


def _function(frame: str) -> str:
    """A frame without its line."""
    return frame.rpartition(":")[0].removesuffix(")") + ")" if ":" in frame else frame


if __name__ == "__main__":
    main()
