"""Two writers of one item: the loser tries again a few times, later each time, and then says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared.errors import TooManyRequests

T = TypeVar("T")
ATTEMPTS = 6
FIRST_PAUSE = 0.02
"""Seconds; doubled after each attempt, of which a random part is waited (full jitter), so at most 0.6 s in all."""


class Contended(Exception):
    """Another write to the same item was first, or is in flight. Nothing was written."""


class Busy(TooManyRequests):
    code, title = "busy", "Too many write to this at once; nothing was changed: send the same request again"


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries again what is contended. `pause` waits that many seconds; `random` is from 0 up to 1."""

    pause: Callable[[float], None]
    random: Callable[[], float]

    def __call__(self, attempt: Callable[[], T]) -> T:
        """The attempt's answer. Raises Busy after ATTEMPTS."""
        for n in range(ATTEMPTS):
            try:
                return attempt()
            except Contended:
                self.pause(self.random() * FIRST_PAUSE * 2**n)
        raise Busy(retry_after=1)
