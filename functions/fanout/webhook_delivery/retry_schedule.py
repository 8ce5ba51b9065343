"""When a failed endpoint is tried again: the schedule of Standard Webhooks, spread so that endpoints of one outage do not return at once.

Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Deliverability and reliability".
"""

from collections.abc import Callable
from datetime import timedelta

SCHEDULE = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""Seconds before the first attempt and after each that failed; who fails the last is disabled, some three days after the first."""
JITTER = 200
"""Thousandths by which a pause may be shorter or longer."""
LONGEST = timedelta(days=1)
Below = Callable[[int], int]
"""A random integer from 0 up to, not including, its argument."""


def pause(failures: int, below: Below, retry_after: int | None = None) -> timedelta | None:
    """How long to wait after so many failures in a row (≥ 1); None if the schedule has ended.

    `retry_after`: seconds that the endpoint asked for; it may lengthen the pause, to a day at most, and never shortens it.
    """
    if failures >= len(SCHEDULE):
        return None
    planned = timedelta(milliseconds=SCHEDULE[failures] * (1000 - JITTER + below(2 * JITTER + 1)))
    return max(planned, min(timedelta(seconds=retry_after or 0), LONGEST))
