"""The desk for files: hands out places to put pictures and feeds, splits feeds into chunks of rows, and reports on them."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from functions.uploads.feeds.csv_encoding import Sniffer
from functions.uploads.feeds.csv_rows import header_of, row_count, split
from functions.uploads.feeds.feed import KEY, MAX_BYTES, Chunk, Feed, FeedRefused, RowResult, Tally, summary_of
from functions.uploads.feeds.feed_views import FeedOpened, FeedView, OpenFeed, OpenPicture, PictureView, RowPage, RowQuery, Upload
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import NotFound

UPLOAD_TIME = timedelta(minutes=15)
PAGE_CHUNKS, SCAN_CHUNKS = 8, 40
"""Chunks that one page of a report looks through: for any row, and for a status that may be rare."""


class Files(Protocol):
    """The bucket."""

    def place(self, key: str, content_type: str, size: int, sha256: str | None, lifetime: timedelta) -> tuple[str, dict[str, str]]:
        """A presigned PUT for exactly such a file: its URL and headers."""
        ...

    def size(self, key: str) -> int | None: ...

    def copied(self, key: str, sniffer: Sniffer) -> AbstractContextManager[Path]:
        """A copy on disk, made block by block under the sniffer's eyes; gone afterwards. Raises what the sniffer raises."""
        ...


class Sender(Protocol):
    """The queue of chunks."""

    def send(self, chunks: Iterable[Chunk]) -> int:
        """Send all; answers how many. Raises if one was not taken."""
        ...


class Feeds(Protocol):
    """Where feeds, their reports and pictures lie."""

    def open_feed(self, feed: Feed, idempotency: Idempotency) -> Feed: ...

    def feed(self, account_id: str, feed_id: str) -> Feed | None: ...

    def arrived(self, account_id: str, feed_id: str, as_of: str) -> Feed | None:
        """Mark a feed as being read, and answer it; None if there is none, or it has been read or refused before."""
        ...

    def close(self, feed: Feed) -> None:
        """Write how the reading of a feed ended: read or refused."""
        ...

    def tallies(self, account_id: str, feed_id: str) -> Iterable[Tally]: ...

    def report(self, account_id: str, feed_id: str, first: int, last: int) -> Sequence[tuple[int, list[RowResult]]]: ...

    def open_picture(self, account_id: str, picture_id: str, content_type: str, idempotency: Idempotency) -> None: ...


class FeedDesk:
    """Opens, splits and reports."""

    def __init__(self, store: Feeds, files: Files, sender: Sender, clock: Clock, tickets: Tickets) -> None:
        self._store, self._files, self._sender, self._clock, self._tickets = store, files, sender, clock, tickets

    def open_picture(self, account_id: str, wanted: OpenPicture, idempotency: Idempotency) -> PictureView:
        """A picture's id and the place to put it. Raises KeyReused."""
        picture_id = idempotency.id("pic")
        self._store.open_picture(account_id, picture_id, wanted.content_type, idempotency)
        key = f"pictures/{account_id}/{picture_id}"
        return PictureView(picture_id=picture_id, upload=self._upload(key, wanted.content_type, wanted.bytes, wanted.sha256))

    def open_feed(self, account_id: str, wanted: OpenFeed, idempotency: Idempotency) -> FeedOpened:
        """A feed's id and the place to put its file. Raises KeyReused."""
        feed = Feed(
            idempotency.id("fd"), account_id, wanted.name, wanted.bytes, rfc3339(self._clock()), fingerprint=idempotency.fingerprint
        )
        feed = self._store.open_feed(feed, idempotency)
        return FeedOpened(feed_id=feed.id, state=feed.state, upload=self._upload(feed.key, "text/csv", feed.bytes, None))

    def _upload(self, key: str, content_type: str, size: int, sha256: str | None) -> Upload:
        expires: datetime = self._clock() + UPLOAD_TIME
        url, headers = self._files.place(key, content_type, size, sha256, UPLOAD_TIME)
        return Upload(url=url, headers=headers, expires_at=rfc3339(expires))

    def split(self, key: str, as_of: str) -> None:
        """Split the file that arrived under `key` into chunks on the queue, or refuse it as a whole.

        Dying half-way does no harm: the notification comes again, and a chunk that was sent twice is written once.
        Keys that no feed was opened for, and feeds that have been read, are passed over.
        """
        named = KEY.match(key)
        feed = self._store.arrived(named[1], named[2], as_of) if named else None
        if feed is None:
            return
        try:
            size = self._files.size(feed.key)
            if size is None:
                raise FeedRefused("gone", "the file was removed before it was read: open a new feed")
            if size > MAX_BYTES:
                raise FeedRefused("too-large", f"the file has {size} bytes, a feed may have {MAX_BYTES}; split it into several")
            self._read(feed)
        except FeedRefused as refusal:
            self._store.close(replace(feed, state="refused", code=refusal.code, detail=refusal.detail))

    def _read(self, feed: Feed) -> None:
        """Check the whole file before the first of its rows is sent."""
        sniffer = Sniffer()
        with self._files.copied(feed.key, sniffer) as copy:
            encoding = sniffer.encoding()
            with copy.open(encoding=encoding, errors="replace", newline="") as text:
                columns = header_of(text)
                text.seek(0)
                rows = row_count(text)
                text.seek(0)
                chunks = self._sender.send(split(feed, columns, text))
        self._store.close(replace(feed, state="read", encoding=encoding, rows=rows, chunks=chunks))

    def view(self, account_id: str, feed_id: str) -> FeedView:
        """How far a feed is, and what became of its rows. Raises NotFound."""
        feed = self._feed(account_id, feed_id)
        return FeedView.of(feed, summary_of(feed, self._store.tallies(account_id, feed_id)))

    def rows(self, account_id: str, feed_id: str, query: RowQuery) -> RowPage:
        """A page of a feed's report. Raises NotFound."""
        feed = self._feed(account_id, feed_id)
        now, scope = self._clock(), f"{account_id} {feed_id} rows"
        at = at_cursor(self._tickets, scope, query.cursor, now) or {"chunk": 1, "row": 0}
        first, after = int(at["chunk"]), int(at["row"])
        last = min(first + (SCAN_CHUNKS if query.status else PAGE_CHUNKS) - 1, feed.chunks)
        shown: list[RowResult] = []
        for number, results in self._store.report(account_id, feed_id, first, last):
            for result in results:
                if result.row <= after or query.status not in (None, result.status):
                    continue
                if len(shown) == query.limit:
                    return RowPage(items=shown, next=cursor_of(self._tickets, scope, {"chunk": number, "row": shown[-1].row}, now))
                shown.append(result)
        following = cursor_of(self._tickets, scope, {"chunk": last + 1, "row": after}, now) if last < feed.chunks else None
        return RowPage(items=shown, next=following)

    def _feed(self, account_id: str, feed_id: str) -> Feed:
        feed = self._store.feed(account_id, feed_id)
        if feed is None:
            raise NotFound
        return feed
