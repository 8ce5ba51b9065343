"""A small memory of what was read a moment ago, bounded in number and age."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

V = TypeVar("V")


class Recent:
    """Keeps at most `most` answers, each for `age` seconds; the oldest leaves first."""

    def __init__(self, age: float, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._age, self._most, self._monotonic = age, most, monotonic
        self._kept: dict[Hashable, tuple[float, Any]] = {}

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """What `read` answered for `key` less than `age` seconds ago, else what it answers now."""
        now = self._monotonic()
        until, value = self._kept.get(key, (now, None))
        if now < until:
            found: V = value
            return found
        found = read()
        self._kept.pop(key, None)
        while len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = (now + self._age, found)
        return found
