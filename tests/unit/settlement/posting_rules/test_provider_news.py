"""What moves at the provider without our asking: the owner bears it until the goods go back or it is paid anew; Σ = 0."""

from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from functions.settlement.ledger.ledger_service import LedgerService, NotPaidYet
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payment import payment_booking
from monsoon_plugin.money import Amount
from shared.messages import PaymentDisputed
from shared.order_messages import OrderPaymentLost, OrderRefundFailed
from tests.fakes import FakeClock
from tests.unit.settlement.events import BOOK, HEAD, OWNER, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.posting_rules.test_refund_reversal import held

PROVIDER = f"provider:{OWNER}:stripe"
TOTAL = 3000
"""Of an order of two cups and their shipping."""


@pytest.fixture
def books(make_table: Any) -> LedgerStore:
    return LedgerStore(make_table("settlement"))


@pytest.fixture
def ledger(books: LedgerStore) -> LedgerService:
    return LedgerService(books, 0, FakeClock())


def by_hand(amount: int, borne: int, refund_id: str = "ref_console") -> Any:
    return order_refunded([], refund_id=refund_id, amount=amount, borne=borne)


def lost(amount: int, version: int = 7) -> OrderPaymentLost:
    return OrderPaymentLost(version=version, why="capture_reversed", payment_id="pay_1", payment_plugin="stripe", amount=amount, **HEAD)


def test_a_refund_made_in_the_console_leaves_the_provider_and_is_borne_by_the_owner_until_the_goods_are_back(
    books: LedgerStore, ledger: LedgerService
) -> None:
    ledger.book_payment(order_paid(fee=0))
    for _ in range(2):
        ledger.book_refund(by_hand(400, 400))
    found = held(books)
    assert (found[PROVIDER, "receivable"], found[OWNER, "elsewhere"], found[SUPPLIER, "goods"]) == (-TOTAL + 400, -400, 2000)
    ledger.book_refund(order_refunded([line()], shipping=500, amount=TOTAL - 400, covered=400))
    assert held(books) == {}


def test_a_refund_in_the_console_that_comes_back_is_reversed(books: LedgerStore, ledger: LedgerService) -> None:
    ledger.book_payment(order_paid(fee=0))
    before = held(books)
    ledger.book_refund(by_hand(400, 300))
    told = {"payment_id": "pay_1", "payment_plugin": "stripe", "amount": 400, "reason": "closed", **HEAD}
    for _ in range(2):
        ledger.reverse_refund(OrderRefundFailed(refund_id="ref_console", was_paid=True, version=6, **told))
    assert held(books) == before


def test_a_capture_taken_back_is_borne_by_the_owner_until_the_goods_are_back(books: LedgerStore, ledger: LedgerService) -> None:
    ledger.book_payment(order_paid(fee=0))
    for _ in range(2):
        ledger.book_loss(lost(TOTAL))
    found = held(books)
    assert (found.get((PROVIDER, "receivable"), 0), found[OWNER, "elsewhere"]) == (0, -TOTAL)
    ledger.book_refund(order_refunded([line()], shipping=500, amount=0, covered=TOTAL))
    assert held(books) == {}


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_an_order_paid_anew_stands_as_if_nothing_had_been_taken_back_in_whatever_order_it_is_heard(
    books: LedgerStore, ledger: LedgerService, order: tuple[int, ...]
) -> None:
    steps = [
        lambda: ledger.book_payment(order_paid(fee=0)),
        lambda: ledger.book_loss(lost(TOTAL)),
        lambda: ledger.book_payment(order_paid(fee=0, version=9, again=True, regained=TOTAL)),
    ]
    for n in (*order, *order):
        steps[n]()
    found = held(books)
    assert (found[PROVIDER, "receivable"], found.get((OWNER, "elsewhere"), 0), found[SUPPLIER, "goods"]) == (-TOTAL, 0, 2000)


ANEW = ["stripe", "adyen"]


@pytest.mark.parametrize("plugin", ANEW)
@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_every_payment_that_pays_an_order_pays_its_fee_once_in_whatever_order_it_is_heard(
    books: LedgerStore, ledger: LedgerService, order: tuple[int, ...], plugin: str
) -> None:
    """Captured anew it has paid its fee; another payment pays one of its own, and again not when it is captured anew."""
    anew: dict[str, Any] = {"payment_id": "pay_2", "payment_plugin": plugin, "again": True, "regained": TOTAL}
    steps = [
        order_paid(fee=30),
        order_paid(fee=30, version=9, again=True, regained=TOTAL),
        order_paid(fee=99, version=11, **anew),
        order_paid(fee=99, version=13, **anew),
    ]
    for n in (*order, *order):
        with suppress(NotPaidYet):  # the queue brings it again
            ledger.book_payment(steps[n])
    found = held(books)
    kept = {account: amount for (account, kind), amount in found.items() if kind == "fee_kept"}
    assert found[OWNER, "provider_fee"] == -(30 + 99)
    assert kept == ({PROVIDER: 129} if plugin == "stripe" else {PROVIDER: 30, f"provider:{OWNER}:adyen": 99})


