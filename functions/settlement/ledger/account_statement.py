"""What people read of the ledger: an account's lines and their sums."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import Posting, is_merchant

SHARDS = 8
"""Partitions of a day: one partition takes 1,000 writes a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """What one journal entry changed for one reader: by kind, signed minor units of `currency`."""

    entry_id: str
    order_id: str
    storefront_id: str
    occurred_at: str
    currency: str
    amounts: Mapping[str, int]

    @property
    def key(self) -> str:
        """Sorts lines by time."""
        return f"{self.occurred_at}#{self.entry_id}"


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Lines, and the key of the last one if more may follow."""

    lines: list[AccountLine]
    last: str | None


class Lines(Protocol):
    """Where lines lie."""

    def page(self, partition: str, since: str, until: str, *, after: str | None, limit: int, newest_first: bool) -> LinesPage:
        """At most `limit` lines whose time is from `since` on and before `until`, beyond the key `after`."""
        ...


@dataclass(frozen=True, slots=True)
class Totals:
    """Running sums: currency → kind → signed minor units; debits are below 0."""

    sums: dict[str, dict[str, int]] = field(default_factory=dict)
    entries: int = 0

    def plus(self, lines: Iterable[AccountLine]) -> "Totals":
        sums = {currency: Counter(kinds) for currency, kinds in self.sums.items()}
        count = self.entries
        for line in lines:
            count += 1
            by_kind = sums.setdefault(line.currency, Counter())
            for kind, amount in line.amounts.items():
                by_kind[kind] += amount
        return Totals({currency: dict(kinds) for currency, kinds in sums.items()}, count)


def lines_of(booking: Booking) -> dict[str, AccountLine]:
    """Partition → line: one for the statement of each merchant that the booking touched, and one for the day's balance."""
    by_account: dict[str, list[Posting]] = {}
    for posting in booking.entry.postings:
        if is_merchant(posting.account):
            by_account.setdefault(statement_of(posting.account, test=booking.test), []).append(posting)
    by_account[day_of(booking.entry.occurred_at[:10], shard_of(booking.entry.id), test=booking.test)] = list(booking.entry.postings)
    return {partition: _line(booking, postings) for partition, postings in by_account.items()}


def statement_of(account_id: str, *, test: bool = False) -> str:
    """The partition of an account's statement; of test orders it has another one."""
    return f"{account_id}#{'test-' if test else ''}statement"


def day_of(day: str, shard: int, *, test: bool = False) -> str:
    """The partition of one shard of a day (YYYY-MM-DD); test orders are in another."""
    return f"{'test-' if test else ''}day#{day}#{shard}"


def shard_of(entry_id: str) -> int:
    """The same shard for the same entry; ids are hashes, so shards fill evenly."""
    return ord(entry_id[-1]) % SHARDS


def _line(booking: Booking, postings: list[Posting]) -> AccountLine:
    amounts: Counter[str] = Counter()
    for posting in postings:
        amounts[posting.kind] += posting.amount
    entry = booking.entry
    return AccountLine(
        entry_id=entry.id,
        order_id=entry.order_id,
        storefront_id=booking.storefront_id,
        occurred_at=entry.occurred_at,
        currency=booking.currency,
        amounts=dict(amounts),
    )
