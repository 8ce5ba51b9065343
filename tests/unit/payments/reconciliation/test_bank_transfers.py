"""Bank transfers that a statement tells of: found by their reference alone, believed for the whole amount alone."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.reconciliation.bank_transfers import MOST_PARTS, match_bank_line
from functions.payments.views import PaymentView
from monsoon_plugin.money import Amount
from monsoon_plugin.payment import State
from shared.errors import Conflict
from shared.messages import PaymentCaptured, StatementLineBooked
from tests.dynamodb import watched_by
from tests.unit.payments.kit import BANK, Shop


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    shop = Shop(make_table("payments"))
    shop.install("bank_transfer", BANK)
    return shop


def line(payment: Payment, amount: int = 1250, currency: str = "EUR", **more: Any) -> StatementLineBooked:
    account_id, _, storefront_id = payment.tenant.partition("#")
    facts = {"line_id": "line_1", "reference": payment.provider_ref, "account_id": account_id, "storefront_id": storefront_id}
    told = facts | {"amount": Amount(amount=amount, currency=currency), "booked_on": "2026-11-02"} | more
    return StatementLineBooked(version=1, **told)  # type: ignore[arg-type]


def test_a_booked_line_captures_the_payment_that_its_reference_names_once(shop: Shop) -> None:
    payment = shop.pay()
    for _ in range(2):
        match_bank_line(shop.runner, line(payment))
    assert (shop.reread(payment).state, shop.reread(payment).captured) == (State.CAPTURED, 1250)
    assert [type(told) for told in shop.store.told] == [PaymentCaptured]


@pytest.mark.parametrize(("amount", "currency"), [(1249, "EUR"), (1251, "EUR"), (1250, "USD"), (1, "EUR")])
def test_another_amount_stays_pending_and_is_shown_and_the_rest_can_be_told_by_the_merchant(shop: Shop, amount: int, currency: str) -> None:
    payment = shop.pay()
    for _ in range(2):
        match_bank_line(shop.runner, line(payment, amount, currency))
    after = shop.reread(payment)
    assert (after.state, after.version, after.operations[-1].code) == (State.PENDING, payment.version + 1, "amount_differs")
    assert "1250 EUR" in after.operations[-1].message or "12.50" in after.operations[-1].message
    assert shop.payments.confirm(after, {"amount": 1250}, merchant=True).captured == 1250


def test_of_the_lines_that_differ_the_last_is_kept_and_however_many_came_the_whole_one_captures(shop: Shop) -> None:
    payment = shop.pay()
    for n in range(45):
        match_bank_line(shop.runner, line(payment, 1 + n, line_id=f"line_{n}", booked_on=f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}"))
    assert [o.amount for o in shop.reread(payment).operations[1:]] == [45]
    match_bank_line(shop.runner, line(payment, line_id="whole"))
    captured = shop.reread(payment)
    assert (captured.state, shop.payments.refund(captured, "ref_1", 100).refunded) == (State.CAPTURED, 100)


def test_a_transfer_that_comes_a_second_time_is_shown_to_its_merchant_and_moves_nothing(shop: Shop) -> None:
    """The shopper paid twice: the money lies in the merchant's account, and nobody was told."""
    payment = shop.pay()
    match_bank_line(shop.runner, line(payment))
    for _ in range(2):
        match_bank_line(shop.runner, line(payment, line_id="line_2", booked_on="2026-11-04"))
    after = shop.reread(payment)
    assert (after.captured, after.operations[-1].code, len(shop.store.told)) == (1250, "paid_again", 1)
    assert PaymentView.of(after).error is not None
    assert shop.payments.refund(after, "ref_1", 1250).refunded == 1250


def test_what_a_merchant_confirmed_by_hand_is_not_taken_for_paid_twice_when_its_line_is_told(shop: Shop) -> None:
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    match_bank_line(shop.runner, line(payment))
    after = shop.reread(payment)
    assert (after.captured, PaymentView.of(after).error, len(shop.store.told)) == (1250, None, 1)


def test_what_was_confirmed_by_hand_and_comes_a_second_time_is_shown_all_the_same(shop: Shop) -> None:
    """The first line is the one that was confirmed; the second was taken for it, too."""
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    for day in (2, 4, 2):
        match_bank_line(shop.runner, line(payment, line_id=f"line_{day}", booked_on=f"2026-11-{day:02}"))
    after = shop.reread(payment)
    assert (after.captured, after.operations[-1].code, len(shop.store.told)) == (1250, "paid_again", 1)


