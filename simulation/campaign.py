"""Many seeds on all cores."""

import gc
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from simulation.schedule import Result, run

TOGETHER = 8
"""Seeds that a process is handed at a time: few, so that none is long alone in the end."""


@dataclass
class Summary:
    """What a campaign found."""

    schedules: int = 0
    calls: int = 0
    failing: list[Result] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    """Invariant → schedules that broke it."""

    def add(self, result: Result) -> None:
        self.schedules += 1
        self.calls += result.calls
        if result.violations:
            self.failing.append(result)
            self.broken.update({violation.invariant for violation in result.violations})


def campaign(first: int, count: int, workers: int = 0, progress: Callable[[Summary], None] = lambda summary: None) -> Summary:
    """Play the schedules of `count` seeds from `first` on, by so many processes (0: one a core)."""
    summary = Summary()
    for result in _results(range(first, first + count), workers or os.cpu_count() or 1):
        summary.add(result)
        progress(summary)
    return summary


def _results(seeds: range, workers: int) -> Iterator[Result]:
    if workers == 1:
        yield from map(run, seeds)
        return
    some = [seeds[start : start + TOGETHER] for start in range(0, len(seeds), TOGETHER)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for results in pool.map(_played, some):
            yield from results


def _played(seeds: Iterable[int]) -> list[Result]:
    """Only a failing schedule's history is worth sending."""
    logging.disable()
    found = [run(seed) for seed in seeds]
    gc.collect()  # a schedule drops some 5,000 objects that refer to one another; the services' own setting would let them lie for long
    return [r if r.violations else replace(r, history=[]) for r in found]
