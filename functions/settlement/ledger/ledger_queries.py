"""The questions that settlement answers: statement, balance, trial balance, one order's split. Pages are bounded."""

import json
from datetime import UTC, datetime
from typing import Protocol

from functions.settlement.ledger.account_statement import LINES_A_CALL, SHARDS, Lines, Totals, statement_of, trial_balance
from functions.settlement.ledger.ledger_views import (
    BalancesView,
    LineView,
    PeriodQuery,
    SplitView,
    StatementQuery,
    StatementView,
    TrialBalanceView,
    TrialQuery,
)
from functions.settlement.posting_rules.order_payment import Booking
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.caller import Caller
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import NotFound


class Ledger(Lines, Protocol):
    """What is read of the ledger."""

    def whole_book(self, book: str) -> list[Booking]:
        """All that was booked for an order; empty if nothing was."""
        ...


class Reading:
    """Answers from `ledger`; cursors are signed with `tickets`; sums read at most `room` lines a call."""

    def __init__(self, ledger: Ledger, tickets: Tickets, now: Clock, room: int = LINES_A_CALL) -> None:
        self._ledger, self._tickets, self._now, self._room = ledger, tickets, now, room

    def statement(self, account_id: str, query: StatementQuery) -> StatementView:
        """A page of the account's lines, newest first."""
        scope = f"statement:{account_id}"
        at = at_cursor(self._tickets, scope, query.cursor, self._now()) or {}
        page = self._ledger.page(statement_of(account_id), *_period(query), after=_key(at), limit=query.limit, newest_first=True)
        lines = [LineView.of(line) for line in page.lines if query.currency in (None, line.currency)]
        return StatementView(items=lines, next=self._next(scope, {"key": page.last}) if page.last else None)

    def balance(self, account_id: str, query: PeriodQuery) -> BalancesView:
        """The sums of the account's lines of a period; the cursor carries what was summed before."""
        scope = f"balance:{account_id}"
        at = at_cursor(self._tickets, scope, query.cursor, self._now()) or {}
        page = self._ledger.page(statement_of(account_id), *_period(query), after=_key(at), limit=self._room, newest_first=False)
        totals = _totals(at).plus(page.lines)
        return BalancesView.of(totals, self._next(scope, {"key": page.last, **_carried(totals)}) if page.last else None)

    def trial_balance(self, query: TrialQuery) -> TrialBalanceView:
        """The sums of all that was booked on a day; the cursor carries what was summed before."""
        day = query.day or self._now().astimezone(UTC).date()
        scope = f"trial:{day}"
        at = at_cursor(self._tickets, scope, query.cursor, self._now()) or {}
        start, after = int(at.get("shard", 0)), _key(at)
        totals, shard, key = trial_balance(self._ledger, day.isoformat(), _totals(at), shard=start, after=after, room=self._room)
        more = {"shard": shard, "key": key or "", **_carried(totals)}
        return TrialBalanceView.of(day, totals, self._next(scope, more) if shard < SHARDS else None)

    def split(self, caller: Caller, storefront_id: str, order_id: str) -> SplitView:
        """Who earned what of an order of the caller's storefront. Raises NotFound."""
        bookings = self._ledger.whole_book(f"{caller.at_storefront(storefront_id)}#{order_id}")
        if not bookings:
            raise NotFound("nothing has been booked for this order: it is not paid, or not yours")
        return SplitView.of(order_id, bookings)

    def _next(self, scope: str, at: dict[str, str | int]) -> str:
        return cursor_of(self._tickets, scope, at, self._now())


def _period(query: PeriodQuery) -> tuple[str, str]:
    return _moment(query.since, "0"), _moment(query.until, "~")


def _moment(moment: datetime | None, otherwise: str) -> str:
    return otherwise if moment is None else rfc3339(moment)


def _key(at: dict[str, str | int]) -> str | None:
    return str(at["key"]) if at.get("key") else None


def _carried(totals: Totals) -> dict[str, str | int]:
    return {"sums": json.dumps(totals.sums, separators=(",", ":")), "entries": totals.entries}


def _totals(at: dict[str, str | int]) -> Totals:
    return Totals(json.loads(str(at.get("sums", "{}"))), int(at.get("entries", 0)))
