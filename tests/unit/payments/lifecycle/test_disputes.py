"""A shopper's objections: each is told as it opens and as it ends, once, in whatever order the news come."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Literal

import pytest

from functions.payments.lifecycle.disputes import with_dispute
from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from functions.payments.reconciliation.reconcile import reconcile, record_movements
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView as Dispute
from monsoon_plugin.payment import PaymentView, State
from shared.messages import PaymentDisputed
from tests.unit.payments.kit import Shop
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE
from tests.unit.payments.remote import Remote, Remotes

OPEN = Dispute("dp_1", "open", PRICE, "fraudulent", "2026-11-20T00:00:00.000Z")


def ended(how: Literal["won", "lost"]) -> Dispute:
    return replace(OPEN, state=how)


@pytest.mark.parametrize("how", ["won", "lost"])
def test_what_has_ended_never_opens_again_in_whatever_order_the_news_come(how: Literal["won", "lost"]) -> None:
    for order in permutations([OPEN, ended(how), OPEN]):
        payment = NEW
        for told in order:
            payment = with_dispute(payment, told)
        assert [dispute.state for dispute in payment.disputes] == [how]


AGAIN = replace(OPEN, state="lost", round=1)


@pytest.mark.parametrize("order", [*permutations([OPEN, ended("won"), AGAIN])])
def test_a_second_chargeback_after_a_won_dispute_counts_in_whatever_order_the_news_come(order: tuple[Dispute, ...]) -> None:
    payment = NEW
    for told in order:
        payment = with_dispute(payment, told)
    assert payment.disputes == (AGAIN,)


def test_what_is_asked_or_announced_is_shown_and_told_to_nobody(disputable: tuple[Shop, Remote, Payment]) -> None:
    shop, remote, paid = disputable
    for state in ("warning", "open"):
        remote.accounts[paid.id].disputes = (replace(OPEN, state=state),)  # type: ignore[arg-type]
        paid = reconcile(shop.runner, paid)
        assert [d.state for d in paid.disputes] == [state]
    assert [m.state for m in shop.store.told if isinstance(m, PaymentDisputed)] == ["open"]


def test_a_look_up_that_finds_a_won_dispute_lost_is_a_round_more_and_a_lost_one_won_is_given_back(
    disputable: tuple[Shop, Remote, Payment],
) -> None:
    shop, remote, paid = disputable
    for state in ("open", "won", "lost", "won"):
        remote.accounts[paid.id].disputes = (replace(OPEN, state=state),)  # type: ignore[arg-type]
        for _ in range(2):
            paid = reconcile(shop.runner, paid)
    told = [(m.state, m.round) for m in shop.store.told if isinstance(m, PaymentDisputed)]
    assert told == [("open", 0), ("won", 0), ("lost", 1), ("won", 1)]


def test_a_payment_keeps_a_bounded_number_of_disputes() -> None:
    payment = NEW
    for n in range(MOST_DISPUTES + 5):
        payment = with_dispute(payment, replace(OPEN, provider_ref=f"dp_{n}"))
    assert len(payment.disputes) == MOST_DISPUTES


@pytest.fixture
def disputable(make_table: Callable[[str], str]) -> tuple[Shop, Remote, Payment]:
    remote = Remote()
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {})
    paid = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    return shop, remote, paid


def test_each_change_of_a_dispute_is_told_once(disputable: tuple[Shop, Remote, Payment]) -> None:
    shop, remote, paid = disputable
    second = replace(OPEN, provider_ref="dp_2", amount=Money(300, "EUR"))
    for disputes in ((OPEN, second), (ended("lost"), second), (OPEN, second)):
        remote.accounts[paid.id].disputes = disputes
        for _ in range(2):
            paid = reconcile(shop.runner, paid)
    told = [(m.dispute_ref, m.state, m.amount.amount) for m in shop.store.told if isinstance(m, PaymentDisputed)]
    assert told == [("dp_1", "open", 1000), ("dp_2", "open", 300), ("dp_1", "lost", 1000)]
    assert [d.state for d in shop.reread(paid).disputes] == ["open", "lost"]


def test_a_dispute_in_another_currency_is_not_believed(disputable: tuple[Shop, Remote, Payment]) -> None:
    shop, _, paid = disputable
    view = PaymentView(
        provider_ref=paid.id,
        state=State.CAPTURED,
        amount=paid.amount,
        authorized=1000,
        captured=1000,
        disputes=(replace(OPEN, amount=Money(1000, "USD")),),
    )
    assert record_movements(shop.runner, paid, view) == paid
