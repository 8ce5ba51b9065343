"""Where uploads keeps submissions, feeds and reports.

    pk                    sk                what
    account#products      prd_…             a submission; its `event` holds the product and stays, so it is stored once
    account#requests      req_…             the Idempotency-Key of a POST /v1/products (the product's own id comes from its sku)
    account#pictures      pic_…             a picture that may be put into the bucket
    account#feeds         fd_…              a feed
    account#fd_…          report#00001      what became of a chunk's rows, written once
    account#fd_…          tally#00001       the chunk's sums and audit's verdicts on its rows: 1 KB, for each verdict writes it

A chunk is one transaction of ≤ 24 submissions, its report and its tally. That costs double on AWS (about 4 WCU a row), and buys
that a chunk is written wholly or not at all, once however often it comes, in one call. The other ways: a conditional put a row
costs 24 calls and can stop half-way; BatchWriteItem has no conditions; PartiQL's BatchExecuteStatement has them at single cost,
but each statement stands alone, and the embedded emulator puts none of its writes on the stream.
A batch of verdicts is one transaction too: ten submissions and the few tallies that count their rows, instead of twenty calls.

A verdict leaves the submission's event as it is: `publish` sends only an event that differs from the one before.
Sort keys under account#products are hashes, so DynamoDB can split a busy supplier's partition between them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.uploads.feeds.chunk_intake import Decided
from functions.uploads.feeds.feed import Chunk, Feed, RowResult, Tally, tally_of
from functions.uploads.products.submission import Moved, Standing, standing_of
from functions.uploads.upload_items import CreatedItem, FeedItem, ReportItem, SubmissionItem, TallyItem
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import Item, M, bind, connection, reasons, refused
from shared.bus import envelope, opened
from shared.chunks import chunks
from shared.messages import ProductSubmitted

FEED_LIFE = timedelta(days=90)
MAX_NOTED = 40
"""Verdicts in one transaction: each may write to a tally of its own, and DynamoDB takes 100 actions."""
LOST = {None, "ConditionalCheckFailed", "TransactionConflict"}
"""Why a transaction is cancelled that may be tried again after another look."""
REQUEST_LIFE = timedelta(days=30)
RESULTS = TypeAdapter(list[RowResult])
STANDING = ["sk", "sku", "version", "as_of", "digest", "status", "code", "evidence", "remedy", "row"]


class UploadStore:
    """Uploads' one table."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, SubmissionItem, CreatedItem, FeedItem, ReportItem, TallyItem)
        self._clock = clock

    def create(self, event: ProductSubmitted, idempotency: Idempotency) -> Standing | None:
        """Write a first version under an idempotency key; a replay answers with what stands.

        Answers None if the sku is there by another key. Raises KeyReused. In a transaction, because the key and the sku are two items.
        """
        now = self._clock()
        request = CreatedItem(_pk(event.supplier_id, "requests"), idempotency.id("req"), fingerprint=idempotency.fingerprint)
        request.expires_at = _after(now, REQUEST_LIFE)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(request, condition=CreatedItem.pk.does_not_exist())
                transaction.save(_submission_item(event, now), condition=SubmissionItem.pk.does_not_exist())
        except TransactWriteError as error:
            replayed, taken = reasons(error)
            if "TransactionConflict" in (replayed, taken):
                raise Moved from error
            if replayed:
                idempotency.same(CreatedItem.get(request.pk, request.sk, consistent_read=True).fingerprint)
                return self.standings(event.supplier_id, [event.product_id])[event.product_id]
            return None
        return standing_of(event)

    def replace(self, event: ProductSubmitted) -> bool:
        """Write the version after the stored one; False if another was quicker."""
        item = _submission_item(event, self._clock())
        return _written(lambda: item.save(condition=SubmissionItem.version == event.version - 1))

    def standings(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Standing]:
        """Where these submissions stand, read consistently; at most 100."""
        keys = [(_pk(supplier_id, "products"), product_id) for product_id in product_ids]
        found = SubmissionItem.batch_get(keys, consistent_read=True, attributes_to_get=STANDING) if keys else ()
        return {item.sk: _standing(item) for item in found}

    def submission(self, supplier_id: str, product_id: str) -> tuple[Standing, ProductSubmitted] | None:
        item = _found(SubmissionItem, _pk(supplier_id, "products"), product_id)
        event = opened(item.event) if item and item.event else None
        return (_standing(item), event) if item and isinstance(event, ProductSubmitted) else None

    def listed(self, supplier_id: str, after: str, most: int) -> Sequence[Standing]:
        """At most `most` submissions after that id, by id."""
        beyond = SubmissionItem.sk > after if after else None
        return [
            _standing(item) for item in SubmissionItem.query(_pk(supplier_id, "products"), beyond, limit=most, attributes_to_get=STANDING)
        ]

    def note(self, supplier_id: str, before: Mapping[str, Standing], after: Sequence[Standing]) -> bool:
        """Write what audit said of these submissions and of the feeds' rows that brought them; False if one changed since `before`.

        In a transaction, so that a submission and its feed's sums agree. Sums of feeds that may have expired are let be.
        """
        kept_since = rfc3339(self._clock() - FEED_LIFE + timedelta(days=1))
        try:
            for part in chunks(after, MAX_NOTED):
                with TransactWrite(connection=connection()) as transaction:
                    for standing in part:
                        condition = (SubmissionItem.version == standing.version) & (
                            SubmissionItem.status == before[standing.product_id].status
                        )
                        said = {name: getattr(standing, name) for name in ("status", "code", "evidence", "remedy")}
                        item = SubmissionItem(_pk(supplier_id, "products"), standing.product_id)
                        transaction.update(item, _set(SubmissionItem, said), condition=condition)
                    for tally, actions in _by_tally(supplier_id, [s for s in part if s.row and s.as_of > kept_since]):
                        transaction.update(tally, actions)
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            return False
        return True

    def open_picture(self, account_id: str, picture_id: str, content_type: str, idempotency: Idempotency) -> None:
        """Note that the account may put this picture. Raises KeyReused."""
        item = CreatedItem(_pk(account_id, "pictures"), picture_id, fingerprint=idempotency.fingerprint, content_type=content_type)
        if not _created(item):
            idempotency.same(CreatedItem.get(item.pk, item.sk, consistent_read=True).fingerprint)

    def pictures(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]:
        """Those of `picture_ids` that are the supplier's."""
        keys = [(_pk(supplier_id, "pictures"), picture_id) for picture_id in set(picture_ids) if picture_id]
        return {item.sk for item in CreatedItem.batch_get(keys, attributes_to_get=["pk", "sk"])} if keys else set()

    def open_feed(self, feed: Feed, idempotency: Idempotency) -> Feed:
        """Write a new feed; a replay answers with the one that stands. Raises KeyReused."""
        item = FeedItem(
            _pk(feed.account_id, "feeds"), feed.id, name=feed.name, bytes=feed.bytes, created_at=feed.created_at, state=feed.state
        )
        item.fingerprint, item.expires_at = feed.fingerprint, _after(self._clock(), FEED_LIFE)
        if _created(item):
            return feed
        found = _feed_of(FeedItem.get(item.pk, item.sk, consistent_read=True), feed.account_id)
        idempotency.same(found.fingerprint)
        return found

    def feed(self, account_id: str, feed_id: str) -> Feed | None:
        item = _found(FeedItem, _pk(account_id, "feeds"), feed_id)
        return _feed_of(item, account_id) if item else None

    def arrived(self, account_id: str, feed_id: str, as_of: str) -> Feed | None:
        """Mark a feed as being read and answer it, with the moment of its first arrival; None if there is nothing to read."""
        item = FeedItem(_pk(account_id, "feeds"), feed_id)
        if _updated(item, _set(FeedItem, {"as_of": as_of, "state": "reading"}), FeedItem.state == "awaiting"):
            return _feed_of(item, account_id)
        found = self.feed(account_id, feed_id)
        return found if found and found.state == "reading" else None

    def close(self, feed: Feed) -> None:
        """Write how the reading of a feed ended."""
        known = {
            "state": feed.state,
            "encoding": feed.encoding,
            "rows": feed.rows,
            "chunks": feed.chunks,
            "code": feed.code,
            "detail": feed.detail,
        }
        _updated(FeedItem(_pk(feed.account_id, "feeds"), feed.id), _set(FeedItem, known), FeedItem.state == "reading")

    def save_chunk(self, chunk: Chunk, decided: Decided) -> bool:
        """Write a chunk's submissions, report and tally in one transaction; a chunk that was written before is left as it is.

        False if a product's version is no longer the one that was decided upon: nothing is written then.
        """
        now = self._clock()
        pk, tally = _pk(chunk.account_id, chunk.feed_id), tally_of(decided.results)
        sums = TallyItem(pk, _nth("tally", chunk.number), outcomes=json.dumps(tally.outcomes), failures=json.dumps(tally.failures))
        results = RESULTS.dump_json(decided.results, exclude_defaults=True).decode()
        report = ReportItem(pk, _nth("report", chunk.number), results=results)
        sums.expires_at = report.expires_at = _after(now, FEED_LIFE)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(sums, condition=TallyItem.pk.does_not_exist())
                transaction.save(report)
                for row, event in decided.submissions.items():
                    first = event.version == 1
                    condition = SubmissionItem.pk.does_not_exist() if first else SubmissionItem.version == event.version - 1
                    item = _submission_item(event, now, row=f"{chunk.feed_id} {chunk.number:05} {row}")
                    transaction.save(item, condition=condition)
        except TransactWriteError as error:
            written_before, *others = reasons(error)
            if not {written_before, *others} <= LOST:
                raise
            return written_before == "ConditionalCheckFailed"
        return True

    def tallies(self, account_id: str, feed_id: str) -> Iterator[Tally]:
        """The sums of every chunk that has been written; at most some 4,200 items of 1 KB."""
        for item in TallyItem.query(_pk(account_id, feed_id), TallyItem.sk.startswith("tally#")):
            yield Tally(json.loads(item.outcomes), json.loads(item.failures), item.verdicts.as_dict())

    def report(self, account_id: str, feed_id: str, first: int, last: int) -> Sequence[tuple[int, list[RowResult]]]:
        """The rows of the chunks from `first` to `last` that have been written, with audit's verdicts."""
        if last < first:
            return []
        pk = _pk(account_id, feed_id)
        tallies = TallyItem.query(pk, TallyItem.sk.between(_nth("tally", first), _nth("tally", last)))
        verdicts: dict[str, Any] = {item.sk[-5:]: item.verdicts.as_dict() for item in tallies}
        reports = ReportItem.query(pk, ReportItem.sk.between(_nth("report", first), _nth("report", last)))
        return [
            (int(item.sk[-5:]), [r.judged(verdicts.get(item.sk[-5:], {}).get(str(r.row))) for r in RESULTS.validate_json(item.results)])
            for item in reports
        ]


