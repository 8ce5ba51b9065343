"""Optimistic writes: whoever lost a race for an item looks again, after a pause that differs from the others'."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.errors import TooManyRequests

T = TypeVar("T")
ATTEMPTS = 6
FIRST_PAUSE = 0.02
"""Seconds; doubled after each attempt, of which a random part is waited (full jitter): at most 1.3 s in all."""


class Contended(Exception):
    """Another write to the same item was first, or is in flight. Nothing was written."""


class Busy(TooManyRequests):
    code, title = "busy", "Too many write to this at once; nothing was changed: send the same request again"


def busy() -> Exception:
    """The usual answer to a caller whose attempts were all contended."""
    return Busy(retry_after=1)


@dataclass(frozen=True, slots=True)
class Retry:
    """Tries again what is contended. `pause` waits that many seconds; `random` answers from 0 up to 1."""

    pause: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.SystemRandom().random

    def __call__(self, attempt: Callable[[], T], exhausted: Callable[[], Exception] = busy) -> T:
        """The answer of `attempt`, which reads, decides and writes anew each time, and raises Contended where it lost.

        Raises what `exhausted` answers when ATTEMPTS were contended.
        """
        for n in range(ATTEMPTS):
            try:
                return attempt()
            except Contended:
                self.pause(self.random() * FIRST_PAUSE * 2**n)
        raise exhausted()


AT_ONCE = Retry(lambda seconds: None, lambda: 0.0)
"""Without pauses: for tests, and where a waiting function costs more than a lost race."""
