"""Who acts next: actors are greenlets, one runs at a time, and a seed decides who, at every call that leaves a process."""

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from greenlet import getcurrent, greenlet

from simulation.turns.history import History
from simulation.turns.virtual_clock import VirtualClock

MOST_TURNS = 60_000
"""A schedule that takes more turns goes round in circles."""


class Endless(AssertionError):
    """The schedule does not come to rest."""


class ProcessDied(BaseException):
    """The process in which this actor runs is gone. No `except Exception` of the code under test may catch it."""


class Scheduler:
    """Actors and their turns. All choices are `random`'s."""

    def __init__(self, random: Random, clock: VirtualClock, history: History) -> None:
        self._random, self._clock, self._history = random, clock, history
        self._ready: list[greenlet] = []
        self._waiting: list[tuple[datetime, int, greenlet]] = []
        self._turns = self._counted = 0
        self.failures: list[BaseException] = []
        """What actors raised that nobody expected."""

    def spawn(self, name: str, act: Callable[[], None], after: timedelta = timedelta(0)) -> None:
        """Let `act` be done by an actor of its own, `after` from now."""

        def live() -> None:
            try:
                act()
            except ProcessDied:
                self._history.add(f"{name} died")
            except Exception as error:
                self._history.add(f"{name} raised {error!r}")
                self.failures.append(error)

        actor = greenlet(live)
        if after > timedelta(0):
            self._wait(actor, after)
        else:
            self._ready.append(actor)

    @property
    def acting(self) -> object:
        """Whose turn it is."""
        return getcurrent()

    def turn(self) -> None:
        """Called by the actor whose turn it is: let whoever comes next go on. Outside any actor it does nothing."""
        actor = getcurrent()
        if actor.parent is not None:
            self._ready.append(actor)
            actor.parent.switch()

    def sleep(self, seconds: float) -> None:
        """Called by the actor whose turn it is: go on after so many seconds of virtual time."""
        actor = getcurrent()
        if actor.parent is not None:
            self._wait(actor, timedelta(seconds=seconds))
            actor.parent.switch()
        else:
            self._clock.advance(timedelta(seconds=seconds))

    def run(self) -> None:
        """Let all actors act until none is left. Raises Endless, and what an actor raised that nobody expected."""
        while self._ready or self._waiting:
            self._turns += 1
            if self._turns > MOST_TURNS:
                raise Endless(f"more than {MOST_TURNS} turns")
            if self._waiting:
                self._wake()
            actor = self._ready.pop(self._random.randrange(len(self._ready)))
            actor.switch()
            if self.failures:
                raise self.failures[0]

    def _wait(self, actor: greenlet, by: timedelta) -> None:
        self._counted += 1
        heappush(self._waiting, (self._clock.now + by, self._counted, actor))

    def _wake(self) -> None:
        """Who has waited long enough is ready; if nobody is, time passes until somebody is."""
        if not self._ready and self._waiting:
            self._clock.advance(self._waiting[0][0] - self._clock.now)
        while self._waiting and self._waiting[0][0] <= self._clock.now:
            self._ready.append(heappop(self._waiting)[2])
