"""The questions that the ledger answers: statement, balance, trial balance, one order's bookings. Pages are bounded."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from functions.settlement.ledger.account_statement import SHARDS, AccountLine, Lines, Totals, statement_of
from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.day_trial_balance import trial_balance
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.paging import Paging, Position
from shared.errors import NotFound

LINES_A_CALL = 2_000
"""Lines that one request sums up; `next` goes on."""


class Ledger(Lines, Protocol):
    """What is read of the ledger."""

    def whole_book(self, book: str) -> list[Booking]:
        """All that was booked for an order; empty if nothing was."""
        ...


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on and before `until`; None: unbounded."""

    since: datetime | None = None
    until: datetime | None = None

    @property
    def bounds(self) -> tuple[str, str]:
        """As lines' keys are sorted."""
        return _moment(self.since, "0"), _moment(self.until, "~")


@dataclass(frozen=True, slots=True)
class LedgerQueries:
    """Sums read at most `room` lines a call; the cursor of their next page carries what was summed before."""

    ledger: Ledger
    paging: Paging
    clock: Clock
    room: int = LINES_A_CALL

    def statement(
        self,
        account_id: str,
        period: Period,
        *,
        currency: str | None = None,
        limit: int = 24,
        cursor: str | None = None,
        test: bool = False,
    ) -> tuple[list[AccountLine], str | None]:
        """A page of the account's lines, newest first; lines of other currencies are left out. Raises Malformed.

        `test`: of test orders, which are on no other statement.
        """

        def read(at: Position | None) -> tuple[list[AccountLine], Position | None]:
            partition = statement_of(account_id, test=test)
            page = self.ledger.page(partition, *period.bounds, after=_key(at or {}), limit=limit, newest_first=True)
            return [line for line in page.lines if currency in (None, line.currency)], {"key": page.last} if page.last else None

        return self.paging.page(f"statement:{account_id}{_mode(test)}", cursor, read)

    def balance(self, account_id: str, period: Period, cursor: str | None = None, *, test: bool = False) -> tuple[Totals, str | None]:
        """The sums of the account's lines of a period; `test`: of test orders, which count in no other sum. Raises Malformed."""

        def read(at: Position | None) -> tuple[list[Totals], Position | None]:
            at = at or {}
            partition = statement_of(account_id, test=test)
            page = self.ledger.page(partition, *period.bounds, after=_key(at), limit=self.room, newest_first=False)
            totals = _totals(at).plus(page.lines)
            return [totals], {"key": page.last, **_position(totals)} if page.last else None

        (totals,), following = self.paging.page(f"balance:{account_id}{_mode(test)}", cursor, read)
        return totals, following

    def trial_balance(self, day: date, cursor: str | None = None, *, test: bool = False) -> tuple[Totals, str | None]:
        """The sums of all that was booked on a day; `test`: of test orders, which count in no other sum. Raises Malformed."""

        def read(at: Position | None) -> tuple[list[Totals], Position | None]:
            at = at or {}
            start, after = int(at.get("shard", 0)), _key(at)
            totals, shard, key = trial_balance(
                self.ledger, day.isoformat(), _totals(at), shard=start, after=after, room=self.room, test=test
            )
            return [totals], {"shard": shard, "key": key or "", **_position(totals)} if shard < SHARDS else None

        (totals,), following = self.paging.page(f"trial:{day}{_mode(test)}", cursor, read)
        return totals, following

    def order_bookings(self, tenant: str, order_id: str) -> list[Booking]:
        """All that was booked for an order of the tenant's storefront. Raises NotFound."""
        bookings = self.ledger.whole_book(f"{tenant}#{order_id}")
        if not bookings:
            raise NotFound("nothing has been booked for this order: it is not paid, or not yours")
        return bookings

    def today(self) -> date:
        """In UTC."""
        return self.clock().astimezone(UTC).date()


def _mode(test: bool) -> str:
    """Of a cursor's scope: a page of test orders is of another list."""
    return ":test" if test else ""


def _moment(moment: datetime | None, otherwise: str) -> str:
    return otherwise if moment is None else rfc3339(moment)


def _key(at: Position) -> str | None:
    return str(at["key"]) if at.get("key") else None


def _position(totals: Totals) -> Position:
    return {"sums": json.dumps(totals.sums, separators=(",", ":")), "entries": totals.entries}


def _totals(at: Position) -> Totals:
    return Totals(json.loads(str(at.get("sums", "{}"))), int(at.get("entries", 0)))
