"""How large items are by DynamoDB's count: asked for each item of each page, and of each write several times."""

from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

NUMBERS = 10_000
"""Numbers whose sizes are kept."""


def take() -> None:
    """Let this process's emulator count texts at once, and each number's digits once."""
    counted = dynamodb._attribute_value_size

    def size(value: Any) -> int:
        if type(value) is dict and len(value) == 1:
            text = value.get("S")
            if type(text) is str:
                return _length(text)
        found: int = counted(value)
        return found

    sized = dynamodb._item_size_bytes

    def item_size(item: Any) -> int:
        if type(item) is not dict:
            found: int = sized(item)
            return found
        return sum(map(_length, item)) + sum(map(size, item.values()))

    dynamodb._attribute_value_size, dynamodb._item_size_bytes = size, item_size
    dynamodb._number_size_bytes = lru_cache(NUMBERS)(dynamodb._number_size_bytes)


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
