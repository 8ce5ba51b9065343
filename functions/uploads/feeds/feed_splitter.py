"""Reads a feed's file when it has arrived, and sends its rows in chunks, or refuses the file as a whole."""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from functions.uploads.feeds.feed import KEY, MAX_BYTES, Chunk, Feed, FeedRefused
from functions.uploads.feeds.product_rows import chunks_of, spooled
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.recognise import mapping_for
from functions.uploads.reading.line import Lines
from functions.uploads.reading.opened import opened
from functions.uploads.reading.sniffer import Sniffer

PEEKED = 50
"""Lines after which a file's columns are known, where each line names its own."""
KNOWN = (
    "Known are our own CSV and JSON lines (sku, title_en, category, price, currency, stock …), Shopify's and WooCommerce's product CSV, "
    "Google Merchant (TSV, CSV, XML), Amazon's flat file"
)
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
        with self._files.copied(feed.key, sniffer) as copy, tempfile.TemporaryFile() as kept:
            encoding = sniffer.encoding()
            with opened(copy, sniffer.container, encoding) as lines:
                spool = Spool(kept)
                mapping, columns = kept_lines(lines, spool)
                chunks = self._send(chunks_of(feed, mapping, columns, spool))
        self._feeds.end_reading(replace(feed, state="read", encoding=encoding, rows=spool.products_held, chunks=chunks))


def kept_lines(lines: Lines, spool: Spool) -> tuple[Mapping, list[str]]:
    """Keep all lines in `spool`; answers the mapping that fits, and the columns that it reads. Raises FeedRefused where none fits."""
    unread = iter(lines)
    first = list(islice(unread, PEEKED))
    mapping = mapping_for(lines.columns)
    if mapping is None:
        shown = ", ".join(column[:40] for column in lines.columns[:50])
        raise FeedRefused("wrong-header", f"the columns of the file are not known here: {shown}. {KNOWN}")
    return mapping, spooled(lines, chain(first, unread), mapping, spool)
