"""Archives what complete feeds lack, some thousands at a time, and goes on where it was stopped."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from functions.uploads.complete.archiving import Archiving, Census, Present, Superseded, Why, answered, decided, may_be_archived
from functions.uploads.feeds.feed import Feed
from functions.uploads.products.submission import Submission
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from shared.api.paging import Position, Read
from shared.errors import Conflict, NotFound
from shared.iteration import chunks
from shared.optimistic_retry import Retry

SCAN = 1000
"""Products that are read at once."""
AT_ONCE = 16
"""Products archived in one transaction: of each its product, its count and what becomes of a feed's row that waited."""
BUDGET = 2000
"""Products that one call archives: a minute's work."""
FIRST_LOOK, LONGEST_PAUSE = 5, 300
"""Seconds after which it is looked whether all rows were looked at; doubled each time."""
MOST_LOOKS = 150
"""Half a day; rows that nobody looks at for so long are dead letters."""
WATCHED = 110
"""Seconds after which it is looked whether whoever archives has died."""
Step = Callable[[str, str, int, int, str], None]
"""Has a feed's archiving gone on with: its key and moment, the how-manieth look, after how many seconds, which step."""


class NotAsked(Conflict):
    code, title = "not-asked", "Nothing is asked about this feed's missing products"


class Feeds(Protocol):
    """Where feeds lie."""

    def get(self, account_id: str, feed_id: str) -> Feed | None: ...

    def save_archiving(self, feed: Feed, after: Archiving) -> bool:
        """Write how far it is; False if that is not as in `feed` any more."""
        ...


class Archives(Protocol):
    """Where products lie, and what feeds have of them."""

    def newest(self, account_id: str, source: str) -> str:
        """The id of the source's newest complete feed."""
        ...

    def present(self, feed: Feed) -> Present | None:
        """Whose products the feed's rows are; None if reports of it are gone."""
        ...

    def page(self, account_id: str, after: str, most: int) -> Sequence[Submission]:
        """At most `most` submissions after that product's id, by id."""
        ...

    def archive(self, feed: Feed, wanted: Sequence[Submission], keep: Callable[[Submission], bool]) -> list[tuple[str, str]]:
        """Archive these products, at most AT_ONCE, but those that `keep` says to keep as they are now, and those that were sent, or
        counted, after the feed. Answers id and sku of those that this feed archived, now or before. All or nothing.

        Raises Contended if one of them changed meanwhile, and Superseded if a newer complete feed of the source arrived.
        """
        ...

    def note(self, feed: Feed, page: int, archived: Sequence[tuple[str, str]]) -> None:
        """Keep a list of what was archived."""
        ...

    def noted(self, feed: Feed, page: int) -> Sequence[tuple[str, str]]: ...


Page = Callable[[str, str, int], Sequence[Submission]]
"""Archives.page"""


def submissions_of(page: Page, account_id: str, after: str = "") -> Iterable[Sequence[Submission]]:
    """All of a supplier's submissions after that product's id, some at a time."""
    while found := page(account_id, after, SCAN):
        yield found
        after = found[-1].product_id


