"""Reads a feed's file when it has arrived, and sends its rows in chunks, or refuses the file as a whole."""

import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from functions.uploads.complete.archiving import Archiving
from functions.uploads.feeds.feed import KEY, MAX_BYTES, Chunk, Feed, FeedHeld, FeedRefused, Row
from functions.uploads.feeds.product_rows import chunks_of, rows_of, spooled
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.how_to_read import NOTHING_SAID, HowToRead
from functions.uploads.mapping.mapping import MAX_RULES, Mapping, folded
from functions.uploads.mapping.propose import proposed
from functions.uploads.mapping.recognise import KnownNames, unknown_columns
from functions.uploads.reading.line import Line, Lines
from functions.uploads.reading.opened import opened
from functions.uploads.reading.sniffer import Sniffer
from functions.uploads.values.written import unwrapped

PEEKED = 50
"""Lines after which a file's columns are known, where each line names its own."""
LookAgain = Callable[[str, str, int, int], None]
"""Has the file under a key, of a moment, looked at again: which attempt that is, and after how many seconds."""
TAKEN_OVER = 110
"""Seconds after which a feed that was not read to its end is split anew: longer than the largest file takes."""
MOST_ATTEMPTS = 5
KNOWN = (
    "Known are our own CSV and JSON lines (sku, title_en, category, price, currency, stock …), Shopify's and WooCommerce's product CSV, "
    "Google Merchant (TSV, CSV, XML), Amazon's flat file"
)
Foretell = Callable[[Feed, Mapping, Sequence[str], Iterable[Row], str], Archiving]
"""What a complete feed would archive, by its rows and the mark before their decimals."""
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

    def pin(self, feed: Feed, used: tuple[Mapping, ...]) -> tuple[Mapping, ...]:
        """Write by which kept mapping a feed is read, none if by none, unless that is written already; answers what is."""
        ...

    def end_reading(self, feed: Feed) -> None:
        """Write how the reading of a feed ended: read or refused."""
        ...


class KeptMappings(Protocol):
    """Where suppliers' mappings lie."""

    def of(self, supplier_id: str) -> Sequence[Mapping]: ...


class FeedSplitter:
    def __init__(
        self,
        feeds: ReadableFeeds,
        files: ArrivedFiles,
        send: SendChunks,
        mappings: KeptMappings,
        *,
        look_again: LookAgain,
        announce: Callable[[Feed], None],
        foretell: Foretell,
        owners: Callable[[str, Collection[str]], Mapping_[str, str]],
    ) -> None:
        """`announce`: that a complete feed is about to be read, and what it lacks to be archived when its rows have been looked at;
        `foretell`: what it would archive, of a preview; `owners`: whose a supplier's codes are, by code."""
        self._feeds, self._files, self._send, self._mappings, self._look_again = feeds, files, send, mappings, look_again
        self._announce, self._foretell, self._owners = announce, foretell, owners

    def _owned(self, feed: Feed, mapping: Mapping, spool: Spool) -> Mapping_[str, str]:
        """Whose the codes of a file of prices and stock are that names no parents: what is wrapped for a spreadsheet too."""
        if not feed.how.partial or mapping.grouping:
            return {}
        codes = {unwrapped(key): key for key in spool.keys}
        return {codes[code]: sku for code, sku in self._owners(feed.account_id, codes).items()}

    def split(self, key: str, as_of: str, attempt: int = 0) -> None:
        """Split the file that arrived under `key` into chunks on the queue, or refuse it as a whole.

        Dying half-way does no harm: whoever looks again after TAKEN_OVER seconds finds the feed unread and splits it anew, and a chunk that
        was sent twice is written once. A file that ends its splitter each time is refused.
        Keys that no feed was opened for, and feeds that have been read, are passed over.
        """
        named = KEY.match(key)
        feed = self._feeds.begin_reading(named[1], named[2], as_of) if named else None
        if feed is None:
            return
        if attempt < MOST_ATTEMPTS:
            self._look_again(key, as_of, attempt + 1, TAKEN_OVER)
        try:
            if attempt == MOST_ATTEMPTS:
                raise FeedRefused(
                    "unreadable", "the file could not be read in several attempts: split it into smaller ones, or send it as CSV"
                )
            size = self._files.size(feed.key)
            if size is None:
                raise FeedRefused("gone", "the file was removed before it was read: open a new feed")
            if size > MAX_BYTES:
                raise FeedRefused("too-large", f"the file has {size} bytes, a feed may have {MAX_BYTES}; split it into several")
            self._read(feed)
        except FeedHeld as held:
            question = json.dumps(held.question, ensure_ascii=False)
            self._feeds.end_reading(replace(feed, state="held", code=held.code, detail=held.detail, question=question))
        except FeedRefused as refusal:
            self._feeds.end_reading(replace(feed, state="refused", code=refusal.code, detail=refusal.detail))

    def _read(self, feed: Feed) -> None:
        """Check the whole file before the first of its rows is sent. Raises FeedRefused, and FeedHeld where its supplier is asked first."""
        sniffer = Sniffer(feed.how.encoding)
        own = self._mappings.of(feed.account_id) if feed.pinned is None else feed.pinned
        with self._files.copied(feed.key, sniffer) as copy, tempfile.TemporaryFile() as kept:
            encoding = sniffer.encoding()
            with opened(copy, sniffer.container, encoding, KnownNames(own)) as lines:
                spool = Spool(kept)
                mapping, columns = kept_lines(lines, spool, feed.how, own)
                used = tuple(each for each in own if each.name == mapping.name and feed.how.mapping is None)
                pinned = self._feeds.pin(feed, used)
                if pinned != used:
                    self._read(replace(feed, pinned=pinned))
                    return
                archiving = Archiving() if feed.how.complete and not feed.how.preview else None
                if archiving:
                    self._announce(feed)
                counted = Counted(chunks_of(feed, mapping, columns, spool, self._owned(feed, mapping, spool)))
                chunks = self._send(counted)
                if feed.how.complete and feed.how.preview:
                    archiving = self._foretell(feed, mapping, columns, rows_of(spool, mapping), feed.how.decimal or spool.marks.mark)
                unknown = tuple(unknown_columns(mapping, lines.columns)[:50])
        read = replace(feed, state="read", encoding=encoding, rows=counted.rows, chunks=chunks, unknown=unknown, archiving=archiving)
        self._feeds.end_reading(read)


