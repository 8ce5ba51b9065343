"""What a running hub cannot do is said when it begins, and when it is over."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Trouble:
    """`ask`: why the hub can write nothing now; empty if it can."""

    ask: Callable[[], str]
    say: Callable[[str], None]
    _said: str = ""

    def look(self) -> None:
        why = self.ask()
        if why and not self._said:
            self.say(f"the hub cannot write, and refuses what it could not keep: {why}. Make room: it goes on by itself")
        if self._said and not why:
            self.say("the hub can write again")
        self._said = why
