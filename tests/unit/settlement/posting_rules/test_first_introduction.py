"""Commission is paid on a first introduction, and on nothing else."""

from typing import Any

from functions.settlement.ledger.journal import PLATFORM
from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION, CommissionTerms, commission
from functions.settlement.posting_rules.order_payment import payment_booking
from tests.fakes import NOON, FakeClock
from tests.unit.settlement.events import BOOK, OWNER, SUPPLIER, line, order_paid


def commissions(*, rate: int, introduced: frozenset[str], **order: Any) -> dict[str, int]:
    """Account → what it gains of commission."""
    booking = payment_booking(order_paid(**order), CommissionTerms(rate, introduced), NOON)
    return {p.account: p.amount for p in booking.entry.postings if p.kind in ("commission", "commission_earned")}


def test_the_owner_pays_the_platform_on_suppliers_it_introduced_only():
    both = [line(), line(supplier="acc_known", offer="off_2")]
    assert commissions(rate=100, introduced=frozenset({SUPPLIER}), lines=both) == {OWNER: -50, PLATFORM: 50}


def test_without_a_rate_the_platform_has_no_posting():
    assert PLATFORM not in {posting.account for posting in payment_booking(order_paid(), NO_COMMISSION, NOON).entry.postings}


def test_a_loss_bears_no_commission():
    assert commission(-500, 100) == 0


def test_only_the_first_order_that_brought_a_supplier_to_an_owner_bears_commission(make_table):
    store, clock = LedgerStore(make_table("settlement")), FakeClock()
    ledger = LedgerService(store, 100, clock)
    for order in ("ord_1", "ord_2", "ord_1"):
        clock.tick(minutes=1)
        ledger.book_payment(order_paid(order_id=order))
    books = [store.bookings(BOOK.replace("ord_1", order)) for order in ("ord_1", "ord_2")]
    assert [sum(p.amount for b in bookings for p in b.entry.postings if p.account == PLATFORM) for bookings in books] == [50, 0]
