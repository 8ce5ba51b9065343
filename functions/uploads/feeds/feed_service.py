"""Feeds as their supplier sees them: opened, and reported on."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from functions.uploads.feeds.feed import Feed, RowResult, RowStatus, Summary, Tally, summary_of
from functions.uploads.files.upload_place import File, Files, UploadPlace, open_place
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position, Read
from shared.errors import NotFound

PAGE_CHUNKS, SCAN_CHUNKS = 8, 40
"""Chunks that one page of a report looks through: for any row, and for a status that may be rare."""


class Feeds(Protocol):
    """Where feeds and their reports lie."""

    def add(self, feed: Feed, idempotency: Idempotency) -> Feed:
        """Write a new feed; a replay answers with the one that stands. Raises KeyReused."""
        ...

    def get(self, account_id: str, feed_id: str) -> Feed | None: ...

    def tallies(self, account_id: str, feed_id: str) -> Iterable[Tally]: ...

    def report(self, account_id: str, feed_id: str, first: int, last: int) -> Sequence[tuple[int, list[RowResult]]]:
        """The rows of the chunks from `first` to `last` that have been written, with audit's verdicts."""
        ...


class FeedService:
    def __init__(self, feeds: Feeds, files: Files, clock: Clock) -> None:
        self._feeds, self._files, self._clock = feeds, files, clock

    def open(self, account_id: str, name: str, size: int, idempotency: Idempotency) -> tuple[Feed, UploadPlace]:
        """A feed and the place to put its file of `size` bytes. Raises KeyReused."""
        now = self._clock()
        feed = Feed(
            id=idempotency.id("fd"), account_id=account_id, name=name, bytes=size, created_at=rfc3339(now),
            fingerprint=idempotency.fingerprint,
        )  # fmt: skip
        feed = self._feeds.add(feed, idempotency)
        return feed, open_place(self._files, File(feed.key, "text/csv", feed.bytes), now)

    def progress(self, account_id: str, feed_id: str) -> tuple[Feed, Summary]:
        """How far a feed is, and what became of its rows. Raises NotFound."""
        feed = self._own(account_id, feed_id)
        return feed, summary_of(feed, self._feeds.tallies(account_id, feed_id))

    def report_pages(self, account_id: str, feed_id: str, status: RowStatus | None, limit: int) -> Read[RowResult]:
        """A feed's rows, those with `status` alone if it is named. A page may be short and still have a next. Raises NotFound."""
        feed = self._own(account_id, feed_id)

        def page(at: Position | None) -> tuple[list[RowResult], Position | None]:
            first, after = (int(at["chunk"]), int(at["row"])) if at else (1, 0)
            last = min(first + (SCAN_CHUNKS if status else PAGE_CHUNKS) - 1, feed.chunks)
            shown: list[RowResult] = []
            for number, results in self._feeds.report(account_id, feed_id, first, last):
                for result in results:
                    if result.row <= after or status not in (None, result.status):
                        continue
                    if len(shown) == limit:
                        return shown, {"chunk": number, "row": shown[-1].row}
                    shown.append(result)
            return shown, {"chunk": last + 1, "row": after} if last < feed.chunks else None

        return page

    def _own(self, account_id: str, feed_id: str) -> Feed:
        feed = self._feeds.get(account_id, feed_id)
        if feed is None:
            raise NotFound
        return feed
