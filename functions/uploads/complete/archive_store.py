"""What complete feeds archive, in uploads' table.

Each product is archived in one transaction with two conditions beside its own: its source's newest complete feed is still this one, and
nothing was counted of it since it was looked at, for who sends a product as it is writes its count alone.
"""

import json
from collections.abc import Callable, Sequence

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.uploads.complete.archiving import Present, Superseded
from functions.uploads.counts.count_store import counts_held
from functions.uploads.feeds.feed import Feed
from functions.uploads.feeds.feed_store import RESULTS
from functions.uploads.products.row_outcome_store import OVERTAKEN, note_outcomes
from functions.uploads.products.submission import Submission, product_id_of, submission_event
from functions.uploads.products.submission_items import item_of, unchanged
from functions.uploads.products.submission_store import SubmissionStore
from functions.uploads.upload_items import (
    FEED_LIFE,
    LOST,
    ArchivedItem,
    CompleteItem,
    CountItem,
    ReportItem,
    numbered,
    partition,
    seconds_after,
)
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import bind, connection, put_if, reasons
from shared.messages import ProductSubmitted
from shared.optimistic_retry import Contended
from shared.trade.product import Product

REPORTS = 400
"""Chunks whose reports are read at once."""


class ArchiveStore:
    """archive_service.Archives and feed_splitter.Completes."""

    def __init__(self, table: str, clock: Clock, submissions: SubmissionStore) -> None:
        bind(table, CompleteItem, ArchivedItem, ReportItem, CountItem)
        self._clock, self._submissions = clock, submissions

    def announce(self, feed: Feed) -> None:
        """Note that the feed is the newest complete one of its source, unless one of a later moment is."""
        item = CompleteItem(partition(feed.account_id, "feeds"), _newest(feed.how.source), feed_id=feed.id, as_of=feed.as_of)
        item.expires_at = seconds_after(self._clock(), FEED_LIFE)
        put_if(item, CompleteItem.as_of.does_not_exist() | (CompleteItem.as_of <= feed.as_of))

    def newest(self, account_id: str, source: str) -> str:
        try:
            return CompleteItem.get(partition(account_id, "feeds"), _newest(source), consistent_read=True).feed_id
        except CompleteItem.DoesNotExist:
            return ""

    def present(self, feed: Feed) -> Present | None:
        pk, found, unknown, reports = partition(feed.account_id, feed.id), set[str](), 0, 0
        for first in range(1, feed.chunks + 1, REPORTS):
            between = ReportItem.sk.between(numbered("report", first), numbered("report", first + REPORTS - 1))
            for item in ReportItem.query(pk, between, consistent_read=True):
                reports += 1
                found |= {row.product_id for row in RESULTS.validate_json(item.results) if row.product_id}
                unread = json.loads(item.unread or "{}")
                found |= {product_id_of(feed.account_id, sku) for sku in unread.get("skus", ())}
                unknown += unread.get("unknown", 0)
        return Present(found, unknown) if reports == feed.chunks else None

    def page(self, account_id: str, after: str, most: int) -> Sequence[Submission]:
        return self._submissions.page(account_id, after, most)

    def archive(self, feed: Feed, wanted: Sequence[Submission], keep: Callable[[Submission], bool]) -> list[tuple[str, str]]:
        account_id, now = feed.account_id, self._clock()
        ids = [each.product_id for each in wanted]
        held = self._submissions.products(account_id, ids)
        counts = counts_held(account_id, ids)
        lacked = {key: found for key, found in held.items() if not keep(found[0])}
        mine = {key for key, (before, product) in lacked.items() if before.as_of == feed.as_of and product.status == "archived"}
        sent_later = {key for key, count in counts.items() if count.received_at > feed.as_of}
        going = {key: found for key, found in lacked.items() if found[1].status == "active" and key not in sent_later}
        if going:
            try:
                with TransactWrite(connection=connection()) as transaction:
                    own = CompleteItem.feed_id == feed.id
                    transaction.condition_check(CompleteItem, partition(account_id, "feeds"), _newest(feed.how.source), condition=own)
                    for key, (before, product) in going.items():
                        count = counts.get(key)
                        same = CountItem.version == count.version if count else CountItem.pk.does_not_exist()
                        transaction.condition_check(CountItem, partition(account_id, "counts"), key, condition=same)
                        transaction.save(item_of(_archived(feed, before, product), now, before=before), condition=unchanged(before))
                    waited = [(before, OVERTAKEN) for before, _ in going.values() if before.row_waits]
                    note_outcomes(transaction, account_id, waited, now)
            except TransactWriteError as error:
                newest, *others = reasons(error)
                if not {newest, *others} <= LOST:
                    raise
                raise (Superseded if newest == "ConditionalCheckFailed" else Contended) from error
        return [(key, held[key][0].sku) for key in held if key in mine or key in going]

    def note(self, feed: Feed, page: int, archived: Sequence[tuple[str, str]]) -> None:
        item = ArchivedItem(partition(feed.account_id, feed.id), numbered("archived", page), products=json.dumps(list(archived)))
        item.expires_at = seconds_after(self._clock(), FEED_LIFE)
        item.save()

    def noted(self, feed: Feed, page: int) -> Sequence[tuple[str, str]]:
        try:
            item = ArchivedItem.get(partition(feed.account_id, feed.id), numbered("archived", page))
        except ArchivedItem.DoesNotExist:
            return ()
        return [(product_id, sku) for product_id, sku in json.loads(item.products)]


def _newest(source: str) -> str:
    return f"complete#{source}"


def _archived(feed: Feed, before: Submission, product: Product) -> ProductSubmitted:
    off_sale = product.model_copy(update={"status": "archived"})
    return submission_event(feed.account_id, off_sale, before.version + 1, feed.as_of, before.filled, priced_at=before.priced_at)
