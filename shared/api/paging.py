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


def one_beyond(limit: int, read: Callable[[str, int], Sequence[T]], place: Callable[[T], str]) -> Read[T]:
    """Pages of at most `limit` of a list that `read(after, most)` answers in the order of `place`.

    One more than a page holds is read, so that there is a next page exactly if something follows.
    """

    def page(at: Position | None) -> tuple[list[T], Position | None]:
        found = read(str(at["after"]) if at else "", limit + 1)
        shown = list(found[:limit])
        return shown, {"after": place(shown[-1])} if len(found) > limit else None

    return page


def by_key(read: Callable[[str | None], tuple[list[T], str | None]]) -> Read[T]:
    """For a list whose position is the last item's key alone."""

    def page(at: Position | None) -> tuple[list[T], Position | None]:
        items, last = read(str(at["key"]) if at else None)
        return items, {"key": last} if last else None

    return page
