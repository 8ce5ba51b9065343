"""What became of feeds' rows after they were read: audit's verdict, or that the product was sent again before audit gave one.

It is kept in the sums of each row's chunk, in the transaction that changes the submission, so that the two agree.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.uploads.products.submission import Submission
from functions.uploads.upload_items import FEED_LIFE, TallyItem, partition
from monsoon_plugin.clock import rfc3339

OVERTAKEN = "superseded"
"""What a row comes to whose product is sent again while audit has not decided."""


def note_outcomes(transaction: TransactWrite, supplier_id: str, outcomes: Iterable[tuple[Submission, str]], now: datetime) -> None:
    """Add to `transaction` what became of the rows that brought these submissions: a status, and audit's code after a space.

    Submissions that no row brought are passed over, and so are feeds that may have expired.
    """
    kept_since = rfc3339(now - FEED_LIFE + timedelta(days=1))
    by_tally: dict[str, list[Action]] = defaultdict(list)
    for submission, outcome in outcomes:
        if submission.row and submission.as_of > kept_since:
            tally, _, row = submission.row.rpartition(" ")
            by_tally[tally].append(TallyItem.verdicts[row].set(outcome))
    for tally, actions in by_tally.items():
        feed_id, number = tally.split(" ")
        transaction.update(TallyItem(partition(supplier_id, feed_id), f"tally#{number}"), actions)
