"""A provider's side of a call: others act meanwhile, the request or its answer may be lost, our process may end."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from monsoon_plugin.errors import ErrorKind, PluginError
from simulation.faults import ProviderFault
from simulation.providers.silence import Loss

T = TypeVar("T")


class Outside:
    """The way to every provider. `meet` is told of each call before it is made, and answers its fault; `die` ends the caller."""

    def __init__(self) -> None:
        self.meet: Callable[[str], ProviderFault | None] = lambda call: None
        self.die: Callable[[], None] = lambda: None
        self.later: Callable[[str, Callable[[], None]], None] = lambda what, act: None
        """Lets something happen minutes or hours later."""

    def call(self, what: str, effect: Callable[[], T], *, slow: bool = False, loses: Callable[[], Loss] = lambda: "") -> T:
        """Let the provider do `effect`. Raises PluginError where the call fails, or its answer is lost.

        `slow`: the request may arrive long after its caller has given it up; the provider then does it, unless it has it already.
        `loses`: says what of this call is lost of itself, beside all faults.
        """
        fault = self.meet(what)
        if fault in ("refused", "conflict"):
            raise PluginError(ErrorKind.UNAVAILABLE, "simulated: the provider does not listen")
        if fault == "dies before":
            self.die()
        if fault == "slow" and slow:
            self.later(what, lambda: _as_it_comes(effect))
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "simulated: nobody knows where the request is")
        lost = loses()
        if lost == "request":
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "simulated: the request was lost")
        answer = effect()
        if fault == "repeated":
            answer = effect()
        if fault == "dies after":
            self.die()
        if lost or fault in ("lost", "slow"):
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "simulated: the answer was lost")
        return answer


def _as_it_comes(effect: Callable[[], object]) -> None:
    """What a provider refuses of a request that comes too late, it tells nobody."""
    with suppress(PluginError):
        effect()
