"""Who is paid how much."""

from functions.settlement.payables.payable import Payable
from functions.settlement.payouts.batches.payout_shares import shares


def due(payee: str, *amounts: int) -> list[Payable]:
    return [Payable(payee, "EUR", "2026-11-01", f"jrn_{n}", amount) for n, amount in enumerate(amounts)]


def test_a_payee_is_paid_all_that_it_is_due_if_that_is_enough():
    found = shares(due("a", 300, -100) + due("b", 50) + due("c", -5) + due("d", 900), [], dict.fromkeys("abc", True), 100, 10)
    assert [(share.payee, share.amount) for share in found] == [("a", 200)]


def test_who_has_something_claimed_stays_in_whatever_came_since():
    found = shares(due("a", 0, -500), due("a", 300), {"a": True}, 100, 1)
    assert [(share.payee, share.amount) for share in found] == [("a", -200)]


def test_the_most_owed_come_first_where_not_all_fit():
    found = shares(due("a", 100) + due("b", 300) + due("c", 200), [], dict.fromkeys("abc", True), 1, 2)
    assert [share.payee for share in found] == ["b", "c"]
