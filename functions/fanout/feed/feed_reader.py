"""What a client site reads when it asks the feed: its storefront's rule of the moment, its cursor, the page that follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from functions.fanout.feed.feed_cursor import SIGNED, FeedCursor, start
from functions.fanout.feed.feed_page import Feed, Page
from functions.fanout.storefront_view import SiteView
from monsoon_plugin.clock import Clock
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import NotFound
from shared.trade.fx import Rates


class Views(Protocol):
    def current_view(self, account_id: str, storefront_id: str, rates: Rates) -> SiteView | None:
        """By the storefront's rule as it is this moment; None if the account has no such storefront."""
        ...


@dataclass(frozen=True, slots=True)
class FeedReader:
    feed: Feed
    views: Views
    rates: Callable[[str], Rates]
    """Of a day or later, so that no site is told of an earlier day's than before."""
    tickets: Tickets
    clock: Clock

    def read(self, account_id: str, storefront_id: str, text: str | None, limit: int) -> tuple[Page, str]:
        """The page at the cursor `text` (None: from the start), and the cursor to go on with. Raises NotFound, Malformed, CursorTooOld."""
        now, scope = self.clock(), f"changes {storefront_id}"
        at = at_cursor(self.tickets, scope, text, now)
        cursor = FeedCursor.of(at, now) if at else None
        view = self.views.current_view(account_id, storefront_id, self.rates(cursor.day if cursor else ""))
        if view is None:
            raise NotFound("no such storefront of yours")
        page = self.feed.page(cursor or start(view, now), view, limit, now)
        if text and page.cursor == cursor and not cursor.needs_renewal(now):
            return page, text
        return page, cursor_of(self.tickets, scope, page.cursor.given_at(now).position(), now, SIGNED)
