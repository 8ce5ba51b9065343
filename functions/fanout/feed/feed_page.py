"""The feed of one storefront: the next changes for one of its sites, as the storefront sees them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from functions.fanout.feed.feed_cursor import Mark
from functions.fanout.product_change import LAG, SHARDS, Change, Changes
from functions.fanout.storefront_view import Lens, Sighting, entry, wanted_before
from monsoon_plugin.clock import rfc3339
from shared.trade.fx import Rates
from shared.trade.selling_rule import NO_RATES

BASES = 8
"""A walk looks back at most so many rules. Behind more, a site is told of every product again, wanted or not."""
READ_PER_TOLD = 4
"""A page of `limit` entries reads at most this many times `limit` changes; of a rule that wants few, pages are short or empty."""
CHUNK = 25
"""So many changes are read at once; more would be read in vain when a page is full."""
PAGE_CHARACTERS = 1_000_000
"""A page ends after this many characters of products that are told, or READ_PER_TOLD times as many that are not."""


class Log(Changes, Protocol):
    """Where changes and rules are kept."""

    def past(self, lens: Lens, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[Lens] | None:
        """The rules in force before that of `lens`, from `version` on; None if there are more than `limit`, or one is forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """What a site is told, where its reading then stands, and whether more can be read at once."""

    entries: list[dict[str, Any]]
    mark: Mark
    more: bool


def pull(mark: Mark, lens: Lens, limit: int, now: datetime, log: Log) -> Page:
    """The next page for the site that stands at `mark`: at most `limit` entries, of at most READ_PER_TOLD times as many changes.

    Another shard comes first on each page, so that a busy one cannot hold up the others.
    """
    mark = mark.under(lens)
    bases = _bases(mark, lens, log, now)
    entries, read, room = list[dict[str, Any]](), dict(mark.read), READ_PER_TOLD * PAGE_CHARACTERS
    changes = _Reading(log, rfc3339(now - LAG), READ_PER_TOLD * limit)
    for change in changes.after(mark):
        seen, size = Sighting(change), len(change.product or "")
        if told(seen, lens, mark, bases):
            entries.append(entry(seen, lens))
            size *= READ_PER_TOLD
        read[change.shard], room = change.at, room - size
        if len(entries) == limit or room <= 0:
            break
    if len(entries) < limit and room > 0 and changes.budget:
        return Page(entries, replace(mark, read=read).level(), more=False)
    return Page(entries, replace(mark, read=read, first=(mark.first + 1) % SHARDS), more=True)


def told(seen: Sighting, lens: Lens, mark: Mark, bases: Sequence[Lens] | None) -> bool:
    """Whether the site must hear of the change. `bases` are the lenses it may have read under before; None if they are not known.

    Not told: what it was told alike under each of them; the removal of what it can never have held.
    """
    change, prices = seen.change, lens.prices(seen)
    if change.version == 0:
        return False
    if prices:
        return not mark.had_read(change) or bases is None or any(base.prices(seen) != prices for base in bases)
    if bases is None or wanted_before(seen, bases):
        return True
    return not mark.had_read(change) and change.version > 1 and change.at >= mark.since


def _bases(mark: Mark, lens: Lens, log: Log, now: datetime) -> Sequence[Lens] | None:
    """The lenses from the mark's base to this one. Only rates of the very same day tell what a price was."""
    if not mark.walking:
        return ()
    rates = lens.rates if lens.day and mark.base_day == lens.day else NO_RATES
    past = log.past(lens, mark.base, rates, BASES, now) if mark.base < lens.version else ()
    return None if past is None else (*past, replace(lens, rates=rates))


@dataclass(slots=True)
class _Reading:
    """Reads on in each shard, a chunk at a time, until all is read or the budget of changes is spent."""

    changes: Changes
    until: str
    budget: int

    def after(self, mark: Mark) -> Iterator[Change]:
        for turn in range(SHARDS):
            shard = str((mark.first + turn) % SHARDS)
            yield from self._shard(shard, mark.read.get(shard, ""))

    def _shard(self, shard: str, after: str) -> Iterator[Change]:
        while self.budget > 0:
            wanted = min(self.budget, CHUNK)
            found = self.changes.between(shard, after, self.until, wanted)
            self.budget -= len(found)
            yield from found
            if len(found) < wanted:
                return
            after = found[-1].at
