"""How often queues and streams are looked into: at once after a rest, and then no faster than their readers gain by it.

The emulator looks through every queue and stream as long as it finds anything, so that with eight clients each change is published alone,
by a call of its own, and each message delivered alone. AWS looks into a stream's shard four times a second, and takes what has come
(Lambda developer guide, "Process DynamoDB records with Lambda").

Who looks into a stream waits until its function has done what was found. Queues are looked into meanwhile.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from ministack.core.concurrency import esm_wake
from ministack.services import lambda_svc

log = logging.getLogger(__name__)
Look = Callable[[], bool]
"""Looks once; whether anything was found, so that there may be more."""
QUEUES_SECONDS, STREAMS_SECONDS = 0.01, 0.1
"""Between the end of one look and the next."""
REST_SECONDS = 1.0
"""So long at most nobody looks: what was put off comes due by itself."""


class Reader:
    """Looks into one kind of source, at most so often, and only with a reason to."""

    def __init__(self, look: Look, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._look, self._seconds, self._clock, self._due = look, seconds, clock, 0.0
        self.has_reason = True

    @property
    def wait(self) -> float:
        """Seconds until it may look."""
        return max(0.0, self._due - self._clock())

    def turn(self) -> None:
        """Look, if it may and has reason to."""
        if self.has_reason and not self.wait:
            try:
                self.has_reason = self._look()
            except Exception:
                log.exception("queues or streams cannot be looked into")
                self.has_reason = False
            self._due = self._clock() + self._seconds


def step(
    readers: Sequence[Reader], wake: threading.Event, sleep: Callable[[float], None] = time.sleep, others: Sequence[threading.Event] = ()
) -> None:
    """Wait for a reason to look, then look. Who hears it wakes the others."""
    waits = [reader.wait for reader in readers if reader.has_reason]
    rested = not waits and not wake.wait(REST_SECONDS)
    if waits:
        sleep(min(waits))
    if rested or wake.is_set():
        wake.clear()
        for other in others:
            other.set()
        for reader in readers:
            reader.has_reason = True
    for reader in readers:
        reader.turn()


def _go_on(readers: Sequence[Reader], wake: threading.Event, others: Sequence[threading.Event] = ()) -> None:
    while True:
        step(readers, wake, others=others)


def woken_once(event: threading.Event) -> Callable[[], None]:
    """Sets the event where it is not set: whoever looks clears it first. Each message and each change of an item sets it."""
    wake = event.set

    def unless_set() -> None:
        if not event.is_set():
            wake()

    return unless_set


def mend() -> None:
    """After whatever puts something in place of the emulator's looks: they are looked up each time all the same."""

    def queues() -> bool:
        return bool(lambda_svc._poll_sqs())

    def streams() -> bool:
        return any([lambda_svc._poll_kinesis(), lambda_svc._poll_dynamodb_streams()])

    def poll() -> None:
        of_queues, of_streams, woken = [Reader(queues, QUEUES_SECONDS)], [Reader(streams, STREAMS_SECONDS)], threading.Event()
        threading.Thread(target=lambda: _go_on(of_streams, woken), daemon=True).start()
        _go_on(of_queues, esm_wake, [woken])

    lambda_svc._poll_loop = poll
    esm_wake.set = woken_once(esm_wake)
