"""A chunk of a feed's rows, written whole or not at all.

A chunk is one transaction of ≤ 24 submissions, ≤ 24 counts, its report, its tally and its feed's sums, and the tallies of ≤ 24 rows of
other feeds that waited for audit and are overtaken by it, with these feeds' sums: ≤ 99 of DynamoDB's 100 actions. That costs double on AWS
(about 6 WCU a row, 2 of one whose texts are unchanged), and buys that a chunk is written once however often it comes, in one call. The
other ways: a conditional put a row costs 48 calls and can stop half-way; BatchWriteItem has no conditions; PartiQL's BatchExecuteStatement
has them at single cost, but each statement stands alone, and the embedded emulator puts none of its writes on the stream.
"""

import json
from collections import Counter

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.uploads.counts.count_store import save_count
from functions.uploads.feeds.chunk_intake import ChunkOutcome
from functions.uploads.feeds.feed import Chunk, outcome_in, tally_of
from functions.uploads.feeds.feed_store import RESULTS
from functions.uploads.feeds.row_sum_store import counted_as, move_sums
from functions.uploads.products.row_outcome_store import OVERTAKEN, note_outcomes
from functions.uploads.products.submission_items import item_of, unchanged
from functions.uploads.upload_items import (
    FEED_LIFE,
    LOST,
    CountItem,
    ReportItem,
    SubmissionItem,
    SumItem,
    TallyItem,
    numbered,
    partition,
    seconds_after,
)
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import bind, connection, reasons

WRITTEN = (SubmissionItem, CountItem, ReportItem, SumItem, TallyItem)


class ChunkStore:
    """chunk_intake.Chunks."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, *WRITTEN)
        self._clock = clock

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        """Write a chunk's submissions, counts, report and tally in one transaction; a chunk that was written before is left as it is.

        False if a product's version or count is no longer the one that was decided upon: nothing is written then.
        """
        now = self._clock()
        pk, tally = partition(chunk.account_id, chunk.feed_id), tally_of(outcome.results)
        sums = TallyItem(pk, numbered("tally", chunk.number), outcomes=json.dumps(tally.outcomes), failures=json.dumps(tally.failures))
        results = RESULTS.dump_json(outcome.results, exclude_defaults=True).decode()
        report = ReportItem(pk, numbered("report", chunk.number), results=results)
        if chunk.complete and outcome.unread:
            names = {"skus": [name for each in outcome.unread for name in each], "unknown": sum(not each for each in outcome.unread)}
            report.unread = json.dumps(names)
        sums.expires_at = report.expires_at = seconds_after(now, FEED_LIFE)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(sums, condition=TallyItem.pk.does_not_exist())
                transaction.save(report)
                counted = Counter(counted_as(outcome_in(result)) for result in outcome.results)
                move_sums(transaction, chunk.account_id, (chunk.feed_id, chunk.number), counted, now)
                for row, event in outcome.submissions.items():
                    before = outcome.before.get(row)
                    item = item_of(event, now, row=f"{chunk.feed_id} {chunk.number:05} {row}", before=before, source=chunk.source)
                    transaction.save(item, condition=unchanged(before))
                for before in outcome.moved:
                    moved = SubmissionItem(partition(chunk.account_id, "products"), before.product_id)
                    is_same = SubmissionItem.version == before.version
                    transaction.update(moved, [SubmissionItem.source.set(chunk.source or "")], condition=is_same)
                overtaken = [(before, OVERTAKEN) for before in outcome.before.values() if before.row_waits]
                note_outcomes(transaction, chunk.account_id, overtaken, now)
                for count in outcome.counts:
                    save_count(transaction, count, now)
        except TransactWriteError as error:
            written_before, *others = reasons(error)
            if not {written_before, *others} <= LOST:
                raise
            return written_before == "ConditionalCheckFailed"
        return True
