"""What is looked at while the hub runs, now and then."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LOOK_SECONDS = 2.0


@dataclass
class Looks:
    """`each`: what is looked at, in this order."""

    each: Sequence[Callable[[], None]]
    clock: Callable[[], float] = time.monotonic
    _due: float = 0.0

    def look(self) -> None:
        """Look, unless that was done less than LOOK_SECONDS ago."""
        if self.clock() >= self._due:
            self._due = self.clock() + LOOK_SECONDS
            for look in self.each:
                look()
