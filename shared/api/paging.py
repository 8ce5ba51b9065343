"""Pages of a list: a signed cursor says where the next one begins, for one reader and one list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from monsoon_plugin.clock import Clock
from shared.api.tickets import Tickets, at_cursor, cursor_of

T = TypeVar("T")
Position = dict[str, str | int]
"""Where a page ended, in the words of whoever keeps the list."""
Read = Callable[[Position | None], tuple[list[T], Position | None]]
"""Reads one page from a position, or from the start, and answers where the next one begins; None at the end."""
PAGE_BYTES = 3_000_000
"""So many bytes of what is kept are shown on one page: an answer of Lambda takes 6 MB, and a view may be twice as long as what it shows."""


def fitting(items: Sequence[T], bytes_of: Callable[[T], int]) -> list[T]:
    """The first of `items` that fit on a page by their bytes, at least one."""
    room, shown = PAGE_BYTES, list[T]()
    for item in items:
        room -= bytes_of(item)
        if shown and room < 0:
            break
        shown.append(item)
    return shown


@dataclass(frozen=True, slots=True)
class Paging:
    """Reads lists page by page."""

    tickets: Tickets
    clock: Clock

    def page(self, scope: str, cursor: str | None, read: Read[T]) -> tuple[list[T], str | None]:
        """One page and the cursor of the next. `scope` names reader and list: a cursor is good for no other. Raises Malformed."""
        now = self.clock()
        items, after = read(at_cursor(self.tickets, scope, cursor, now))
        return items, cursor_of(self.tickets, scope, after, now) if after else None


def one_beyond(
    limit: int, read: Callable[[str, int], Sequence[T]], place: Callable[[T], str], bytes_of: Callable[[T], int] = lambda item: 0
) -> Read[T]:
    """Pages of at most `limit`, and of what fits by `bytes_of`, of a list that `read(after, most)` answers in the order of `place`.

    One more than a page holds is read, so that there is a next page exactly if something follows.
    """

    def page(at: Position | None) -> tuple[list[T], Position | None]:
        found = read(str(at["after"]) if at else "", limit + 1)
        shown = fitting(found[:limit], bytes_of)
        return shown, {"after": place(shown[-1])} if len(found) > len(shown) else None

    return page


def by_key(read: Callable[[str | None], tuple[list[T], str | None]]) -> Read[T]:
    """For a list whose position is the last item's key alone."""

    def page(at: Position | None) -> tuple[list[T], Position | None]:
        items, last = read(str(at["key"]) if at else None)
        return items, {"key": last} if last else None

    return page
