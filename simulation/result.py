"""How schedules ended: one, and many. It knows nothing of the hub, whose import takes over the process's AWS."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Violation:
    """An invariant that does not hold."""

    invariant: str
    told: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a schedule ended."""

    seed: int
    parts: tuple[str, ...]
    """Acts and kinds of faults that it had: what it can be played without."""
    violations: list[Violation]
    fingerprint: str
    calls: int
    history: list[str]


@dataclass
class Summary:
    """What a campaign found."""

    schedules: int = 0
    calls: int = 0
    failing: list[Result] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    """Invariant → schedules that broke it."""
    stopped: bool = False
    """Whether somebody stopped it before its end."""

    def add(self, result: Result) -> None:
        self.schedules += 1
        self.calls += result.calls
        if result.violations:
            self.failing.append(result)
            self.broken.update({violation.invariant for violation in result.violations})
