"""How a conditional write may end other than well, and the patience of whoever lost a race."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shared.errors import TooManyRequests

T = TypeVar("T")
ATTEMPTS = 6
FIRST_PAUSE = 0.02
"""Seconds; doubled after each attempt, of which a random part is waited (full jitter): at most 1.3 s in all."""


class Contended(Exception):
    """Another write to the same item was first, or is in flight. Nothing was written."""


class AlreadyThere(Exception):
    """What was to be created exists: the same Idempotency-Key came before. Nothing was written."""


class Shortage(Exception):
    """These offers could not be taken: offer id → units left, None for one that is not for sale. Nothing was written."""

    def __init__(self, left: Mapping[str, int | None]) -> None:
        super().__init__(", ".join(left))
        self.left = left


class Busy(TooManyRequests):
    code, title = "busy", "Too many write to this at once; nothing was changed: send the same request again"


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries again what is contended. `pause` waits that many seconds; `random` answers from 0 up to 1."""

    pause: Callable[[float], None]
    random: Callable[[], float]

    def __call__(self, attempt: Callable[[], T]) -> T:
        """The attempt's answer. Raises Busy when ATTEMPTS were contended."""
        for n in range(ATTEMPTS):
            try:
                return attempt()
            except Contended:
                self.pause(self.random() * FIRST_PAUSE * 2**n)
        raise Busy(retry_after=1)
