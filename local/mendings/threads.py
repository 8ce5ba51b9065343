"""Threads that go on with the next piece of work: the emulator starts one for each call of a function, and waits until it runs."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

from ministack.core import concurrency

log = logging.getLogger(__name__)
Work = Callable[[], None]


class Threads:
    """As many as have work at once; who has none waits for the next."""

    def __init__(self) -> None:
        self._work = SimpleQueue[Work]()
        self._idle = threading.Semaphore(0)

    def start(self, work: Work) -> None:
        """Do it at once. Raises RuntimeError where the system has no more threads."""
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._go_on, daemon=True).start()
        self._work.put(work)

    def _go_on(self) -> None:
        while True:
            try:
                self._work.get()()
            except Exception:
                log.exception("a thread's work failed")
            self._idle.release()


class Borrowed:
    """What the emulator asks of a thread that it makes: to start, and now and then whether it has done its work."""

    def __init__(self, threads: Threads, target: Work) -> None:
        self._threads, self._target, self._done = threads, target, threading.Event()

    def start(self) -> None:
        self._threads.start(self._work)

    def _work(self) -> None:
        try:
            self._target()
        finally:
            self._done.set()

    def join(self, timeout: float | None = None) -> None:
        self._done.wait(timeout)

    def is_alive(self) -> bool:
        return not self._done.is_set()


def mend() -> None:
    threads = Threads()

    def thread(target: Work, **_: Any) -> Borrowed:
        return Borrowed(threads, target)

    concurrency.threading = SimpleNamespace(**vars(threading) | {"Thread": thread})
