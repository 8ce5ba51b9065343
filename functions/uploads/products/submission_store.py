"""Submissions in uploads' table.

A batch of verdicts is one transaction: ten submissions and the few tallies that count their rows, instead of twenty calls.
"""

from collections.abc import Collection, Mapping, Sequence

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.uploads.counts.count_store import count_item, newest_before, save_count
from functions.uploads.products.row_outcome_store import OVERTAKEN, note_outcomes
from functions.uploads.products.submission import ProductMoved, Submission, submission_of
from functions.uploads.products.submission_items import READ, item_of, submission_in, unchanged
from functions.uploads.upload_items import (
    LOST,
    REQUEST_LIFE,
    CountItem,
    CreatedItem,
    SubmissionItem,
    SumItem,
    TallyItem,
    partition,
    seconds_after,
)
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.aws.dynamo import bind, connection, put_if, reasons, refused
from shared.bus import opened
from shared.iteration import chunks
from shared.messages import ProductSubmitted, StockCounted
from shared.optimistic_retry import Contended
from shared.trade.product import Product

MAX_NOTED = 33
"""Verdicts in one transaction: each may write to a tally and to sums of its own, and DynamoDB takes 100 actions."""


WRITTEN = (SubmissionItem, CountItem, CreatedItem, SumItem, TallyItem)


class SubmissionStore:
    """submission_service.Submissions."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, *WRITTEN)
        self._clock = clock

    def create(self, event: ProductSubmitted, count: StockCounted | None, idempotency: Idempotency) -> Submission | None:
        """Write a first version under an idempotency key; a replay answers with what stands.

        Answers None if the sku is there by another key. Raises KeyReused. In a transaction, because the key and the sku are two items.
        """
        now = self._clock()
        request = CreatedItem(partition(event.supplier_id, "requests"), idempotency.id("req"), fingerprint=idempotency.fingerprint)
        request.expires_at = seconds_after(now, REQUEST_LIFE)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(request, condition=CreatedItem.pk.does_not_exist())
                transaction.save(item_of(event, now), condition=SubmissionItem.pk.does_not_exist())
                if count:
                    save_count(transaction, count, now)
        except TransactWriteError as error:
            replayed, *others = reasons(error)
            if "TransactionConflict" in (replayed, *others):
                raise ProductMoved from error
            if replayed:
                idempotency.same(CreatedItem.get(request.pk, request.sk, consistent_read=True).fingerprint)
                return self.current(event.supplier_id, [event.product_id])[event.product_id]
            return None
        return submission_of(event)

    def answered(self, supplier_id: str, product_id: str, idempotency: Idempotency) -> Submission | None:
        try:
            request = CreatedItem.get(partition(supplier_id, "requests"), idempotency.id("req"), consistent_read=True)
        except CreatedItem.DoesNotExist:
            return None
        idempotency.same(request.fingerprint)
        return self.current(supplier_id, [product_id]).get(product_id)

    def replace(self, before: Submission, event: ProductSubmitted | None, count: StockCounted | None) -> bool:
        """Write the version after `before`, and the count after the newest, if given; False if another was quicker.

        A transaction only where it is more than one item: each event rides in an item of its own, and a feed's row that waited for audit
        is told.
        """
        now = self._clock()
        try:
            if event is None:
                return count is None or put_if(count_item(count, now), newest_before(count))
            if count is None and not before.row_waits:
                return put_if(item_of(event, now, before=before), unchanged(before))
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item_of(event, now, before=before), condition=unchanged(before))
                if count:
                    save_count(transaction, count, now)
                note_outcomes(transaction, event.supplier_id, [(before, OVERTAKEN)] if before.row_waits else [], now)
        except Contended:
            return False
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            return False
        return True

    def say_again(self, supplier_id: str, before: Submission, as_of: str) -> bool:
        item = SubmissionItem(partition(supplier_id, "products"), before.product_id)
        try:
            moments: list[Action] = [
                SubmissionItem.as_of.set(as_of), SubmissionItem.stock_at.set(before.stock_known_at), SubmissionItem.priced_at.remove(),
            ]  # fmt: skip
            item.update(moments, condition=unchanged(before))
        except UpdateError as error:
            if not refused(error):
                raise
            return False
        return True

    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Submission]:
        """These submissions as they are, read consistently; at most 100."""
        keys = [(partition(supplier_id, "products"), product_id) for product_id in product_ids]
        found = SubmissionItem.batch_get(keys, consistent_read=True, attributes_to_get=READ) if keys else ()
        return {item.sk: submission_in(item) for item in found}

    def with_product(self, supplier_id: str, product_id: str) -> tuple[Submission, ProductSubmitted] | None:
        try:
            item = SubmissionItem.get(partition(supplier_id, "products"), product_id, consistent_read=True)
        except SubmissionItem.DoesNotExist:
            return None
        event = opened(item.event) if item.event else None
        return (submission_in(item), event) if isinstance(event, ProductSubmitted) else None

    def products(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, tuple[Submission, Product]]:
        """These submissions with their content, read consistently; at most 100."""
        keys = [(partition(supplier_id, "products"), product_id) for product_id in product_ids]
        found = SubmissionItem.batch_get(keys, consistent_read=True) if keys else ()
        events = {item.sk: (submission_in(item), opened(item.event) if item.event else None) for item in found}
        return {key: (held, event.product) for key, (held, event) in events.items() if isinstance(event, ProductSubmitted)}

    def page(self, supplier_id: str, after: str, most: int) -> Sequence[Submission]:
        beyond = SubmissionItem.sk > after if after else None
        found = SubmissionItem.query(partition(supplier_id, "products"), beyond, limit=most, attributes_to_get=READ)
        return [submission_in(item) for item in found]

    def save_verdicts(self, supplier_id: str, before: Mapping[str, Submission], after: Sequence[Submission]) -> bool:
        """Write what audit said of these submissions and of the feeds' rows that brought them; False if one changed since `before`.

        In a transaction, so that a submission and its feed's sums agree. Sums of feeds that may have expired are let be.
        """
        try:
            for part in chunks(after, MAX_NOTED):
                self._save_part(supplier_id, before, part)
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            return False
        return True

    def _save_part(self, supplier_id: str, before: Mapping[str, Submission], part: Sequence[Submission]) -> None:
        with TransactWrite(connection=connection()) as transaction:
            for submission in part:
                was = before[submission.product_id].status
                condition = (SubmissionItem.version == submission.version) & (SubmissionItem.status == was)
                item = SubmissionItem(partition(supplier_id, "products"), submission.product_id)
                transaction.update(item, _changes(submission), condition=condition)
            told = [(before[s.product_id], f"{s.status} {s.code}".strip()) for s in part]
            note_outcomes(transaction, supplier_id, told, self._clock())


def _changes(submission: Submission) -> list[Action]:
    """What a verdict sets."""
    return [
        SubmissionItem.status.set(submission.status),
        SubmissionItem.code.set(submission.code),
        SubmissionItem.evidence.set(submission.evidence),
        SubmissionItem.remedy.set(submission.remedy),
    ]
