"""Feeds, their chunks' reports and sums, in uploads' table."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.uploads.complete.archiving import Archiving
from functions.uploads.feeds.feed import Feed, RowResult, Tally
from functions.uploads.feeds.row_sum_store import first_and_last, sums_in
from functions.uploads.mapping.how_to_read import NOTHING_SAID, HowToRead
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.upload_items import FEED_LIFE, FeedItem, ReportItem, SumItem, TallyItem, numbered, partition, seconds_after
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, item_of, put_if, refused
from shared.bounds.kept import kept

RESULTS = TypeAdapter(list[RowResult])


class FeedStore:
    """feed_service.Feeds and feed_splitter.ReadableFeeds."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, FeedItem, SumItem, ReportItem, TallyItem)
        self._clock = clock

    def add(self, feed: Feed, idempotency: Idempotency) -> Feed:
        """Write a new feed; a replay answers with the one that stands. Raises KeyReused."""
        item = FeedItem(
            partition(feed.account_id, "feeds"), feed.id, name=feed.name, bytes=feed.bytes, created_at=feed.created_at,
            state=feed.state, fingerprint=feed.fingerprint, expires_at=seconds_after(self._clock(), FEED_LIFE), how=_how(feed.how),
            summed=feed.summed,
        )  # fmt: skip
        if put_if(item, FeedItem.pk.does_not_exist()):
            return feed
        found = _feed(FeedItem.get(item.pk, item.sk, consistent_read=True), feed.account_id)
        idempotency.same(found.fingerprint)
        return found

    def get(self, account_id: str, feed_id: str) -> Feed | None:
        try:
            return _feed(FeedItem.get(partition(account_id, "feeds"), feed_id, consistent_read=True), account_id)
        except FeedItem.DoesNotExist:
            return None

    def with_sums(self, account_id: str, feed_id: str) -> tuple[Feed, Counter[str]] | None:
        """A feed and its rows' sums, read together and consistently: 17 items of 300 bytes at the most."""
        beyond = FeedItem.sk.between(*first_and_last(feed_id))
        answer = FeedItem._get_connection().query(partition(account_id, "feeds"), range_key_condition=beyond, consistent_read=True)
        items = answer["Items"]
        own = next((item for item in items if item["sk"]["S"] == feed_id), None)
        return None if own is None else (_feed(item_of(FeedItem, own), account_id), sums_in(items))

    def begin_reading(self, account_id: str, feed_id: str, as_of: str) -> Feed | None:
        """Mark a feed as being read and answer it, with the moment of its first arrival; None if there is nothing to read."""
        item = FeedItem(partition(account_id, "feeds"), feed_id)
        if _update(item, [FeedItem.as_of.set(as_of), FeedItem.state.set("reading")], FeedItem.state == "awaiting"):
            return _feed(item, account_id)
        found = self.get(account_id, feed_id)
        return found if found and found.state == "reading" else None

    def pin(self, feed: Feed, used: tuple[Mapping, ...]) -> tuple[Mapping, ...]:
        """Write by which kept mapping a feed is read, unless that is written already; answers what is."""
        item = FeedItem(partition(feed.account_id, "feeds"), feed.id)
        text = json.dumps([mapping.model_dump(mode="json", exclude_defaults=True) for mapping in used])
        if _update(item, [FeedItem.pinned.set(text)], FeedItem.pinned.does_not_exist()):
            return used
        found = self.get(feed.account_id, feed.id)
        return used if found is None or found.pinned is None else found.pinned

    def end_reading(self, feed: Feed) -> None:
        """Write how the reading of a feed ended. How often it was looked at meanwhile stays."""
        changes: list[Action] = [
            FeedItem.state.set(feed.state), FeedItem.encoding.set(feed.encoding), FeedItem.rows.set(feed.rows),
            FeedItem.chunks.set(feed.chunks), FeedItem.code.set(feed.code), FeedItem.detail.set(feed.detail),
            FeedItem.question.set(feed.question) if feed.question else FeedItem.question.remove(),
            FeedItem.unknown.set(json.dumps(feed.unknown)), FeedItem.pinned.remove(),
            FeedItem.archiving.set(FeedItem.archiving | _written(feed.archiving)) if feed.archiving else FeedItem.archiving.remove(),
        ]  # fmt: skip
        _update(FeedItem(partition(feed.account_id, "feeds"), feed.id), changes, FeedItem.state == "reading")

    def answer(self, feed: Feed) -> bool:
        """Write what its supplier said of how to read a feed that is held: it awaits its reading again. False if it is not held."""
        changes: list[Action] = [
            FeedItem.state.set("awaiting"), FeedItem.how.set(feed.how.model_dump_json(exclude_defaults=True)), FeedItem.code.set(""),
            FeedItem.detail.set(""), FeedItem.question.remove(),
        ]  # fmt: skip
        return _update(FeedItem(partition(feed.account_id, "feeds"), feed.id), changes, FeedItem.state == "held")

    def save_archiving(self, feed: Feed, after: Archiving) -> bool:
        """Write how far a feed's archiving is; False if that is not as in `feed` any more.

        A call whose answer was lost is sent again, and refused then: what stands is asked, else nobody would go on.
        """
        same = FeedItem.archiving == _written(feed.archiving) if feed.archiving else FeedItem.archiving.does_not_exist()
        if _update(FeedItem(partition(feed.account_id, "feeds"), feed.id), [FeedItem.archiving.set(_written(after))], same):
            return True
        found = self.get(feed.account_id, feed.id)
        return found is not None and found.archiving == after

    def tallies(self, account_id: str, feed_id: str) -> Iterator[Tally]:
        """The sums of every chunk that has been written; at most some 4,200 items of 1 KB."""
        for item in TallyItem.query(partition(account_id, feed_id), TallyItem.sk.startswith("tally#")):
            yield Tally(json.loads(item.outcomes), json.loads(item.failures), item.verdicts.as_dict())

    def report(self, account_id: str, feed_id: str, first: int, last: int) -> Sequence[tuple[int, list[RowResult]]]:
        """The rows of the chunks from `first` to `last` that have been written, with audit's verdicts."""
        if last < first:
            return []
        pk = partition(account_id, feed_id)
        tallies = TallyItem.query(pk, TallyItem.sk.between(numbered("tally", first), numbered("tally", last)))
        verdicts: dict[str, Any] = {item.sk[-5:]: item.verdicts.as_dict() for item in tallies}
        reports = ReportItem.query(pk, ReportItem.sk.between(numbered("report", first), numbered("report", last)))
        return [(int(item.sk[-5:]), _rows(item, verdicts.get(item.sk[-5:], {}))) for item in reports]


