"""What a running hub cannot do is said when it begins, and when it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

LOOK_SECONDS = 2.0


@dataclass
class Trouble:
    """`ask`: why the hub can write nothing now; empty if it can."""

    ask: Callable[[], str]
    say: Callable[[str], None]
    _said: str = ""
    _due: float = 0.0

    def look(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + LOOK_SECONDS
        why = self.ask()
        if why and not self._said:
            self.say(f"the hub cannot write, and refuses what it could not keep: {why}. Make room: it goes on by itself")
        if self._said and not why:
            self.say("the hub can write again")
        self._said = why
