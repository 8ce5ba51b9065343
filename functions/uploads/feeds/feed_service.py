"""Feeds as their supplier sees them: opened, and reported on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from functions.uploads.feeds.feed import Feed, RowResult, RowStatus, Summary, Tally, summary_by_sums, summary_of
from functions.uploads.mapping.fields import is_field
from functions.uploads.mapping.how_to_read import HowToRead
from functions.uploads.mappings.mapping_service import mapping_flaws
from functions.uploads.pictures.picture_news import PictureNews, named_in, with_news
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position, Read
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.files.upload_place import File, Files, UploadPlace, open_place

PAGE_CHUNKS, SCAN_CHUNKS = 8, 40
"""Chunks that one page of a report looks through: for any row, and for a status that may be rare."""


ENDED_BY = timedelta(hours=1)
"""What has not ended so long after its file arrived is added up anew: while a release is rolled out, the one before moves no sums."""


class Feeds(Protocol):
    """Where feeds and their reports lie."""

    def add(self, feed: Feed, idempotency: Idempotency) -> Feed:
        """Write a new feed; a replay answers with the one that stands. Raises KeyReused."""
        ...

    def get(self, account_id: str, feed_id: str) -> Feed | None: ...

    def answer(self, feed: Feed) -> bool:
        """Write how a feed that is held is to be read; it awaits its reading again. False if it is not held."""
        ...

    def with_sums(self, account_id: str, feed_id: str) -> tuple[Feed, Mapping[str, int]] | None:
        """A feed and its rows' sums, by one read."""
        ...

    def tallies(self, account_id: str, feed_id: str) -> Iterable[Tally]: ...

    def report(self, account_id: str, feed_id: str, first: int, last: int) -> Sequence[tuple[int, list[RowResult]]]:
        """The rows of the chunks from `first` to `last` that have been written, with audit's verdicts."""
        ...


BOTH = "a file of prices and stock alone says nothing of what it lacks: leave `partial` or `complete` out"


class NotHeld(Conflict):
    code, title = "feed-not-held", "Nothing is asked of this feed"


class FeedFiles(Files, Protocol):
    """The bucket."""

    def size(self, key: str) -> int | None:
        """The object's bytes; None if there is none."""
        ...


class Pictures(Protocol):
    def get(self, account_id: str, picture_ids: Sequence[str]) -> Mapping[str, PictureNews]:
        """Of those of which anything was told: the last."""
        ...


class FeedService:
    def __init__(self, feeds: Feeds, files: FeedFiles, clock: Clock, arrived: Callable[[str, str], None], pictures: Pictures) -> None:
        """`arrived`: has the file under a key, of a moment, read."""
        self._feeds, self._files, self._clock, self._arrived, self._pictures = feeds, files, clock, arrived, pictures

    def open(self, account_id: str, name: str, size: int, how: HowToRead, idempotency: Idempotency) -> tuple[Feed, UploadPlace]:
        """A feed and the place to put its file of `size` bytes. Raises KeyReused, Invalid.

        A replay whose file is there already, and was not read, has it read: news of it may be lost, and a second PUT is refused.
        """
        check_how(how)
        now = self._clock()
        feed = Feed(
            id=idempotency.id("fd"), account_id=account_id, name=name, bytes=size, created_at=rfc3339(now),
            fingerprint=idempotency.fingerprint, how=how,
        )  # fmt: skip
        found = self._feeds.add(feed, idempotency)
        if found is not feed and found.state == "awaiting" and self._files.size(found.key) is not None:
            self._arrived(found.key, found.as_of or rfc3339(now))
        feed = found
        return feed, open_place(self._files, File(feed.key, "text/csv", feed.bytes), now)

    def answer(self, account_id: str, feed_id: str, how: HowToRead) -> Feed:
        """Have a feed that is held read as its supplier says now. Raises NotFound, NotHeld, Invalid.

        The same answer again is answered alike, and has the file read as long as it was not.
        """
        feed = self._own(account_id, feed_id)
        said = replace(feed, state="awaiting", how=merged(feed.how, how))
        check_how(said.how)
        if feed.state == "held" and self._feeds.answer(said):
            feed = said
        elif feed.state == "held":
            feed = self._own(account_id, feed_id)
        if feed.how != said.how or feed.state == "held":
            raise NotHeld(f"it is {feed.state}; only a feed that is held is asked about")
        if feed.state == "awaiting":
            self._arrived(feed.key, feed.as_of or rfc3339(self._clock()))
        return feed

    def progress(self, account_id: str, feed_id: str) -> tuple[Feed, Summary]:
        """How far a feed is, and what became of its rows. Raises NotFound."""
        found = self._feeds.with_sums(account_id, feed_id)
        if found is None:
            raise NotFound
        feed, sums = found
        summary = summary_by_sums(feed, sums)
        if not feed.summed or (self._is_old(feed) and summary.is_open):
            return feed, summary_of(feed, self._feeds.tallies(account_id, feed_id))
        return feed, summary

    def waits(self, account_id: str, feed_id: str) -> bool:
        """Whether rows of a feed have not been looked at yet. Raises NotFound."""
        return self.progress(account_id, feed_id)[1].waiting > 0

    def _is_old(self, feed: Feed) -> bool:
        return bool(feed.as_of) and feed.as_of < rfc3339(self._clock() - ENDED_BY)

    def report_pages(self, account_id: str, feed_id: str, status: RowStatus | None, limit: int) -> Read[RowResult]:
        """A feed's rows, those with `status` alone if it is named. A page may be short and still have a next. Raises NotFound."""
        feed = self._own(account_id, feed_id)

        def page(at: Position | None) -> tuple[list[RowResult], Position | None]:
            first, done = (int(at["chunk"]), int(at.get("done", 0))) if at else (1, 0)
            last = min(first + (SCAN_CHUNKS if status else PAGE_CHUNKS) - 1, feed.chunks)
            shown: list[RowResult] = []
            for number, results in self._feeds.report(account_id, feed_id, first, last):
                begin = done if number == first else 0
                for i, result in enumerate(results[begin:], begin):
                    if status not in (None, result.status):
                        continue
                    if len(shown) == limit:
                        return shown, {"chunk": number, "done": i}
                    shown.append(result)
            return shown, {"chunk": last + 1, "done": 0} if last < feed.chunks else None

        def told(at: Position | None) -> tuple[list[RowResult], Position | None]:
            rows, following = page(at)
            return with_news(account_id, rows, self._pictures.get(account_id, named_in(account_id, rows))), following

        return told

    def _own(self, account_id: str, feed_id: str) -> Feed:
        feed = self._feeds.get(account_id, feed_id)
        if feed is None:
            raise NotFound
        return feed


def check_how(how: HowToRead) -> None:
    """Raises Invalid for a mapping, or constants, of fields that no product has."""
    wrong = mapping_flaws(how.mapping, "/mapping") if how.mapping else []
    if how.complete and how.partial:
        wrong.append(FieldError("/complete", BOTH))
    wrong += [FieldError(f"/constants/{name}", f"a product has no field {name[:40]}") for name in how.constants if not is_field(name)]
    if wrong:
        raise Invalid(wrong[0].detail, wrong)


def merged(before: HowToRead, now: HowToRead) -> HowToRead:
    """What was said before, and now: the later word counts."""
    return before.model_copy(update={name: getattr(now, name) for name in now.model_fields_set})
