"""Lists of bounded length and weight, as calls take them."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def bounded_lists(items: Iterable[T], most: int, most_bytes: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """`items` in lists of at most `most` and, beyond the first of each list, at most `most_bytes`."""
    held: list[T] = []
    weight = 0
    for item in items:
        more = size(item)
        if held and (len(held) == most or weight + more > most_bytes):
            yield held
            held, weight = [], 0
        held.append(item)
        weight += more
    if held:
        yield held