@dataclass(frozen=True, slots=True)
class ArchiveService:
    feeds: Feeds
    archives: Archives
    waits: Callable[[str, str], bool]
    """Whether rows of a feed have not been looked at yet."""
    clock: Clock
    retry: Retry
    step: Step

    def go_on(self, account_id: str, feed_id: str, look: int, *, watch: bool) -> None:
        """Take the next step of a feed's archiving. `watch`: only if whoever archives seems to have died."""
        feed = self.feeds.get(account_id, feed_id)
        archiving = feed.archiving or _while_read(feed) if feed else None
        if feed is None or archiving is None or not archiving.is_open or feed.state in ("held", "refused"):
            return
        if archiving.state == "waiting" and (feed.state != "read" or self.waits(account_id, feed_id)):
            self._look_again(feed, archiving, look)
        elif watch and archiving.state == "archiving" and from_rfc3339(archiving.at) > self.clock() - timedelta(seconds=WATCHED // 2):
            self.step(feed.key, feed.as_of, look + 1, WATCHED, "watch")
        elif self.archives.newest(account_id, feed.how.source) != feed_id:
            self._end(feed, "superseded")
        elif (present := self.archives.present(feed)) is None:
            self._end(feed, "expired")
        elif (decision := self._decided(feed, archiving, present)) is not None:
            self._archive(decision, present)

    def _look_again(self, feed: Feed, archiving: Archiving, look: int) -> None:
        """Have it looked again, by one: whoever comes twice, or was sent twice, ends at the next look, else they would become ever more."""
        if look < archiving.looks:
            return
        if look >= MOST_LOOKS:
            self._end(feed, "rows-never-read")
            return
        self.step(feed.key, feed.as_of, look + 1, min(FIRST_LOOK * 2 ** min(look, 9), LONGEST_PAUSE), "archive")
        self.feeds.save_archiving(feed, archiving.model_copy(update={"looks": look + 1}))

    def _decided(self, feed: Feed, archiving: Archiving, present: Present) -> Feed | None:
        """The feed, if what it lacks is to be archived; it is decided once."""
        if archiving.state == "archiving":
            return feed
        census = Census()
        for part in submissions_of(self.archives.page, feed.account_id):
            census.count(part, feed.how.source, present, feed.as_of)
        after = decided(archiving, census, present, self._now())
        if not self.feeds.save_archiving(feed, after) or after.state != "archiving":
            return None
        self.step(feed.key, feed.as_of, 0, WATCHED, "watch")
        return feed.with_archiving(after)

    def _archive(self, feed: Feed, present: Present) -> None:
        """Archive BUDGET products, and have another go on from there."""

        def is_kept(now: Submission) -> bool:
            return not may_be_archived(now, feed.how.source, present, feed.as_of)

        budget = BUDGET
        for part in submissions_of(self.archives.page, feed.account_id, feed.archiving.after if feed.archiving else ""):
            missing = [each for each in part if not is_kept(each)]
            try:
                done = [
                    archived
                    for few in chunks(missing, AT_ONCE)
                    for archived in self.retry(partial(self.archives.archive, feed, few, is_kept))
                ]
            except Superseded:
                self._end(feed, "superseded")
                return
            found = self._noted(feed, part[-1].product_id, done)
            if found is None:
                return
            feed, budget = found, budget - len(done)
            if budget <= 0:
                self.step(feed.key, feed.as_of, 0, 0, "archive")
                return
        if feed.archiving:
            self.feeds.save_archiving(feed, feed.archiving.model_copy(update={"state": "archived", "at": self._now()}))

    def _noted(self, feed: Feed, after: str, done: Sequence[tuple[str, str]]) -> Feed | None:
        """The feed with its list of what was archived up to there; None if another was quicker."""
        before = feed.archiving or Archiving()
        pages = before.pages + bool(done)
        if done:
            self.archives.note(feed, pages, done)
        told = {"after": after, "pages": pages, "archived": before.archived + len(done), "at": self._now()}
        new = before.model_copy(update=told)
        return feed.with_archiving(new) if self.feeds.save_archiving(feed, new) else None

    def answer(self, account_id: str, feed_id: str, archive: bool) -> None:
        """Archive what a feed lacks about which its supplier was asked, or keep it. The same answer again is answered alike.

        Raises NotFound, NotAsked.
        """
        feed = self._own(account_id, feed_id)
        if feed.archiving and feed.archiving.state == "asked":
            after = answered(feed.archiving, archive, self._now())
            feed = feed.with_archiving(after) if self.feeds.save_archiving(feed, after) else self._own(account_id, feed_id)
        found = feed.archiving
        if found is None or found.state not in (("archiving", "archived") if archive else ("kept",)):
            raise NotAsked("only of a complete feed that may not be whole it is asked whether what it lacks is archived")
        if found.state == "archiving":
            self.step(feed.key, feed.as_of, 0, 0, "archive")
            self.step(feed.key, feed.as_of, 0, WATCHED, "watch")

    def archived(self, account_id: str, feed_id: str, limit: int) -> Read[tuple[str, str]]:
        """Id and sku of what a feed archived. Raises NotFound."""
        feed = self._own(account_id, feed_id)
        pages = feed.archiving.pages if feed.archiving else 0

        def page(at: Position | None) -> tuple[list[tuple[str, str]], Position | None]:
            number, done = (int(at["page"]), int(at["done"])) if at else (1, 0)
            held = self.archives.noted(feed, number) if number <= pages else ()
            shown = list(held[done : done + limit])
            if done + limit < len(held):
                return shown, {"page": number, "done": done + limit}
            return shown, {"page": number + 1, "done": 0} if number < pages else None

        return page

    def _end(self, feed: Feed, why: Why) -> None:
        if feed.archiving:
            self.feeds.save_archiving(feed, feed.archiving.model_copy(update={"state": "kept", "why": why, "at": self._now()}))

    def _own(self, account_id: str, feed_id: str) -> Feed:
        feed = self.feeds.get(account_id, feed_id)
        if feed is None:
            raise NotFound
        return feed

    def _now(self) -> str:
        return rfc3339(self.clock())


def _while_read(feed: Feed) -> Archiving | None:
    """Of a complete feed that takes longer to read than until it is first looked at: else nobody would look again."""
    return Archiving() if feed.state == "reading" and feed.how.complete and not feed.how.preview else None