def _rows(item: ReportItem, verdicts: dict[str, Any]) -> list[RowResult]:
    return [row.with_verdict(verdicts.get(str(row.row))) for row in RESULTS.validate_json(item.results)]


def _written(archiving: Archiving) -> str:
    return archiving.model_dump_json(exclude_defaults=True)


def _how(how: HowToRead) -> str | None:
    return None if how == NOTHING_SAID else how.model_dump_json(exclude_defaults=True)


def _feed(item: Any, account_id: str) -> Feed:
    return Feed(
        id=item.sk, account_id=account_id, name=item.name, bytes=item.bytes, created_at=item.created_at, state=item.state,
        as_of=item.as_of, encoding=item.encoding, rows=item.rows, chunks=item.chunks, code=item.code, detail=item.detail,
        fingerprint=item.fingerprint, how=kept(HowToRead, item.how) if item.how else NOTHING_SAID, question=item.question or "",
        unknown=tuple(json.loads(item.unknown or "[]")), summed=item.summed,
        pinned=tuple(kept(Mapping, each) for each in json.loads(item.pinned)) if item.pinned else None,
        archiving=kept(Archiving, item.archiving) if item.archiving else None,
    )  # fmt: skip


def _update(item: FeedItem, actions: list[Action], condition: Any) -> bool:
    """Update, and read the item back into `item`; False if the condition was not met."""
    try:
        item.update(actions, condition=condition)
    except UpdateError as error:
        if not refused(error):
            raise
        return False
    return True