class Counted:
    """Chunks, and how many rows they had when all have passed."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._chunks, self.rows = chunks, 0

    def __iter__(self) -> Iterator[Chunk]:
        for chunk in self._chunks:
            self.rows += len(chunk.rows)
            yield chunk


def kept_lines(lines: Lines, spool: Spool, how: HowToRead = NOTHING_SAID, own: Sequence[Mapping] = ()) -> tuple[Mapping, list[str]]:
    """Keep all lines in `spool`; answers the mapping that fits, and the columns that it reads.

    Raises FeedRefused, and FeedHeld where no mapping fits: with one proposed, and what the first lines say.
    """
    unread = iter(lines)
    first = list(islice(unread, PEEKED))
    mapping = _mapping(lines, how, own)
    if mapping is None:
        raise _unmapped(lines, first)
    return spooled(lines, chain(first, unread), mapping, spool, lambda: _mapping(lines, how, own))


def _mapping(lines: Lines, how: HowToRead, own: Sequence[Mapping]) -> Mapping | None:
    """None where none fits, its supplier's own word for this file included: a mapping of another file."""
    if how.mapping and not {folded(column) for column in lines.columns}.intersection(how.mapping.columns):
        return None
    try:
        return how.mapping_of(lines.columns, own)
    except ValueError:
        detail = f"a file may have {MAX_RULES} columns of fields, its constants among them: leave out what you need not say"
        raise FeedRefused("wrong-header", detail) from None


def _unmapped(lines: Lines, first: list[Line]) -> FeedRefused | FeedHeld:
    found = proposed(lines.columns)
    shown = ", ".join(column[:40] for column in lines.columns[:50])
    if found is None:
        return FeedRefused("wrong-header", f"the columns of the file are not known here: {shown}. {KNOWN}")
    question = {
        "mapping": found.model_dump(mode="json", exclude_defaults=True),
        "columns": [column[:100] for column in lines.columns[:150]],
        "rows": [[cell[:100] for cell in line.cells[:150]] for line in first[:3] if not line.fault],
    }
    return FeedHeld(
        "mapping-needed", f"the columns of the file are not known here; say which is which by confirming a mapping. {KNOWN}", question
    )
