"""How far a command is that goes through a whole table: said now and then, for whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
Say = Callable[[str], None]


def say(line: str) -> None:
    """To whoever called the command, at once, also through a pipe."""
    print(line, flush=True)


def telling(things: Iterable[T], each: int, how_far: Callable[[], object], tell: Say = say) -> Iterator[T]:
    """The `things`; once `each` of them were taken and done with, and again after as many, it is told how far it is."""
    for taken, one in enumerate(things, 1):
        yield one
        if taken % each == 0:
            tell(str(how_far()))
