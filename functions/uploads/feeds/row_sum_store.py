"""A feed's rows, added up as they are written: who asks how far a feed is reads it and its sums at once, however many rows it has.

The sums move in the transactions that write chunks and verdicts, so they never differ from those. One item of sums would be in the way of
transactions that run at the same moment: there are SHARES of them, by the chunk's number, and chunks that are taken together differ in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from functions.uploads.upload_items import FEED_LIFE, SumItem, partition, seconds_after

SHARES = 16
"""DynamoDB takes some 50 transactions a second on an item before they begin to refuse each other."""
BY_CODE = ("failed", "refused")
"""Outcomes that are told by their code."""
COUNTED = "n:"
"""How the attributes that hold counts begin."""


def counted_as(outcome: str) -> str:
    """What a row is counted under whose outcome is a status, or a status and a code after a space."""
    status, _, code = outcome.partition(" ")
    return f"{status} {code}" if status in BY_CODE and code else status


def first_and_last(feed_id: str) -> tuple[str, str]:
    """Between these sort keys lie a feed and its sums, and nothing of another feed, whatever id is asked for."""
    return feed_id, f"{feed_id}#99"


def move_sums(transaction: TransactWrite, account_id: str, chunk: tuple[str, int], moves: Mapping[str, int], now: datetime) -> None:
    """Add to `transaction` that so many rows more, or fewer, are counted under these names. `chunk`: its feed's id, and its number."""
    feed_id, number = chunk
    counts = [Path([f"{COUNTED}{name}"]).add(moved) for name, moved in sorted(moves.items()) if moved]
    item = SumItem(partition(account_id, "feeds"), f"{feed_id}#{number % SHARES:02}")
    transaction.update(item, [*counts, SumItem.expires_at.set(seconds_after(now, FEED_LIFE))])


def sums_in(items: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """The counts of all of a feed's sums, as DynamoDB's JSON has them."""
    found = Counter[str]()
    for item in items:
        found.update({name.removeprefix(COUNTED): int(value["N"]) for name, value in item.items() if name.startswith(COUNTED)})
    return found
