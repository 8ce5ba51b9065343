"""make simulate: play many schedules of the whole hub, or one again.

python -m simulation --count 1000            a thousand seeds, new ones each time
python -m simulation --seed 7                the schedule of seed 7, its history, and what broke
"""

import argparse
import logging
import secrets
import signal
import sys
import time

from simulation.campaign import campaign
from simulation.chance import fix_hashes
from simulation.progress import EVERY, Progress
from simulation.result import Result
from simulation.schedule import run
from simulation.shrink import shrunk

SHOWN = 60
"""Lines of a failing schedule's history."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Play schedules of the whole hub under every fault; each seed always plays the same.")
    parser.add_argument("--seed", type=int, help="the first seed; alone: play it, and print its history")
    parser.add_argument("--count", type=int, help="so many seeds, from --seed on or from a fresh one")
    parser.add_argument("--without", default="", help="acts and faults to leave out, with commas between, as a shrunk schedule prints them")
    parser.add_argument("--workers", type=int, default=0, help="processes; one a core unless said")
    parser.add_argument("--every", type=float, default=EVERY, help="seconds between lines on how far it is (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=SHOWN, help="of a history")
    asked = parser.parse_args()
    logging.disable()  # what services log of every fault is in the history, shorter
    if asked.count is None and asked.seed is not None:
        without = frozenset(filter(None, asked.without.split(",")))
        result = run(asked.seed, without)
        show(result, without, asked.lines)
        return 1 if result.violations else 0
    first = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    return _many(first, asked.count or 1000, asked.workers, asked.lines, asked.every)


def _many(first: int, count: int, workers: int, lines: int, every: float) -> int:
    """Play them, and tell what was found: of those that were played so far, if Ctrl-C or TERM comes before the end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    summary = campaign(first, count, workers, Progress(count, sys.stderr, time.monotonic, every))
    took = time.monotonic() - started
    played = f"{summary.schedules} schedules from seed {first} on{f', stopped before {count}' if summary.stopped else ''}"
    print(f"{played}, {summary.calls} AWS calls, {took:.0f} s; failing: {len(summary.failing)}")
    for invariant, times in summary.broken.most_common():
        example = next(r for r in summary.failing if any(v.invariant == invariant for v in r.violations))
        print(f"  {times} × {invariant}, first by SEED={example.seed}")
    if summary.failing and not summary.stopped:
        print("\nthe first of them, made smaller:")
        show(*shrunk(run(summary.failing[0].seed)), lines)
    return 1 if summary.failing else 0


def show(result: Result, without: frozenset[str], lines: int) -> None:
    """Print a schedule: how to play it again, what broke, the end of its history."""
    again = f" ARGS=\"--without '{','.join(sorted(without))}'\"" if without else ""
    print(f"make simulate SEED={result.seed}{again}    fingerprint {result.fingerprint}")
    print("\n".join(result.history[-lines:]))
    for violation in result.violations:
        print(f"BROKEN: {violation.invariant}: {violation.told}")


if __name__ == "__main__":
    fix_hashes()
    sys.exit(main())
