"""What people read of the ledger, page by page."""

from datetime import date
from typing import Any

import pytest

from functions.settlement.ledger.account_statement import Totals
from functions.settlement.ledger.ledger_queries import LedgerQueries, Period
from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.ledger.ledger_views import TrialBalanceView
from shared.api.paging import Paging
from shared.errors import Malformed
from tests.fakes import NOON, TICKETS, FakeClock
from tests.unit.settlement.events import OWNER, SUPPLIER, line, order_paid, order_refunded

ALWAYS = Period()


@pytest.fixture
def store(make_table: Any) -> LedgerStore:
    return LedgerStore(make_table("settlement"))


def queries(store: LedgerStore, room: int = 100) -> LedgerQueries:
    clock = FakeClock()
    return LedgerQueries(store, Paging(TICKETS, clock), clock, room)


def test_a_statement_is_read_newest_first_by_its_owner_alone(store):
    clock = FakeClock()
    ledger = LedgerService(store, 0, clock)
    ledger.book_payment(order_paid())
    clock.tick(minutes=1)
    ledger.book_refund(order_refunded([line(1)]))
    first, following = queries(store).statement(SUPPLIER, ALWAYS, limit=1)
    assert [found.amounts for found in first] == [{"goods": -1000}]
    rest, end = queries(store).statement(SUPPLIER, ALWAYS, cursor=following)
    assert ([found.amounts for found in rest], end) == ([{"goods": 2000}], None)
    assert queries(store).statement("acc_other", ALWAYS) == ([], None)
    with pytest.raises(Malformed):
        queries(store).statement("acc_other", ALWAYS, cursor=following)


def test_a_period_includes_its_start_and_excludes_its_end(store):
    clock = FakeClock()
    ledger = LedgerService(store, 0, clock)
    ledger.book_payment(order_paid())
    clock.tick(hours=1)
    ledger.book_payment(order_paid(order_id="ord_2"))
    found, _ = queries(store).statement(OWNER, Period(NOON, clock()))
    assert [line.order_id for line in found] == ["ord_1"]


def test_a_balance_adds_up_over_its_pages(store):
    ledger = LedgerService(store, 0, FakeClock())
    for order in range(5):
        ledger.book_payment(order_paid(order_id=f"ord_{order}"))
    (totals, following), pages = queries(store, 2).balance(SUPPLIER, ALWAYS), 1
    while following:
        (totals, following), pages = queries(store, 2).balance(SUPPLIER, ALWAYS, following), pages + 1
    assert (totals, pages) == (Totals({"EUR": {"goods": 10000}}, 5), 3)


def test_the_trial_balance_of_a_day_is_zero_over_all_its_pages(store):
    ledger = LedgerService(store, 0, FakeClock())
    for order in range(10):
        ledger.book_payment(order_paid(order_id=f"ord_{order}", fee=order, currency="EUR" if order % 2 else "JPY"))
    ledger.book_refund(order_refunded([line(1)]))
    totals, following = queries(store, 3).trial_balance(queries(store).today())
    assert totals.entries <= 3
    while following:
        totals, following = queries(store, 3).trial_balance(date(2026, 11, 1), following)
    found = TrialBalanceView.of(date(2026, 11, 1), totals, following, test=False)
    assert found.entries == 11
    assert [item.currency for item in found.items] == ["EUR", "JPY"]
    assert all(item.debits == item.credits > 0 and item.difference == 0 for item in found.items)
