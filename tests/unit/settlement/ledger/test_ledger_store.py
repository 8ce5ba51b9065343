"""The ledger in its table: once, whatever is delivered again, at few writes."""

from typing import Any

import pytest
from pynamodb.connection.base import Connection

from functions.settlement.ledger.account_statement import statement_of
from functions.settlement.ledger.journal import Unbalanced
from functions.settlement.ledger.ledger_items import LineItem
from functions.settlement.ledger.ledger_service import LedgerService, NotPaidYet
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payment import payment_booking
from tests.fakes import NOON, FakeClock
from tests.unit.settlement.events import BOOK, OWNER, SUPPLIER, line, order_paid, order_refunded


@pytest.fixture
def store(make_table: Any) -> LedgerStore:
    return LedgerStore(make_table("settlement"))


def lines(store: LedgerStore, account: str) -> list[dict[str, int]]:
    page = store.page(statement_of(account), "0", "~", after=None, limit=100, newest_first=False)
    return [dict(found.amounts) for found in page.lines]


def test_a_payment_that_is_delivered_again_later_changes_nothing(store):
    clock = FakeClock()
    ledger = LedgerService(store, 0, clock)
    ledger.book_payment(order_paid())
    clock.tick(days=1)
    ledger.book_payment(order_paid())
    assert len(store.bookings(BOOK)) == 1
    assert lines(store, SUPPLIER) == [{"goods": 2000}]
    assert lines(store, OWNER) == [{"margin": 500, "shipping": 500, "provider_fee": -30}]


def test_a_delivery_that_failed_after_the_journal_is_completed_by_the_next(store):
    store.append(payment_booking(order_paid(), NO_COMMISSION, NOON))
    assert lines(store, SUPPLIER) == []
    LedgerService(store, 0, FakeClock()).book_payment(order_paid())
    assert lines(store, SUPPLIER) == [{"goods": 2000}]


def test_a_refund_is_booked_once_and_takes_the_commission_back_in_proportion(store):
    clock = FakeClock()
    ledger = LedgerService(store, 333, clock)
    ledger.book_payment(order_paid([line(3, 110, 100)]))
    for refund in ("ref_1", "ref_2", "ref_2", "ref_3", "ref_1"):
        clock.tick(minutes=1)
        ledger.book_refund(order_refunded([line(1, 110, 100)], refund_id=refund))
    assert [entry.get("commission") for entry in lines(store, OWNER)] == [-10, 3, 4, 3]
    assert len(store.bookings(BOOK)) == 4


def test_a_refund_before_its_payment_waits_in_the_queue(store):
    with pytest.raises(NotPaidYet):
        LedgerService(store, 0, FakeClock()).book_refund(order_refunded([line()]))


def test_a_refund_that_loses_the_race_for_a_slot_takes_the_next(store):
    ledger = LedgerService(store, 0, FakeClock())
    ledger.book_payment(order_paid())

    class Late(LedgerStore):
        raced = False

        def bookings(self, book):
            found = super().bookings(book)
            if not self.raced:
                self.raced = True
                ledger.book_refund(order_refunded([line(1)], refund_id="ref_first"))
            return found

    LedgerService(Late("settlement-test"), 0, FakeClock()).book_refund(order_refunded([line(1)], refund_id="ref_second"))
    assert [booking.slot for booking in store.bookings(BOOK)] == ["entry#0000", "entry#0001", "entry#0002"]
    assert len({booking.entry.id for booking in store.bookings(BOOK)}) == 3


def test_a_payment_without_an_order_is_in_the_book_but_on_no_statement(store):
    ledger = LedgerService(store, 0, FakeClock())
    ledger.book_refund(order_refunded([], amount=700))
    ledger.book_refund(order_refunded([], amount=700))
    assert len(store.whole_book(BOOK)) == 1
    assert lines(store, OWNER) == []


def test_an_entry_that_does_not_balance_is_refused_where_it_is_written(store):
    booking = payment_booking(order_paid(), NO_COMMISSION, NOON)
    object.__setattr__(booking.entry, "postings", booking.entry.postings[1:])
    with pytest.raises(Unbalanced):
        store.append(booking)
    assert store.bookings(BOOK) == []


def test_an_order_of_one_line_costs_five_write_units_with_what_it_makes_due_and_no_transaction(store, monkeypatch):
    written: list[int] = []
    asked: list[str] = []
    dispatch = Connection.dispatch

    def counting(self: Any, operation: str, kwargs: dict[str, Any], *more: Any) -> Any:
        asked.append(operation)
        puts = [kwargs["Item"]] if operation == "PutItem" else []
        puts += [p["PutRequest"]["Item"] for table in kwargs.get("RequestItems", {}).values() for p in table]
        written.extend(-(-len(str(item)) // 1024) for item in puts)
        return dispatch(self, operation, kwargs, *more)

    monkeypatch.setattr(Connection, "dispatch", counting)
    LedgerService(store, 0, FakeClock()).book_payment(order_paid())
    assert (sum(written), asked) == (5, ["PutItem", "BatchWriteItem"])


def test_an_order_of_thirty_suppliers_writes_all_their_lines(store):
    bought = [line(supplier=f"acc_{i}", offer=f"off_{i}") for i in range(30)]
    LedgerService(store, 0, FakeClock()).book_payment(order_paid(bought))
    assert sum(len(lines(store, f"acc_{i}")) for i in range(30)) == 30
    assert LineItem.count(statement_of(OWNER)) == 1
