"""What people read of the ledger, page by page."""

from datetime import date
from typing import Any

import pytest

from functions.settlement.ledger.ledger_queries import Reading
from functions.settlement.ledger.ledger_service import Settlement
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.ledger.ledger_views import PeriodQuery, StatementQuery, TrialQuery
from shared.errors import Malformed
from tests.fakes import NOON, TICKETS, FakeClock
from tests.unit.settlement.events import OWNER, SUPPLIER, line, order_paid, order_refunded


@pytest.fixture
def store(make_table: Any) -> LedgerStore:
    return LedgerStore(make_table("settlement"))


def reading(store: LedgerStore, room: int = 100) -> Reading:
    return Reading(store, TICKETS, FakeClock(), room)


def test_a_statement_is_read_newest_first_by_its_owner_alone(store):
    clock = FakeClock()
    settlement = Settlement(store, 0, clock)
    settlement.order_paid(order_paid())
    clock.tick(minutes=1)
    settlement.order_refunded(order_refunded([line(1)]))
    first = reading(store).statement(SUPPLIER, StatementQuery(limit=1))
    assert [item.total for item in first.items] == [-1000]
    rest = reading(store).statement(SUPPLIER, StatementQuery(cursor=first.next))
    assert [item.amounts for item in rest.items] == [{"goods": 2000}]
    assert rest.next is None
    assert reading(store).statement("acc_other", StatementQuery()).items == []
    with pytest.raises(Malformed):
        reading(store).statement("acc_other", StatementQuery(cursor=first.next))


def test_a_period_includes_its_start_and_excludes_its_end(store):
    clock = FakeClock()
    settlement = Settlement(store, 0, clock)
    settlement.order_paid(order_paid())
    clock.tick(hours=1)
    settlement.order_paid(order_paid(order_id="ord_2"))
    query = StatementQuery.model_validate({"from": NOON.isoformat(), "to": clock().isoformat()})
    assert [item.order_id for item in reading(store).statement(OWNER, query).items] == ["ord_1"]


def test_a_balance_adds_up_over_its_pages(store):
    settlement = Settlement(store, 0, FakeClock())
    for order in range(5):
        settlement.order_paid(order_paid(order_id=f"ord_{order}"))
    found, pages = reading(store, 2).balance(SUPPLIER, PeriodQuery()), 1
    while found.next:
        found, pages = reading(store, 2).balance(SUPPLIER, PeriodQuery(cursor=found.next)), pages + 1
    assert ([item.model_dump() for item in found.items], found.lines, pages) == (
        [{"currency": "EUR", "amounts": {"goods": 10000}, "total": 10000}], 5, 3,
    )  # fmt: skip


def test_the_trial_balance_of_a_day_is_zero_over_all_its_pages(store):
    settlement = Settlement(store, 0, FakeClock())
    for order in range(10):
        settlement.order_paid(order_paid(order_id=f"ord_{order}", fee=order, currency="EUR" if order % 2 else "JPY"))
    settlement.order_refunded(order_refunded([line(1)]))
    found = reading(store, 3).trial_balance(TrialQuery())
    assert found.entries <= 3
    while found.next:
        found = reading(store, 3).trial_balance(TrialQuery(day=date(2026, 11, 1), cursor=found.next))
    assert found.entries == 11
    assert [item.currency for item in found.items] == ["EUR", "JPY"]
    assert all(item.debits == item.credits > 0 and item.difference == 0 for item in found.items)
