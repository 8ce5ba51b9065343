"""The feed of one storefront: the next changes for one of its sites, as the storefront sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from functions.fanout.feed.feed_cursor import FeedCursor
from functions.fanout.product_change import LAG, SHARDS, ChangeLog, ProductChange, moment_of
from functions.fanout.storefront_view import ParsedChange, SiteView, Told, entry, wanted_before
from monsoon_plugin.clock import rfc3339
from shared.trade.fx import NO_RATES, Rates

BASES = 8
"""A walk looks back at most so many rules. Behind more, a site is told of every product again, wanted or not."""
READ_PER_TOLD = 4
"""A page of `limit` entries reads at most this many times `limit` changes; of a rule that wants few, pages are short or empty."""
CHUNK = 25
"""So many changes are read at once; more would be read in vain when a page is full."""
PAGE_CHARACTERS = 1_000_000
"""A page ends after this many characters of products that are told, or READ_PER_TOLD times as many that are not."""


class Rules(Protocol):
    """Where storefronts' rules are read."""

    def earlier_views(self, view: SiteView, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[SiteView] | None:
        """The rules in force before that of `view`, from `version` on; None if there are more than `limit`, or one is forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a site is told, where its reading then stands, and whether more can be read at once."""

    entries: list[dict[str, Any]]
    cursor: FeedCursor
    more: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """The change log, read page by page as storefronts see it."""

    changes: ChangeLog
    rules: Rules

    def page(self, cursor: FeedCursor, view: SiteView, limit: int, now: datetime) -> Page:
        """The next page for the site that stands at `cursor`: at most `limit` entries, of at most READ_PER_TOLD times as many changes.

        Another shard comes first on each page, so that a busy one cannot hold up the others.
        """
        cursor = cursor.under(view, now)
        bases = self._bases(cursor, view, now)
        entries, read, room = list[dict[str, Any]](), dict(cursor.read), READ_PER_TOLD * PAGE_CHARACTERS
        until = rfc3339(now - LAG)
        changes = _ShardReader(self.changes, until, READ_PER_TOLD * limit, read)
        for change in changes.after(cursor):
            parsed, size = ParsedChange(change), len(change.product or "")
            told = view.told(parsed)
            if must_hear(Seen(parsed, view, told), cursor, bases):
                entries.append(entry(parsed, view, told))
                size *= READ_PER_TOLD
            read[change.shard], room = change.at, room - size
            if len(entries) == limit or room <= 0:
                break
        if len(entries) < limit and room > 0 and changes.budget:
            return Page(entries, replace(cursor, read=read).level(until, as_before=read == cursor.read), more=False)
        return Page(entries, replace(cursor, read=read, first=(cursor.first + 1) % SHARDS), more=True)

    def _bases(self, cursor: FeedCursor, view: SiteView, now: datetime) -> Sequence[SiteView] | None:
        """The views from the cursor's base to this one. Only rates of the very same day tell what a price was."""
        if not cursor.walking:
            return ()
        rates = view.rates if view.day and cursor.base_day == view.day else NO_RATES
        past = self.rules.earlier_views(view, cursor.base, rates, BASES, now) if cursor.base < view.version else ()
        return None if past is None else (*past, replace(view, rates=rates))


@dataclass(frozen=True, slots=True)
class Seen:
    """A change as a view sees it, worked out once: what is told of it is prices, of each variant too."""

    parsed: ParsedChange
    view: SiteView
    told: Told


def must_hear(seen: Seen, cursor: FeedCursor, bases: Sequence[SiteView] | None) -> bool:
    """Whether the site must hear of the change. `bases` are the views it may have read under before; None if they are not known.

    Not told: what it was told alike under each of them; the removal of what it can never have held. It may have held whatever was
    written before, be it of the stock alone: the walk may have passed a product while its last change was too young to be shown.
    """
    parsed, told, change = seen.parsed, seen.told, seen.parsed.change
    if change.version == 0 or ((before := held_at_costs(parsed, cursor)) and all(seen.view.told(state) == told for state in before)):
        return False
    if told.prices:
        return not cursor.had_read(change) or bases is None or any(base.told(parsed) != told for base in bases)
    if bases is None or wanted_before(parsed, bases):
        return True
    return not cursor.had_read(change) and change.revision > 1 and change.at >= cursor.since


def held_at_costs(parsed: ParsedChange, cursor: FeedCursor) -> Sequence[ParsedChange]:
    """The states that the site may hold, if nothing but costs changed since it was level; nothing where that is not known."""
    if not cursor.level_at or not parsed.change.earlier:
        return ()
    change = parsed.change
    return parsed.at_costs(change.earlier_costs.read_at(cursor.level_at, cursor.unread(), moment_of(change.at)))


@dataclass(slots=True)
class _ShardReader:
    """Reads on in each shard, a chunk at a time, until all is read or the budget of changes is spent.

    A look that does not come to the end costs a chunk, however little it shows: so a page's work is bounded by its limit.
    """

    changes: ChangeLog
    until: str
    budget: int
    read: dict[str, str]
    """Where the cursor stands in each shard; moved past what a look shows to be nothing."""

    def after(self, cursor: FeedCursor) -> Iterator[ProductChange]:
        for turn in range(SHARDS):
            shard = str((cursor.first + turn) % SHARDS)
            yield from self._shard(shard, cursor.read.get(shard, ""))

    def _shard(self, shard: str, after: str) -> Iterator[ProductChange]:
        while self.budget > 0:
            wanted = min(self.budget, CHUNK)
            page = self.changes.between(shard, after, self.until, wanted)
            level = page.until >= self.until
            self.budget -= len(page.changes) if level else wanted
            yield from page.changes
            if level:
                return
            after = self.read[shard] = page.until
