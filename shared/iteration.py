"""Going through many things: some at a time, or each by itself."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def chunks(items: Iterable[T], size: int) -> Iterable[list[T]]:
    """`items` in lists of at most `size`."""
    held: list[T] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def sweep_each(due: Iterable[T], look_at: Callable[[T], R], what: str) -> list[R]:
    """Look at each of `due`, in its order; answers what `look_at` answered. `what` names them, in the plural.

    One that fails keeps no other waiting, and stays due: all failures are raised together at the end, as an ExceptionGroup.
    """
    answers: list[R] = []
    failures: list[Exception] = []
    for one in due:
        try:
            answers.append(look_at(one))
        except Exception as failure:  # raised below
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(failures) + len(answers)} {what} could not be looked at", failures)
    return answers
