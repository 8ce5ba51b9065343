"""Values of which the emulator asks at each call whether they are right: a text is, and of a number it is the same each time."""

from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

NUMBERS = 10_000
"""Numbers that are remembered."""
HELD_IN = ("Item", "Key", "ExclusiveStartKey", "ExpressionAttributeValues")
OLD_WAYS = frozenset({"AttributeUpdates", "Expected", "KeyConditions", "QueryFilter"})
"""Fields of a request with values of another shape."""


def take() -> None:
    """Let this process's emulator look at no text, and at each number once."""
    _take_numbers()
    _take_levels()
    asked = dynamodb._request_values

    def values(data: dict[str, Any]) -> list[Any]:
        if OLD_WAYS & data.keys():
            found: list[Any] = asked(data)
            return found
        held = (data.get(field) for field in HELD_IN)
        return [value for some in held if isinstance(some, dict) for value in some.values() if not _is_text(value)]

    dynamodb._request_values = values


def _take_numbers() -> None:
    wrong, written = dynamodb._number_error, dynamodb._ddb_canonicalize_number
    kept_wrong, kept_written = lru_cache(NUMBERS)(wrong), lru_cache(NUMBERS)(written)
    dynamodb._number_error = lambda text: kept_wrong(text) if type(text) is str else wrong(text)
    dynamodb._ddb_canonicalize_number = lambda text: kept_written(text) if type(text) is str else written(text)


def _take_levels() -> None:
    counted = dynamodb._nesting_level

    def level(value: Any, depth: int = 1) -> int:
        if type(value) is dict and "M" not in value and "L" not in value:
            return depth
        found: int = counted(value, depth)
        return found

    dynamodb._nesting_level = level


def _is_text(value: Any) -> bool:
    return type(value) is dict and len(value) == 1 and type(value.get("S")) is str
