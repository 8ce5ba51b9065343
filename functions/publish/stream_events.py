"""The events that a table's stream brings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def new_events(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The events that these stream records brought: those that the item did not hold before, in the stream's order."""
    for record in records:
        new = record["dynamodb"].get("NewImage", {}).get("event", {}).get("S")
        if new and new != record["dynamodb"].get("OldImage", {}).get("event", {}).get("S"):
            yield new
