"""`python -m bench.machine` measures the hub on this machine, as people run it; `--beside` another checkout of the code, in the same run.

Absolute figures are this machine's, at this moment: compare ratios.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from bench.clients import crew
from bench.machine.measures import CLIENTS, Measured, measure
from bench.report import table
from infra.templates import ROOT

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.machine", description=__doc__)
    parser.add_argument("--beside", type=Path, help="a checkout of another commit, with its environment made (make install)")
    parser.add_argument("--seconds", type=float, default=10, help="how long each load is kept up (default: %(default)s)")
    parser.add_argument("--rest", type=float, default=120, help="seconds of rest before memory is looked at again (default: %(default)s)")
    asked, started = parser.parse_args(), time.monotonic()
    found: dict[str, Measured] = {}
    checkouts = {"before": asked.beside.resolve()} if asked.beside else {}
    with tempfile.TemporaryDirectory() as folder, crew() as pool:
        for name, where in (checkouts | {"here": ROOT}).items():

            def say(text: str, name: str = name) -> None:
                print(f"[{time.monotonic() - started:5.1f} s] {name}: {text}", flush=True)

            found[name] = measure(where, Path(folder) / name, pool, seconds=asked.seconds, rest=asked.rest, say=say)
    print("\n" + table(["", *found], rows(list(found.values()))))


def rows(found: list[Measured]) -> list[list[str]]:
    """Each figure of each checkout, beside each other."""
    errands = found[-1].paces  # an older commit may lack some
    shown = [[f"{name}, {CLIENTS} clients, a second", *(_shown(f.paces, name, lambda p: p.per_second) for f in found)] for name in errands]
    shown += [[f"{name}, CPU-ms", *(_shown(f.cpu_ms, name, float) for f in found)] for name in errands]
    for name in ("idle", "loaded", "rested"):
        used = [getattr(f, name) for f in found]
        shown += [
            [f"{name}: memory, MB (PSS)", *(f"{u.pss_mb:.0f}" for u in used)],
            [f"{name}: processes", *(str(u.processes) for u in used)],
        ]
    for name, what in (("ready_s", "ready with the demo, s"), ("again_s", "ready with kept data, s"), ("refusal_ms", "a 401, ms")):
        shown.append([what, *(f"{getattr(f, name):.1f}" for f in found)])
    return shown


def _shown(found: Mapping[str, T], name: str, figure: Callable[[T], float]) -> str:
    return f"{figure(found[name]):.1f}" if name in found else "–"


if __name__ == "__main__":
    main()
