"""Items that lie in memory: what many of them say alike, an attribute's name, a version, a partition, is there once."""

import sys
from collections.abc import Mapping
from functools import lru_cache, wraps
from typing import Any

from ministack.services import dynamodb

KEPT = 10_000
"""Values that are looked for among those kept lately; of a catalogue's items three in four are found."""
LONGEST = 64
"""Characters of a value that others may have too: longer ones are texts."""


def take() -> None:
    """Let this process's emulator store items as `lean` makes them. It replaces items and never changes one that it has stored."""
    set_item = dynamodb._set_item

    @wraps(set_item)
    def put(table: Any, partition: str, sort: str, item: Mapping[str, Any]) -> Any:
        return set_item(table, partition, sort, lean(item))

    dynamodb._set_item = put


def lean(item: Mapping[str, Any]) -> dict[str, Any]:
    """An equal item, whose names and short values are those of items before it."""
    return {sys.intern(name): _shared(value) for name, value in item.items()}


def _shared(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, told),) = value.items()
    return _kept(kind, told) if isinstance(told, bool) or (isinstance(told, str) and len(told) <= LONGEST) else value


@lru_cache(KEPT)
def _kept(kind: str, told: str | bool) -> dict[str, Any]:
    return {kind: told}
