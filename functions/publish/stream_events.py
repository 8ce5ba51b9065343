"""The events that a table's stream brings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.aws.packing import unpacked


def new_events(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The events that these stream records brought: those that the item did not hold before, in the stream's order.

    Raises ValueError for one that cannot be read: the stream then gives the batch again.
    """
    for record in records:
        new = record["dynamodb"].get("NewImage", {}).get("event")
        if new and new != record["dynamodb"].get("OldImage", {}).get("event"):
            yield unpacked(new)
