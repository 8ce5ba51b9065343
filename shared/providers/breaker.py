"""A circuit breaker per installation: a provider that keeps failing is left alone for a while. Pure.

```
closed ── FAILURES in a row within WINDOW ──▶ open ── pause ──▶ half-open: one probe ──▶ closed, or open for longer
```

One merchant's bad key or slow provider opens nobody else's circuit. Failures are counted in the process; that a circuit is open is
shared through the host's table, in an item that is read along with the installation (store.py), and written only when it changes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.errors import ErrorKind

FAILURES = 5
WINDOW = timedelta(seconds=60)
PAUSE = timedelta(seconds=30)
LONGEST = timedelta(minutes=10)
"""Each opening in a row doubles the pause, up to this."""
DOUBLINGS = 5
"""These reach LONGEST; a provider may stay away for days."""
PROBE = timedelta(seconds=30)
"""So long one probe is awaited before another is let through."""
BROKEN = frozenset({ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL, ErrorKind.RATE_LIMITED})
"""What counts: the provider is not well. A refusal (declined, invalid, config) is an answer."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is shared of an installation's circuit."""

    opened: int = 0
    """How often in a row it has opened; 0: it is closed."""
    until: str = ""
    """RFC 3339; open until then, then one probe at a time."""

    def closed(self, now: datetime) -> bool:
        """Whether calls may be made."""
        return not self.opened or now >= from_rfc3339(self.until)

    def probing(self, now: datetime) -> "Circuit":
        """As it is while a probe is under way: closed to others."""
        return replace(self, until=rfc3339(now + PROBE))

    def tripped(self, now: datetime) -> "Circuit":
        """Opened once more, for twice as long as the last time."""
        return Circuit(self.opened + 1, rfc3339(now + min(PAUSE * 2 ** min(self.opened, DOUBLINGS), LONGEST)))


CLOSED = Circuit()


@dataclass(slots=True)
class Tally:
    """The failures in a row that this process has seen of one installation."""

    count: int = 0
    since: datetime | None = None

    def failed(self, now: datetime) -> bool:
        """Count one more; whether the circuit is to open."""
        if self.since is None or now - self.since > WINDOW:
            self.count, self.since = 0, now
        self.count += 1
        return self.count >= FAILURES

    def reset(self) -> None:
        self.count, self.since = 0, None
