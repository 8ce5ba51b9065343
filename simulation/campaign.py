"""Many seeds on all cores."""

import gc
import logging
import os
import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context

from simulation.result import Result, Summary
from simulation.schedule import run

TOGETHER = 8
"""Seeds that a process is handed at a time: few, so that none is long alone in the end."""


Told = Callable[[Summary, Result], None]
"""Is given what was found so far, and the schedule that was played last."""


def campaign(first: int, count: int, workers: int = 0, progress: Told = lambda summary, result: None) -> Summary:
    """Play the schedules of `count` seeds from `first` on, by so many processes (0: one a core); an interrupt ends it."""
    summary = Summary()
    try:
        with closing(_results(range(first, first + count), workers or os.cpu_count() or 1)) as results:
            for result in results:
                summary.add(result)
                progress(summary, result)
    except KeyboardInterrupt:
        summary.stopped = True
    return summary


def _results(seeds: range, workers: int) -> Generator[Result, None, None]:
    some = [seeds[start : start + TOGETHER] for start in range(0, len(seeds), TOGETHER)]
    if workers == 1:
        for results in map(_played, some):
            yield from results
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent)
    try:
        for results in pool.map(_played, some):
            yield from results
    finally:
        _let_go(pool)


def _let_go(pool: ProcessPoolExecutor) -> None:
    """Let each worker end what it plays. A second interrupt meanwhile would leave them behind: none is heard."""
    heard = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT, signal.SIGTERM)}
    pool.shutdown(cancel_futures=True)
    for each, handler in heard.items():
        signal.signal(each, handler)


def _leave_interrupts_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal; a worker ends what it plays, and is then let go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _played(seeds: Iterable[int]) -> list[Result]:
    """Only a failing schedule's history is worth sending."""
    logging.disable()
    found = [run(seed) for seed in seeds]
    gc.collect()  # a schedule drops some 5,000 objects that refer to one another; the services' own setting would let them lie for long
    return [r if r.violations else replace(r, history=[]) for r in found]
