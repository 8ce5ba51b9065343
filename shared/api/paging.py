"""Pages of a list: a signed cursor says where the next one begins, for one reader and one list."""

from collections.abc import Callable
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
