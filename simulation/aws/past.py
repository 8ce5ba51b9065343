"""What DynamoDB's tables held a moment ago: what a read may still answer that does not ask for consistency.

"An eventually consistent read might not reflect the results of a recently completed write"; a global secondary index is always read so.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ministack.services import dynamodb

INDEX_LONGEST = 30.0
"""Seconds that an index may be behind. Copies of an item agree within one, as a rule; an index that is throttled takes longer."""
Item = dict[str, Any]


def may_lag(operation: str, raw: Mapping[str, Any]) -> bool:
    """Whether a read may answer of the past. A transaction's never does."""
    if operation == "BatchGetItem":
        return any(not asked.get("ConsistentRead") for asked in raw["RequestItems"].values())
    if operation == "Query" and "IndexName" in raw:
        return True
    return operation in ("GetItem", "Query") and not raw.get("ConsistentRead")


@dataclass(frozen=True, slots=True)
class Change:
    """A write: the item that it replaced, None if there was none."""

    at: float
    table: str
    pk: str
    sk: str
    before: Item | None


class Past:
    """The writes of the last INDEX_LONGEST. An item partition lags as a whole, each by itself."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque()

    def clear(self) -> None:
        self._changes.clear()

    def keep(self, now: float, table: str, records: list[dict[str, Any]]) -> None:
        """Remember the writes that a table's stream tells of. `now`: seconds, rising."""
        while self._changes and self._changes[0].at < now - INDEX_LONGEST:
            self._changes.popleft()
        for record in records:
            keys, old = record["dynamodb"]["Keys"], record["dynamodb"].get("OldImage")
            self._changes.append(Change(now, table, keys["pk"]["S"], keys["sk"]["S"], old))

    @contextmanager
    def shown(self, now: float, lag: Callable[[], float]) -> Iterator[bool]:
        """Let the tables be as they were meanwhile, each partition as of `lag` seconds ago. Answers whether anything was otherwise."""
        lags: dict[tuple[str, str], float] = {}
        current: dict[tuple[str, str, str], Item | None] = {}
        for change in reversed(self._changes):
            if change.at > now - lags.setdefault((change.table, change.pk), lag()):
                place = (change.table, change.pk, change.sk)
                current.setdefault(place, _held(*place))
                _put(*place, change.before)
        yield bool(current)
        for place, item in current.items():
            _put(*place, item)


def _held(table: str, pk: str, sk: str) -> Item | None:
    found: Item | None = dynamodb._tables[table]["items"].get(pk, {}).get(sk)
    return found


def _put(table: str, pk: str, sk: str, item: Item | None) -> None:
    """Without a change record: nobody wrote anything."""
    if item is None:
        dynamodb._remove_item(dynamodb._tables[table], pk, sk)
    else:
        dynamodb._set_item(dynamodb._tables[table], pk, sk, item)