def _pk(account_id: str, what: str) -> str:
    return f"{account_id}#{what}"


def _nth(kind: str, number: int) -> str:
    return f"{kind}#{number:05}"


def _after(now: datetime, life: timedelta) -> int:
    return int((now + life).timestamp())


def _submission_item(event: ProductSubmitted, now: datetime, row: str | None = None) -> SubmissionItem:
    standing = standing_of(event)
    return SubmissionItem(
        _pk(event.supplier_id, "products"), event.product_id, sku=standing.sku, version=standing.version, as_of=standing.as_of,
        digest=standing.digest, status=standing.status, row=row, event=envelope(event, now),
    )  # fmt: skip


def _by_tally(supplier_id: str, standings: Sequence[Standing]) -> Iterator[tuple[TallyItem, list[Action]]]:
    """Each tally that counts one of these, and what is set on it."""
    found: dict[str, list[Action]] = defaultdict(list)
    for standing in standings:
        tally, _, row = standing.row.rpartition(" ")
        found[tally].append(TallyItem.verdicts[row].set(f"{standing.status} {standing.code}".strip()))
    for tally, actions in found.items():
        feed_id, number = tally.split(" ")
        yield TallyItem(_pk(supplier_id, feed_id), f"tally#{number}"), actions


def _standing(item: SubmissionItem) -> Standing:
    said = {name: getattr(item, name) or "" for name in ("code", "evidence", "remedy", "row")}
    return Standing(item.sk, item.sku, item.version, item.as_of, item.digest, item.status, **said)  # type: ignore[arg-type]


def _feed_of(item: FeedItem, account_id: str) -> Feed:
    return Feed(
        item.sk, account_id, item.name, item.bytes, item.created_at, item.state, item.as_of, item.encoding, item.rows, item.chunks,  # type: ignore[arg-type]
        item.code, item.detail, item.fingerprint,
    )  # fmt: skip


def _found(model: type[M], pk: str, sk: str) -> M | None:
    try:
        return model.get(pk, sk, consistent_read=True)
    except DoesNotExist:
        return None


def _created(item: Item) -> bool:
    """Write a new item; False if it is there."""
    return _written(lambda: item.save(condition=Item.pk.does_not_exist()))


def _set(model: type[Item], values: Mapping[str, Any]) -> list[Action]:
    return [getattr(model, name).set(value) for name, value in values.items()]


def _updated(item: Item, actions: list[Action], condition: Any) -> bool:
    """Update, and read the item back into `item`; False if the condition was not met."""
    return _written(lambda: item.update(actions, condition=condition))


def _written(write: Callable[[], Any]) -> bool:
    """False if the write's condition was not met."""
    try:
        write()
    except (PutError, UpdateError) as error:
        if not refused(error):
            raise
        return False
    return True
