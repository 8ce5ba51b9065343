"""How a long campaign stands, told while it is played: a line every so often, and each failing seed at once."""

from collections.abc import Callable
from typing import TextIO

from simulation.result import Result, Summary

EVERY = 10.0
"""Seconds from one line to the next, unless others are asked for."""


class Progress:
    """Tells `out`, line by line, so that a log of it can be read too."""

    def __init__(self, count: int, out: TextIO, seconds: Callable[[], float], every: float = EVERY) -> None:
        """`count`: schedules in all; `seconds`: a clock that only rises; `every`: seconds from one line to the next."""
        self._count, self._out, self._seconds, self._every = count, out, seconds, every
        self._begun = self._told = seconds()

    def __call__(self, summary: Summary, result: Result) -> None:
        """`result`: the last of the schedules that `summary` sums up."""
        if result.violations:
            self._say(f"SEED={result.seed} failed: {', '.join(sorted({one.invariant for one in result.violations}))}")
        now = self._seconds()
        if now - self._told >= self._every:
            self._told = now
            self._say(f"{summary.schedules} of {self._count} schedules, {now - self._begun:.0f} s; failing: {len(summary.failing)}")

    def _say(self, line: str) -> None:
        print(line, file=self._out, flush=True)
