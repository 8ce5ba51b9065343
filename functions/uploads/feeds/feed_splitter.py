"""Reads a feed's file when it has arrived, and sends its rows in chunks, or refuses the file as a whole."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from functions.uploads.feeds.csv_encoding import Sniffer
from functions.uploads.feeds.csv_rows import header_of, row_count, split
from functions.uploads.feeds.feed import KEY, MAX_BYTES, Chunk, Feed, FeedRefused

SendChunks = Callable[[Iterable[Chunk]], int]
"""Puts all chunks on the queue; answers how many. Raises if one was not taken."""


class ArrivedFiles(Protocol):
    """The bucket."""

    def size(self, key: str) -> int | None: ...

    def copied(self, key: str, sniffer: Sniffer) -> AbstractContextManager[Path]:
        """A copy on disk, made block by block under the sniffer's eyes; gone afterwards. Raises what the sniffer raises."""
        ...


class ReadableFeeds(Protocol):
    """Where feeds lie."""

    def begin_reading(self, account_id: str, feed_id: str, as_of: str) -> Feed | None:
        """Mark a feed as being read, and answer it; None if there is none, or it has been read or refused before."""
        ...

    def end_reading(self, feed: Feed) -> None:
        """Write how the reading of a feed ended: read or refused."""
        ...


class FeedSplitter:
    def __init__(self, feeds: ReadableFeeds, files: ArrivedFiles, send: SendChunks) -> None:
        self._feeds, self._files, self._send = feeds, files, send

    def split(self, key: str, as_of: str) -> None:
        """Split the file that arrived under `key` into chunks on the queue, or refuse it as a whole.

        Dying half-way does no harm: the notification comes again, and a chunk that was sent twice is written once.
        Keys that no feed was opened for, and feeds that have been read, are passed over.
        """
        named = KEY.match(key)
        feed = self._feeds.begin_reading(named[1], named[2], as_of) if named else None
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
            self._feeds.end_reading(replace(feed, state="refused", code=refusal.code, detail=refusal.detail))

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
                chunks = self._send(split(feed, columns, text))
        self._feeds.end_reading(replace(feed, state="read", encoding=encoding, rows=rows, chunks=chunks))
