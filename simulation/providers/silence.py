"""A provider that keeps to itself what became of some calls: whoever wants to know must look in its console."""

from random import Random
from typing import Literal

Loss = Literal["", "request", "answer"]


class Silence:
    """How a provider answers calls of one kind. With a rate of 0 it tells, and its random choices are left as they are."""

    def __init__(self, random: Random) -> None:
        self._random, self.rate = random, 0.0
        self.loses_more = True
        """Whether calls are lost still; of those that were it never tells."""

    @property
    def tells(self) -> bool:
        """Whether it says what became of a call when it is asked later, and takes the same request twice for one."""
        return not self.rate

    def loses(self) -> Loss:
        """What of the next call is lost."""
        if not (self.rate and self.loses_more) or self._random.random() >= self.rate:
            return ""
        return self._random.choice(("request", "answer"))
