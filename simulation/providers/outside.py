"""A provider's side of a call: others act meanwhile, the request or its answer may be lost, our process may end."""

from collections.abc import Callable
from typing import TypeVar

from monsoon_plugin.errors import ErrorKind, PluginError
from simulation.faults import Fault

T = TypeVar("T")


class Outside:
    """The way to every provider. `meet` is told of each call before it is made, and answers its fault; `die` ends the caller."""

    def __init__(self) -> None:
        self.meet: Callable[[str], Fault | None] = lambda call: None
        self.die: Callable[[], None] = lambda: None

    def call(self, what: str, effect: Callable[[], T]) -> T:
        """Let the provider do `effect`. Raises PluginError where the call fails, or its answer is lost."""
        fault = self.meet(what)
        if fault in ("refused", "conflict"):
            raise PluginError(ErrorKind.UNAVAILABLE, "simulated: the provider does not listen")
        if fault == "dies before":
            self.die()
        answer = effect()
        if fault == "repeated":
            answer = effect()
        if fault == "dies after":
            self.die()
        if fault == "lost":
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "simulated: the answer was lost")
        return answer
