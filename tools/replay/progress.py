"""How far the replay is: one line that updates itself on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TextIO

PLAIN_SECONDS, TERMINAL_SECONDS = 5.0, 0.2
"""Between two lines, or two states of the one line."""


@dataclass
class Progress:
    """Counts up to `total` with a rate. As a context manager: says the last state on exit. `step` may be called by any thread."""

    name: str
    total: int
    out: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        self._lock, self._started = threading.Lock(), self.clock()
        self._said = self._started

    def step(self) -> None:
        """One more is done."""
        with self._lock:
            self._at(self.done + 1, self.note)

    def at(self, done: int, note: str = "") -> None:
        """So many are done; `note` tells more of them."""
        with self._lock:
            self._at(done, note)

    def _at(self, done: int, note: str) -> None:
        self.done, self.note = done, note
        if self.clock() - self._said >= (TERMINAL_SECONDS if self.out.isatty() else PLAIN_SECONDS):
            self._say(end="" if self.out.isatty() else "\n")

    def _say(self, end: str) -> None:
        self._said = self.clock()
        seconds = self._said - self._started
        rate = f"{self.done / seconds:.0f}/s" if seconds > 0 else ""
        text = f"{self.name}: {self.done:,} of {self.total:,}, {seconds:.0f} s, {rate}{', ' if self.note else ''}{self.note}"
        print(f"\r{text:<100}" if self.out.isatty() else text, end=end, file=self.out, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._say(end="\n")
