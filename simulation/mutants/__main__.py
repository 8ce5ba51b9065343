"""make mutants: deliberate bugs, each of which the simulator must find.

python -m simulation.mutants                 each from fresh seeds, as many as it takes, up to --most
python -m simulation.mutants --recorded      each by the seed that found it before
python -m simulation.mutants --record        from fresh seeds, which are then kept in catalogue/recorded.py
python -m simulation.mutants --mend          each by its recorded seed; where that finds it no more, from fresh ones, which are then kept
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from infra.templates import ROOT
from simulation.chance import HASH_SEED
from simulation.mutants.catalogue.all import ALL
from simulation.mutants.catalogue.recorded import RECORDED
from simulation.mutants.hunt import NOT_FOUND
from simulation.mutants.mutant import Mutant

MOST = 600


@dataclass(frozen=True)
class Hunt:
    """How the hunt for a mutant went; `seed` None: nothing caught it."""

    mutant: Mutant
    seed: int | None
    invariant: str
    tried: int
    seconds: float


def hunt(mutant: Mutant, first: int, most: int) -> Hunt:
    """Look for `mutant` with at most so many seeds from `first` on, in a process of its own."""
    started = time.monotonic()
    command = [sys.executable, "-W", "ignore", "-m", "simulation.mutants.hunt", mutant.name, "--seed", str(first), "--most", str(most)]
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": path, **HASH_SEED}
    )
    if done.returncode not in (0, NOT_FOUND):
        raise RuntimeError(f"{mutant.name}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    took = time.monotonic() - started
    return Hunt(mutant, found["seed"], found["invariant"], found["seed"] - first + 1, took) if found else Hunt(mutant, None, "", most, took)


def as_recorded(mutant: Mutant) -> Hunt:
    """Look for `mutant` by its recorded seed alone; one that has none is not found, nor one that breaks another invariant by now."""
    seed, invariant = RECORDED.get(mutant.name, (0, ""))
    found = hunt(mutant, seed, 1)
    return found if found.invariant == invariant else Hunt(mutant, None, "", 1, found.seconds)


def record(found: Mapping[str, tuple[int, str]]) -> None:
    """Write down by which seed, and by which invariant, each mutant of today was found."""
    place = Path(__file__).parent / "catalogue" / "recorded.py"
    kept = {name: found[name] for name in ALL if name in found}
    head = place.read_text().partition("RECORDED")[0]
    lines = "".join(f"    {json.dumps(name)}: ({seed}, {json.dumps(invariant)}),\n" for name, (seed, invariant) in kept.items())
    place.write_text(f"{head}RECORDED: dict[str, tuple[int, str]] = {{\n{lines}}}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="Find each deliberate bug by the simulator.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all unless named")
    parser.add_argument("--recorded", action="store_true", help="by the seed that is recorded for each")
    parser.add_argument("--seed", type=int, help="the first of the fresh seeds; one of chance unless said")
    parser.add_argument("--most", type=int, default=MOST, help="seeds for each")
    parser.add_argument("--record", action="store_true", help="write down which seed found each")
    parser.add_argument("--mend", action="store_true", help="write down which seed found those that are found no more by theirs")
    asked = parser.parse_args()
    first = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    wanted = [ALL[name] for name in asked.names] or list(ALL.values())

    def one(mutant: Mutant) -> Hunt:
        found = as_recorded(mutant) if asked.recorded or asked.mend else None
        if found is None or (asked.mend and found.seed is None):
            found = hunt(mutant, first, asked.most)
        caught = f"seed {found.seed}, after {found.tried}: {found.invariant}" if found.seed is not None else "NOT FOUND"
        print(f"{mutant.name:55} {found.seconds:5.1f} s  {caught}", flush=True)
        return found

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        hunts = list(pool.map(one, wanted))
    if asked.record or asked.mend:
        record({**RECORDED, **{h.mutant.name: (h.seed, h.invariant) for h in hunts if h.seed is not None}})
    caught = sum(h.seed is not None for h in hunts)
    print(f"{caught} of {len(hunts)} found")
    return 0 if caught == len(hunts) else 1


if __name__ == "__main__":
    sys.exit(main())
