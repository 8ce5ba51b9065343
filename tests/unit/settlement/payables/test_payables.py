"""What an entry makes due is written with it, completed by any delivery, and claimed once; items of the version before still count."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payables import with_payables
from functions.settlement.posting_rules.order_payment import payment_booking
from functions.settlement.posting_rules.payout_hold import available_on
from tests.conftest import aws
from tests.unit.settlement.events import BOOK, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import TENANT, Payday

BEFORE = Path(__file__).parents[1] / "items_before_2026_11_29.json"


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"))
    made.account(SUPPLIER)
    return made


def written_before(what: str) -> None:
    """Put items as the version before 2026-11-29 wrote them."""
    for item in json.loads(BEFORE.read_text())[what]:
        aws("dynamodb").put_item(TableName="settlement-test", Item=item)


def appended(payday: Payday) -> Any:
    """An order's payment in the journal, and nothing else of it: the delivery died after its first write."""
    booking = payment_booking(order_paid(), NO_COMMISSION, payday.clock())
    return payday.ledger.append(with_payables(booking, available_on(booking, 14)))


def test_the_entry_says_what_it_makes_due_before_anything_else_is_written(payday):
    appended(payday)
    (booking,) = LedgerStore("settlement-test").bookings(BOOK)
    assert [(p.payee, p.available_on, p.amount) for p in booking.payables] == [(SUPPLIER, "2026-11-15", 2000)]
    assert payday.due() == {}


def test_a_delivery_that_died_after_the_entry_is_completed_by_the_next_though_the_hold_has_changed(payday):
    appended(payday)
    replace(payday.ledger_service, hold_days=90).book_payment(order_paid())
    assert payday.due("2026-11-15") == {SUPPLIER: 2000}
    payday.sweeps(15)
    assert payday.paid_out() == {SUPPLIER: 2000}


def test_a_delivery_that_wakes_after_its_payable_was_paid_makes_nothing_due(payday):
    asleep = appended(payday)
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    payday.ledger.complete(asleep)
    payday.ledger_service.book_payment(order_paid([line(1)], order_id="ord_2"))
    payday.sweeps(16)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 3000}, {})


def test_an_entry_that_owes_several_payees_is_claimed_for_each_of_them(payday):
    payday.account("acc_other")
    asleep = payday.ledger_service
    asleep.book_payment(order_paid([line(2), line(1, supplier="acc_other", offer="off_2"), line(1, supplier="acc_new", offer="off_3")]))
    payday.sweeps(15)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 2000, "acc_other": 1000}, {"acc_new": 1000})
    payday.account("acc_new")
    payday.sweeps(1)
    assert (payday.paid_out()["acc_new"], payday.due()) == (1000, {})


def test_held_payables_of_others_keep_nobody_waiting(payday):
    for number in range(5):
        payday.ledger_service.book_payment(order_paid([line(1, supplier="acc_a", offer="off_a")], order_id=f"ord_a{number}"))
    assert [p.payee for p in payday.store.due_payables(TENANT, "EUR", "2026-11-01", 3)] == []
    payday.ledger_service = replace(payday.ledger_service, hold_days=0)
    payday.ledger_service.book_payment(order_paid())
    assert [p.payee for p in payday.store.due_payables(TENANT, "EUR", "2026-11-01", 3)] == [SUPPLIER]


def test_what_the_version_before_made_due_is_paid_once_and_its_events_may_come_again(payday):
    written_before("orders")
    assert payday.due() == {SUPPLIER: 4000}

    def deliver() -> None:
        payday.ledger_service.book_payment(order_paid([line(3)], order_id="ord_2"))
        payday.ledger_service.book_refund(order_refunded([line(1)], order_id="ord_2"))

    deliver()
    assert payday.due() == {SUPPLIER: 4000}
    payday.sweeps(15)
    deliver()
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(2)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 4000}, {})


def test_an_entry_of_the_version_before_that_died_before_its_payables_is_completed_once(payday):
    written_before("orders")
    for _ in range(2):
        payday.ledger_service.book_payment(order_paid([line(4)], order_id="ord_3"))
    assert payday.due() == {SUPPLIER: 8000}
    payday.sweeps(15)
    payday.ledger_service.book_payment(order_paid([line(4)], order_id="ord_3"))
    payday.sweeps(2)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 8000}, {})


def test_a_refund_of_an_order_of_the_version_before_is_taken_off(payday):
    written_before("orders")
    payday.ledger_service.book_refund(order_refunded([line(1)]))
    payday.sweeps(15)
    assert payday.paid_out() == {SUPPLIER: 3000}


def test_a_payout_that_failed_in_the_version_before_and_succeeds_now_is_owed_no_more(payday):
    written_before("failed")
    (batch,) = payday.batches()
    (record,) = payday.store.payouts_in(batch).values()
    assert (record.state, payday.due()) == ("failed", {SUPPLIER: 2000})
    payday.context.book_payout(replace(record, state="paid", failed_before=True, version=record.version + 1))
    assert (payday.booked(SUPPLIER), payday.due()) == (2000, {})
