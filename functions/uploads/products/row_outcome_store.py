"""What became of feeds' rows after they were read: audit's verdict, or that the product was sent again before audit gave one.

It is kept beside each row's chunk and counted in its feed's sums, in the transaction that changes the submission, so that they agree.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.uploads.feeds.row_sum_store import counted_as, move_sums
from functions.uploads.products.submission import Submission
from functions.uploads.upload_items import FEED_LIFE, TallyItem, partition
from monsoon_plugin.clock import rfc3339

OVERTAKEN = "superseded"
"""What a row comes to whose product is sent again while audit has not decided."""


def note_outcomes(transaction: TransactWrite, supplier_id: str, outcomes: Iterable[tuple[Submission, str]], now: datetime) -> None:
    """Add to `transaction` what became of the rows that brought these submissions, as they were before: a status, and audit's code after
    a space.

    Submissions that no row brought are passed over, and so are feeds that may have expired. Two items at most for each.
    """
    kept_since = rfc3339(now - FEED_LIFE + timedelta(days=1))
    by_tally: dict[str, list[Action]] = defaultdict(list)
    moves: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, int] = {}
    for before, outcome in outcomes:
        if before.row and before.as_of > kept_since:
            tally, _, row = before.row.rpartition(" ")
            feed_id, number = tally.split(" ")
            by_tally[tally].append(TallyItem.verdicts[row].set(outcome))
            first.setdefault(feed_id, int(number))
            moves[feed_id].update({counted_as(outcome): 1})
            moves[feed_id].subtract({counted_as(f"{before.status} {before.code}".strip()): 1})
    for tally, actions in by_tally.items():
        feed_id, number = tally.split(" ")
        transaction.update(TallyItem(partition(supplier_id, feed_id), f"tally#{number}"), actions)
    for feed_id, moved in moves.items():
        move_sums(transaction, supplier_id, (feed_id, first[feed_id]), moved, now)
