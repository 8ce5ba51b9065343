"""Until when a request to a provider that was lost on its way may come to it yet."""

from datetime import datetime, timedelta

from monsoon_plugin.clock import from_rfc3339

LAST_ARRIVAL = timedelta(hours=36)
"""A request that nobody answered lies in some queue on its way for this long at most. While it may come, the refusal of its repetition is
not final: what was refused may be done yet, by the first."""


def last_arrival(lost_at: str) -> datetime:
    """Until when a request that was sent then, and was lost, may come to its provider (`lost_at`: RFC 3339)."""
    return from_rfc3339(lost_at) + LAST_ARRIVAL