def test_the_parts_of_what_was_confirmed_by_hand_are_not_to_be_paid_back(shop: Shop) -> None:
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    match_bank_line(shop.runner, line(payment, 600, line_id="line_1"))
    match_bank_line(shop.runner, line(payment, 650, line_id="line_2"))
    assert PaymentView.of(shop.reread(payment)).error is None
    match_bank_line(shop.runner, line(payment, 1, line_id="line_3"))
    assert shop.reread(payment).operations[-1].code == "paid_again"


def test_however_many_parts_come_a_bounded_number_is_kept(shop: Shop) -> None:
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    for n in range(MOST_PARTS + 5):
        match_bank_line(shop.runner, line(payment, 1, line_id=f"line_{n}"))
        match_bank_line(shop.runner, line(payment, 1, "USD", line_id=f"usd_{n}"))
    assert len(shop.reread(payment).operations) == 2 + MOST_PARTS


@pytest.mark.parametrize("number", range(1, 4))
def test_a_line_that_is_told_twice_at_once_is_not_its_own_second(shop: Shop, number: int) -> None:
    payment, calls = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True), 0

    def beside(after: bool) -> None:
        nonlocal calls
        calls += after
        if after and calls == number:
            match_bank_line(shop.runner, line(payment))

    with watched_by(beside):
        match_bank_line(shop.runner, line(payment))
    assert [o.code for o in shop.reread(payment).operations] == [""] * 3


@pytest.mark.parametrize("number", range(1, 5))
def test_of_two_lines_that_are_told_at_once_one_is_shown_as_paid_again(shop: Shop, number: int) -> None:
    """Both found a payment that waited, and both were taken for its money."""
    payment, calls = shop.pay(), 0

    def beside(after: bool) -> None:
        nonlocal calls
        calls += after
        if after and calls == number:
            match_bank_line(shop.runner, line(payment, line_id="line_2"))

    with watched_by(beside), suppress(Conflict):
        match_bank_line(shop.runner, line(payment))
    for line_id in ("line_1", "line_2"):  # who is told that another came first hears it again
        match_bank_line(shop.runner, line(payment, line_id=line_id))
    after = shop.reread(payment)
    assert calls >= number
    assert (after.captured, after.operations[-1].code, len(shop.store.told)) == (1250, "paid_again", 1)


def test_of_lines_that_differ_the_one_booked_last_is_shown_however_often_and_in_whatever_order_they_are_told(shop: Shop) -> None:
    """A, B, A showed A."""
    days = {"a": "2026-11-02", "b": "2026-11-03", "c": "2026-11-03"}
    for n, order in enumerate(["ab", "aba", "ba", "bab", "abc", "acb", "cba", "bcabca"]):
        payment = shop.pay(f"ord_{n}", key=f"k{n}")
        for name in order:
            match_bank_line(shop.runner, line(payment, ord(name), line_id=name, booked_on=days[name]))
        assert [chr(o.amount) for o in shop.reread(payment).operations[1:]] == [max(order)]


@pytest.mark.parametrize("wrong", [{"reference": "RF18539007547034"}, {"account_id": "acc_2"}, {"storefront_id": "sf_2"}])
def test_a_line_of_an_unknown_reference_or_another_merchant_changes_nothing(shop: Shop, wrong: dict[str, str]) -> None:
    payment = shop.pay()
    match_bank_line(shop.runner, line(payment, **wrong))
    assert shop.reread(payment) == payment


def test_money_that_comes_after_the_payment_was_given_up_is_told_as_late(shop: Shop) -> None:
    payment = shop.payments.cancel(shop.pay())
    match_bank_line(shop.runner, line(payment))
    after = shop.reread(payment)
    assert (after.state, after.late, [type(told) for told in shop.store.told]) == (State.CAPTURED, True, [PaymentCaptured])


class Killed(BaseException):
    """The process is gone; nothing catches this."""


@pytest.mark.parametrize("number", range(1, 8))
def test_wherever_a_process_dies_that_begins_a_transfer_the_line_that_pays_it_is_matched(shop: Shop, number: int) -> None:
    """Its reference led nowhere where it died between two writes: the money came, and nobody was told."""
    calls = 0

    def die(after: bool) -> None:
        nonlocal calls
        calls += after
        if after and calls == number:
            raise Killed

    with watched_by(die), suppress(Killed):
        shop.pay()
    for payment in shop.payments.of_order(shop.tenant, "ord_1"):
        match_bank_line(shop.runner, line(payment))
        assert shop.reread(payment).state is State.CAPTURED
