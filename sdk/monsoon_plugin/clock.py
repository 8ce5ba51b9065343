"""Time is passed in: a Clock is any function that answers the present moment in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

Clock = Callable[[], datetime]
TimeLeft = Callable[[], timedelta]
"""How long the function may still run."""


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Write `moment` as RFC 3339 in UTC with milliseconds, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_rfc3339(text: str) -> datetime:
    """Read an RFC 3339 moment. Raises ValueError for anything else, and for a time without an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999 in UTC") from error


def remaining(context: Any) -> timedelta:
    """How long the function that Lambda runs with this context may still run; a day where nobody counts (None)."""
    return timedelta(days=1) if context is None else timedelta(milliseconds=context.get_remaining_time_in_millis())


UNCOUNTED: TimeLeft = partial(remaining, None)
"""Of what runs where nobody counts."""
