"""A process's replica of the index, kept level with the table: the newest snapshot first, then each change as it comes.

Changes are stamped by several machines and listed by an index that is a moment behind, so each look begins OVERLAP before the last
one's end; what was applied before is known by its versions. A reader is at most AGE, and what the bus takes, behind a decision; of a
write whose retries took longer than OVERLAP it learns within a minute, by a look that begins LATE before the last one's end.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from functions.storefronts.index.card_index import CardIndex, Field
from functions.storefronts.index.index_query import All, By, Not, Query
from functions.storefronts.index.product_card import Card
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.errors import Unavailable

SHARDS = 2
"""Partitions of the log of changes: each takes 1,000 changes a second."""
AGE = 2.0
"""Seconds between two looks."""
PATIENCE = 10.0
"""Seconds that a look may take: the gateway waits for 29."""
OVERLAP = timedelta(seconds=10)
LATE, LATE_AGE = timedelta(minutes=2), 60.0
"""A write, tried four times, is stored half a minute after its stamp at the latest. Seconds between two looks for such."""
MOST = 1_000
"""Changes of a shard that are applied at once, and entries of a page."""
BEGINNING = "1970-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class CardChange:
    """A product's last change: its card, or None once it is off sale. `at` sorts entries by time."""

    product_id: str
    at: str
    version: int
    stock_version: int
    card: Card | None

    @property
    def state(self) -> tuple[int, int]:
        """What rises with each change: one of the two does, and neither falls."""
        return self.version, self.stock_version


class Log(Protocol):
    """Where changes are read."""

    def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
        """At most `limit` entries of the shard, by `at`, from `since` on."""
        ...

    def suspended(self) -> Iterable[str]:
        """The suppliers whose cards are hidden."""
        ...


class WritableIndex(CardIndex, Protocol):
    def apply(self, put: Iterable[Card], removed: Iterable[str]) -> None:
        """Take in changes, all at once."""
        ...


@dataclass(slots=True)
class ShardReading:
    """How far one shard of the log was read: the `at` reached, and what was applied of the time since LATE before it."""

    reached: str = ""
    applied: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """By product: at, version, stock_version."""

    def since(self, overlap: timedelta) -> str:
        return rfc3339(from_rfc3339(self.reached.split("#", 1)[0]) - overlap) if self.reached else BEGINNING

    def news(self, entries: Iterable[CardChange]) -> dict[str, CardChange]:
        """Each product's last state among `entries`, if more was not applied before: the index may show an older one again."""
        return {e.product_id: e for e in sorted(entries, key=lambda e: e.state) if not self._known(e)}

    def _known(self, entry: CardChange) -> bool:
        _, version, stock_version = self.applied.get(entry.product_id, ("", -1, -1))
        return entry.version <= version and entry.stock_version <= stock_version

    def mark_applied(self, entries: Sequence[CardChange]) -> None:
        """Note that `entries` are applied, and forget what no look will meet again."""
        self.applied |= {e.product_id: (e.at, *e.state) for e in self.news(entries).values()}
        self.reached = max([self.reached, *(e.at for e in entries)])
        oldest = self.since(LATE)
        self.applied = {product_id: kept for product_id, kept in self.applied.items() if kept[0] >= oldest}


ReadPositions = list[ShardReading]
"""Of each shard."""


def unread() -> ReadPositions:
    return [ShardReading() for _ in range(SHARDS)]


def catch_up(index: WritableIndex, log: Log, positions: ReadPositions) -> int:
    """Apply all changes that there are, but for those that come meanwhile. Answers how many."""
    changes = news = take_in(index, log, positions)
    while news >= MOST:
        news = take_in(index, log, positions)
        changes += news
    return changes


def take_in(index: WritableIndex, log: Log, positions: ReadPositions, overlap: timedelta = LATE, most: int = MOST) -> int:
    """Apply about `most` changes of each shard, all at once, from `overlap` before where its reading ended. Answers how many."""
    read = [(reading, _read(log, shard, reading, overlap, most)) for shard, reading in enumerate(positions)]
    news = [entry for reading, entries in read for entry in reading.news(entries).values()]
    if news:
        index.apply([e.card for e in news if e.card], [e.product_id for e in news if not e.card])
    for reading, entries in read:
        reading.mark_applied(entries)
    return len(news)


def _read(log: Log, shard: int, reading: ShardReading, overlap: timedelta, most: int) -> list[CardChange]:
    """Whole pages of one shard, until they hold `most` news or it ends."""
    found: list[CardChange] = []
    since = reading.since(overlap)
    while True:
        entries = log.changes(shard, since, most)
        found += entries
        if len(entries) < most or entries[-1].at == since or len(reading.news(found)) >= most:
            return found
        since = entries[-1].at


class IndexReplica:
    """The index as shoppers read it (storefront_reader.Cards): level, and without suspended suppliers' cards."""

    def __init__(
        self, opened: Callable[[], tuple[WritableIndex, ReadPositions]], log: Log, monotonic: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        """`opened` is called at the first look: it answers an index with what a snapshot held, and how far that had read."""
        self._opened, self._log, self._monotonic = opened, log, monotonic
        self._index: WritableIndex | None = None
        self._positions: ReadPositions = []
        self._next, self._next_late = 0.0, 0.0
        self._hidden = frozenset[str]()

    def refresh(self) -> None:
        """Take in what has changed, unless that was done less than AGE seconds ago. Raises Unavailable, see `_catch_up`."""
        now = self._monotonic()
        if self._index is None:
            self._index, self._positions = self._opened()
        elif now < self._next:
            return
        late = now >= self._next_late
        self._catch_up(self._index, LATE if late else OVERLAP, now + PATIENCE)
        self._next_late = self._monotonic() + LATE_AGE if late else self._next_late
        self._hidden = frozenset(self._log.suspended())
        self._next = now + AGE

    def _catch_up(self, index: WritableIndex, overlap: timedelta, until: float) -> None:
        """Take in all there is: a listing without half of its products, or with a recalled one, would be a wrong one.

        A process that froze for an hour may have a hundred thousand changes before it. Raises Unavailable at `until`; the next
        call goes on from there.
        """
        while take_in(index, self._log, self._positions, overlap) >= MOST:
            if self._monotonic() >= until:
                raise Unavailable("the index of products is being brought up to date: try again in some seconds")

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        return self._read.page(self._shown(query), below, limit)

    def card(self, product_id: str) -> Card | None:
        found = self._read.card(product_id)
        return None if found is None or found.supplier_id in self._hidden else found

    def count(self, query: Query) -> int:
        return self._read.count(self._shown(query))

    def counts(self, query: Query, field: Field, most: int, at_least: int = 1) -> Sequence[tuple[str, int]]:
        return self._read.counts(self._shown(query), field, most, at_least)

    @property
    def _read(self) -> WritableIndex:
        if self._index is None or not self._next:
            self.refresh()
        assert self._index is not None
        return self._index

    def _shown(self, query: Query) -> Query:
        if not self._hidden:
            return query
        return All((*(query.parts if isinstance(query, All) else (query,)), Not(By(self._hidden))))
