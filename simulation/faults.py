"""What goes wrong in one schedule: drawn from the seed once, then asked at every call that leaves a process."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from simulation.aws.past import INDEX_LONGEST

Fault = Literal["refused", "lost", "repeated", "conflict", "dies before", "dies after"]
"""refused: an error, and nothing was done. lost: it was done, and the answer did not come. repeated: it was done, the answer was lost, and
the client sent it again, as AWS's clients do. conflict: another transaction was in the way. dies: the process ends at this call."""
ProviderFault = Literal[Fault, "slow"]
"""slow: the request arrives long after its caller has given it up."""
KINDS: tuple[Fault, ...] = ("refused", "lost", "repeated", "conflict", "dies before", "dies after")
LEVELS = (0.0, 0.0, 0.002, 0.01, 0.03)
"""How often a call meets each kind, drawn for a schedule: many schedules have none of a kind, so that few faults are seen alone."""

TROUBLES: tuple[ProviderFault, ...] = ("refused", "lost", "repeated", "slow", "slow", "slow", "dies after")
"""What a provider's bad day is made of."""
BAD_DAYS = (0.0, 0.0, 0.0, 0.1, 0.4)
"""How often a call to a provider meets one of them beside the faults of every call, drawn for a schedule."""

STALE = (0.0, 0.0, 0.0, 0.1, 0.5)
"""How often a read may lag that does not ask for consistency, drawn for a schedule."""
BEHIND = (1.0, 1.0, INDEX_LONGEST)
"""Seconds that an index may be behind its table at most, drawn for a schedule."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How likely is what, in one schedule."""

    calls: dict[Fault, float]
    """Of a call to AWS or a provider."""
    doubled: float
    """A message comes twice."""
    late: float
    """A message comes minutes or hours late."""
    ghosts: float = 0.0
    """A message that was done lies among the dead nevertheless, and is redriven weeks later."""
    providers: float = 0.0
    """Of a call to a provider."""

    @classmethod
    def drawn(cls, random: Random, without: frozenset[str] = frozenset()) -> "Rates":
        """The rates of one schedule; 0 for the kinds that are left out."""
        rates = {kind: random.choice(LEVELS) for kind in KINDS}
        doubled, late = random.choice((0.0, 0.05, 0.2)), random.choice((0.0, 0.05, 0.2))
        ghosts = random.choice((0.0, 0.0, 0.0, 0.1))
        bad_days = random.choice(BAD_DAYS)
        providers = 0.0 if "providers" in without else bad_days
        calls: dict[Fault, float] = {kind: 0.0 if kind in without else rate for kind, rate in rates.items()}
        doubled, late = 0.0 if "doubled" in without else doubled, 0.0 if "late" in without else late
        return cls(calls, doubled=doubled, late=late, ghosts=0.0 if "ghosts" in without else ghosts, providers=providers)

    @property
    def kinds(self) -> list[str]:
        """What can go wrong with these rates."""
        named: dict[str, float] = {str(kind): rate for kind, rate in self.calls.items()}
        named |= {"doubled": self.doubled, "late": self.late, "ghosts": self.ghosts, "providers": self.providers}
        return [kind for kind, rate in named.items() if rate]


NONE = Rates({}, 0.0, 0.0)


class Staleness:
    """How often and how far reads lag that do not ask for consistency, in one schedule.

    Its random choices are its own: a schedule without it is played as if there were no such fault.
    """

    def __init__(self, random: Random, without: frozenset[str] = frozenset()) -> None:
        self._random = random
        rate = random.choice(STALE)
        self.rate = 0.0 if "stale" in without else rate
        self.behind = random.choice(BEHIND)

    def lag(self, of_index: bool = False) -> Callable[[], float] | None:
        """None for a read that does not lag; else what draws the seconds that a partition does."""
        if not self.rate or self._random.random() >= self.rate:
            return None
        longest = self.behind if of_index else 1.0
        return lambda: self._random.random() * longest


class Faults:
    """Asked at every call. `calm` ends all faults, so that what remains can come to its end."""

    def __init__(self, random: Random, rates: Rates) -> None:
        self._random, self.rates = random, rates

    def calm(self) -> None:
        self.rates = NONE

    def at_call(self) -> Fault | None:
        for kind, rate in self.rates.calls.items():
            if rate and self._random.random() < rate:
                return kind
        return None

    def at_provider(self) -> ProviderFault | None:
        """Beside the faults of every call."""
        if self.rates.providers and self._random.random() < self.rates.providers:
            return self._random.choice(TROUBLES)
        return None

    def copies(self) -> int:
        """How often a message is delivered."""
        return 2 if self.rates.doubled and self._random.random() < self.rates.doubled else 1

    def leaves_ghost(self) -> bool:
        return bool(self.rates.ghosts) and self._random.random() < self.rates.ghosts

    def delay(self) -> float:
        """Seconds until a message is seen."""
        if self.rates.late and self._random.random() < self.rates.late:
            return self._random.choice((20.0, 300.0, 3 * 3600.0, 26 * 3600.0))
        return self._random.choice((0.0, 0.1, self._random.random()))
