"""Time that costs nothing: it moves when somebody waits, and a little with each call."""

from datetime import datetime, timedelta

NONE = timedelta(0)


class VirtualClock:
    """A clock that only rises. `clock()` is what every service is given as its own."""

    def __init__(self, start: datetime) -> None:
        """`start`: UTC."""
        self.start, self.now = start, start

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """Of this clock since its start: what services take for a monotonic clock."""
        return (self.now - self.start).total_seconds()

    def advance(self, by: timedelta) -> None:
        """Let `by` pass; it is never negative."""
        self.now += max(by, NONE)
