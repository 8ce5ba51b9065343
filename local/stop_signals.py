"""Ctrl-C, SIGTERM and a terminal that closes. The first interrupts whatever goes on; while the hub stops, more of them only count."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """Somebody asked the runner to stop."""


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undisturbed() -> Iterator[None]:
    """No signal comes between the start of a child and the note that there is one. The child inherits this, and says `disturb_me`."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def disturb_me() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


class StopSignals:
    def __init__(self) -> None:
        self._heard, self._holding, self._had_terminal = 0, False, os.isatty(0)

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell's background job ignores SIGINT until somebody asks for it
            signal.signal(number, self._hear)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._heard += 1
        if not self._holding:
            self._holding = True
            raise Stopped

    def check_terminal(self) -> None:
        """Raises Stopped if the terminal has closed: only its first process hears SIGHUP, and `make` tells nobody."""
        if self._had_terminal and not os.isatty(0):
            raise Stopped

    def hold(self) -> None:
        """Interrupt nothing any more: the stop has begun."""
        self._holding = True

    def ignore(self) -> None:
        """Everything has stopped; the process ends in its own time."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def hurried(self) -> bool:
        """Whether somebody asked again."""
        return self._heard > 1