@pytest.mark.parametrize(("plugin", "fees"), [("stripe", 30), ("adyen", 129)])
def test_an_order_booked_before_an_upgrade_pays_anew_the_fee_of_another_provider_alone(
    books: LedgerStore, ledger: LedgerService, plugin: str, fees: int
) -> None:
    """Its first entry does not say whose payment it is of."""
    books.append(replace(payment_booking(order_paid(fee=30), NO_COMMISSION, FakeClock()()), payment_id=""))
    ledger.book_payment(order_paid(fee=99, version=9, payment_id="pay_2", payment_plugin=plugin, again=True, regained=TOTAL))
    assert held(books)[OWNER, "provider_fee"] == -fees


def test_a_promise_that_ended_moves_nothing(books: LedgerStore, ledger: LedgerService) -> None:
    ledger.book_loss(lost(0))
    assert books.whole_book(BOOK) == []


def disputed(state: Any, rounds: int = 0) -> PaymentDisputed:
    about = {"payment_id": "pay_1", "order_id": "ord_1", "storefront_id": "sf_1", "account_id": OWNER, "plugin": "stripe"}
    told = {"dispute_ref": "dp_1", "state": state, "reason": "fraud", "round": rounds, "amount": Amount(amount=500, currency="EUR")}
    return PaymentDisputed.model_validate({"version": 5, **about, **told})


@pytest.mark.parametrize("order", [*permutations([("open", 0), ("won", 0), ("lost", 1)])])
def test_a_second_chargeback_after_a_won_dispute_takes_the_money_again_in_whatever_order_it_is_heard(
    books: LedgerStore, ledger: LedgerService, order: tuple[tuple[str, int], ...]
) -> None:
    seen = []
    for state, rounds in (*order, *order):
        ledger.book_dispute(disputed(state, rounds))
        seen.append(held(books).get((OWNER, "dispute"), 0))
    assert seen[-1] == -500
    assert len(books.whole_book(BOOK)) == 3, "taken, given back, taken again"


def at(**amounts: int) -> list[dict[str, Any]]:
    return [{"plugin": plugin, "amount": amount} for plugin, amount in amounts.items()]


def receivable(books: LedgerStore, plugin: str = "stripe") -> int:
    """What the ledger counts as held by a provider."""
    return -held(books).get((f"provider:{OWNER}:{plugin}", "receivable"), 0)


def test_what_had_gone_back_before_an_order_was_paid_is_not_held_and_its_owner_bears_it(books: LedgerStore, ledger: LedgerService) -> None:
    for _ in range(2):
        ledger.book_payment(order_paid(fee=0, at_providers=at(stripe=TOTAL - 400)))
    assert (receivable(books), held(books)[OWNER, "elsewhere"], held(books)[SUPPLIER, "goods"]) == (TOTAL - 400, -400, 2000)


def test_a_refund_of_before_it_was_paid_that_comes_back_is_held_again(books: LedgerStore, ledger: LedgerService) -> None:
    ledger.book_refund(by_hand(400, 0))
    ledger.book_payment(order_paid(fee=0, at_providers=at(stripe=TOTAL - 400)))
    told = {"payment_id": "pay_1", "payment_plugin": "stripe", "amount": 400, "reason": "closed", **HEAD}
    for _ in range(2):
        ledger.reverse_refund(OrderRefundFailed(refund_id="ref_console", was_paid=True, version=6, at_providers=at(stripe=400), **told))
    assert (receivable(books), held(books).get((OWNER, "elsewhere"), 0)) == (TOTAL, 0)


def test_an_order_that_another_provider_pays_anew_is_held_by_that_one(books: LedgerStore, ledger: LedgerService) -> None:
    """The first held 600 of it still, which nobody owes any more: that is sent back, and was never the ledger's from then on."""
    ledger.book_payment(order_paid(fee=0))
    ledger.book_loss(lost(TOTAL - 600))
    anew: dict[str, Any] = {"payment_id": "pay_2", "payment_plugin": "adyen", "again": True, "paid_before": True}
    for _ in range(2):
        ledger.book_payment(order_paid(fee=0, version=9, regained=TOTAL - 600, at_providers=at(adyen=TOTAL, stripe=-600), **anew))
    assert (receivable(books), receivable(books, "adyen"), held(books).get((OWNER, "elsewhere"), 0)) == (0, TOTAL, 0)


def test_a_payment_that_only_moves_from_one_provider_to_another_is_no_second_first_one(books: LedgerStore, ledger: LedgerService) -> None:
    moves = order_paid(fee=0, version=9, payment_id="pay_2", payment_plugin="adyen", paid_before=True, at_providers=at(adyen=9, stripe=-9))
    for event in (moves, order_paid(fee=0), moves):
        ledger.book_payment(event)
    assert (receivable(books), receivable(books, "adyen")) == (TOTAL - 9, 9)


def test_less_that_is_missing_than_before_is_held_again(books: LedgerStore, ledger: LedgerService) -> None:
    ledger.book_payment(order_paid(fee=0))
    ledger.book_loss(lost(TOTAL))
    ledger.book_loss(lost(-500, version=8))
    assert (receivable(books), held(books)[OWNER, "elsewhere"]) == (500, 500 - TOTAL)
