"""A refund that came back after it was booked is reversed once, and its suppliers are owed again."""

from typing import Any

import pytest

from functions.settlement.ledger.journal import PLATFORM
from functions.settlement.ledger.ledger_service import LedgerService, NotPaidYet
from functions.settlement.ledger.ledger_store import LedgerStore
from shared.order_messages import OrderRefundFailed
from tests.fakes import FakeClock
from tests.unit.settlement.events import BOOK, HEAD, OWNER, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import Payday


def failed(refund_id: str = "ref_1", was_paid: bool = True) -> OrderRefundFailed:
    told: dict[str, Any] = {"payment_id": "pay_1", "payment_plugin": "stripe", "amount": 1250, "reason": "closed", **HEAD}
    return OrderRefundFailed(refund_id=refund_id, was_paid=was_paid, version=6, **told)


@pytest.fixture
def books(make_table: Any) -> LedgerStore:
    return LedgerStore(make_table("settlement"))


def held(books: LedgerStore) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for posting in (p for b in books.whole_book(BOOK) for p in b.entry.postings):
        found[posting.account, posting.kind] = found.get((posting.account, posting.kind), 0) + posting.amount
    return {key: amount for key, amount in found.items() if amount}


def test_the_books_stand_as_if_the_refund_had_never_been(books):
    ledger = LedgerService(books, 333, FakeClock())
    ledger.book_payment(order_paid([line(3, 110, 100)]))
    before = held(books)
    for refund in ("ref_1", "ref_2"):
        ledger.book_refund(order_refunded([line(1, 110, 100)], refund_id=refund))
    for refund in ("ref_1", "ref_2", "ref_1"):
        ledger.reverse_refund(failed(refund))
    assert held(books) == before
    assert (before[OWNER, "commission"], before[PLATFORM, "commission_earned"]) == (-10, 10)


def test_a_refund_that_was_never_told_as_paid_has_nothing_to_reverse(books):
    LedgerService(books, 0, FakeClock()).reverse_refund(failed(was_paid=False))
    assert books.whole_book(BOOK) == []


def test_a_reversal_before_its_refund_waits_in_the_queue(books):
    ledger = LedgerService(books, 0, FakeClock())
    ledger.book_payment(order_paid())
    with pytest.raises(NotPaidYet):
        ledger.reverse_refund(failed())


def test_a_payment_that_was_sent_back_in_vain_is_held_again(books):
    ledger = LedgerService(books, 0, FakeClock())
    ledger.book_refund(order_refunded([], amount=1250))
    ledger.reverse_refund(failed())
    ledger.reverse_refund(failed())
    assert len(books.whole_book(BOOK)) == 2


def test_the_supplier_is_owed_again(make_table):
    payday = Payday(make_table("settlement"))
    payday.ledger_service.book_payment(order_paid())
    payday.ledger_service.book_refund(order_refunded([line(1)]))
    assert payday.due() == {SUPPLIER: 1000}
    payday.ledger_service.reverse_refund(failed())
    payday.ledger_service.reverse_refund(failed())
    assert payday.due() == {SUPPLIER: 2000}
