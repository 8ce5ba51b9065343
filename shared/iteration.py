"""Going through many things: some at a time, or each by itself."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from shared.api.trace import where

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")
logger = logging.getLogger(__name__)


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


def each_read(keys: Iterable[K], read: Callable[[K], T | None], what: str) -> Iterator[T]:
    """What `read` makes of each of `keys`, in their order, without None. `what` names them, in the plural.

    One that cannot be read keeps no other waiting: it is logged by its key and passed over, and all such failures are raised together at
    the end, as an ExceptionGroup.
    """
    failures: list[Exception] = []
    for key in keys:
        try:
            found = read(key)
        except Exception as failure:  # raised below
            logger.error("one of the %s cannot be read: %s: %s", what, key, where(failure))
            failures.append(failure)
        else:
            if found is not None:
                yield found
    if failures:
        raise ExceptionGroup(f"{len(failures)} {what} could not be read", failures)


def sweep_each(
    due: Iterable[T], look_at: Callable[[T], R], what: str, put_off: Callable[[T, Exception], None] | None = None
) -> list[R]:  # fmt: skip
    """Look at each of `due`, in its order; answers what `look_at` answered. `what` names them, in the plural.

    One that fails keeps no other waiting, and stays due, or is `put_off` with its failure: all failures are raised together at the end, as
    an ExceptionGroup, so that the function's errors count them; so is what `due` itself raises, after which there is nothing more of it.
    """
    answers: list[R] = []
    failures: list[Exception] = []
    failed, waiting = 0, iter(due)
    while True:
        try:
            one = next(waiting)
        except StopIteration:
            break
        except Exception as failure:  # raised below
            failed += 1
            failures.append(failure)
            continue
        try:
            answers.append(look_at(one))
        except Exception as failure:  # raised below
            failed += 1
            failures += [failure, *_failure_to_put_off(one, failure, put_off)]
    if failures:
        raise ExceptionGroup(f"{failed} of {failed + len(answers)} {what} could not be looked at", failures)
    return answers


def _failure_to_put_off(one: T, failure: Exception, put_off: Callable[[T, Exception], None] | None) -> list[Exception]:
    """What keeps `one` from being put off; it stays due then."""
    try:
        if put_off:
            put_off(one, failure)
    except Exception as another:  # raised with the others
        return [another]
    return []
