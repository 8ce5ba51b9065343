"""A shopper's objections: each is told as it opens and as it ends, once, in whatever order the news come."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import permutations
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.payments.lifecycle.disputes import MOST_DECISIONS, with_dispute, with_dispute_looked_up
from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from functions.payments.reconciliation.reconcile import reconcile, record_movements
from functions.payments.views import DisputeBody
from functions.settlement.posting_rules.dispute import dispute_bookings
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView as Dispute
from monsoon_plugin.payment import PaymentView, State
from shared.messages import MOST_TOLD, PaymentDisputed
from tests.examples import examples
from tests.fakes import FakeClock
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


DECIDED = [
    replace(OPEN, state=state, updated=f"2026-11-2{day}T00:00:00.000Z") for day, state in enumerate(["open", "won", "lost", "won", "lost"])
]


@pytest.mark.parametrize("last", [2, 3, 4, 5])
@given(data=st.data())
def test_of_notices_that_say_when_a_dispute_was_changed_the_latest_counts_in_every_order_and_repetition(
    last: int, data: st.DataObject
) -> None:
    """Decided anew, on appeal say; what the ledger makes of it: taken, unless it was won last."""
    news = DECIDED[:last]
    payment, taken = NEW, set[str]()
    for told in data.draw(st.permutations([*news, *data.draw(st.lists(st.sampled_from(news), max_size=3))])):
        after = with_dispute(payment, told)
        event = event_of(payment, after)
        assert event is None or isinstance(event, PaymentDisputed)
        for booking in dispute_bookings(event, FakeClock()()) if event else ():
            taken.add(booking.slot)
        payment = after
    assert payment.disputes[0].state == news[-1].state
    given_back = {slot for slot in taken if "given_back" in slot}
    assert len(taken) - 2 * len(given_back) == (0 if news[-1].state == "won" else 1)


def lost(amount: int, day: int) -> Dispute:
    return replace(OPEN, state="lost", amount=Money(amount, "EUR"), updated=f"2026-11-2{day}T00:00:00.000Z")


OPENED, WON = DECIDED[:2]
PARTS: dict[str, tuple[list[Dispute], int]] = {
    "a part": ([OPENED, lost(400, 1)], 400),
    "a part of an inquiry": ([replace(OPENED, state="warning"), lost(400, 1)], 400),
    "a part after it was won": ([OPENED, WON, lost(400, 2)], 400),
    "a part, then all": ([OPENED, lost(400, 1), lost(1000, 2)], 1000),
    "a part, then less": ([OPENED, lost(400, 1), lost(100, 2)], 100),
    "a part, then won": ([OPENED, lost(400, 1), replace(WON, updated="2026-11-22T00:00:00.000Z")], 0),
    "a part, won, then another part": ([OPENED, lost(400, 1), replace(WON, updated="2026-11-22T00:00:00.000Z"), lost(300, 3)], 300),
}


@pytest.mark.parametrize("world", PARTS)
@given(data=st.data())
def test_the_ledger_takes_the_part_that_was_lost_last_however_news_and_events_come(world: str, data: st.DataObject) -> None:
    news, expected = PARTS[world]
    payment, told = NEW, list[PaymentDisputed]()
    for one in data.draw(st.permutations([*news, *data.draw(st.lists(st.sampled_from(news), max_size=3))])):
        after = with_dispute(payment, one)
        event = event_of(payment, after)
        told += [event] if isinstance(event, PaymentDisputed) else []
        payment = after
    booked: dict[str, int] = {}
    for event in data.draw(st.permutations([*told, *told[:1]])):
        for booking in dispute_bookings(event, FakeClock()()):
            booked.setdefault(booking.slot, booking.entry.postings[1].amount)
    assert sum(booked.values()) == expected


def decided(number: int) -> Dispute:
    """The nth decision, each another than the one before, and each loss of another amount."""
    won = number % 2 == 1
    moment = f"2026-11-20T{number // 60:02}:{number % 60:02}:00.000Z"
    return replace(OPEN, state="won" if won else "lost", amount=OPEN.amount if won else Money(100 + number, "EUR"), updated=moment)


@cache
def told_of(last: int) -> tuple[Payment, list[PaymentDisputed]]:
    payment, told = with_dispute(NEW, replace(OPEN, updated="2026-11-19T00:00:00.000Z")), list[PaymentDisputed]()
    for number in range(1, last + 1):
        after = with_dispute(payment, decided(number))
        event = event_of(payment, after)
        told += [event] if isinstance(event, PaymentDisputed) else []
        payment = after
    return payment, told


def booked(told: list[PaymentDisputed]) -> int:
    slots: dict[str, int] = {}
    for event in told:
        for booking in dispute_bookings(event, FakeClock()()):
            slots.setdefault(booking.slot, booking.entry.postings[1].amount)
    return sum(slots.values())


@pytest.mark.parametrize("last", [1, 17, 18, 19, 20, 21, 40])
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_however_often_a_dispute_is_decided_anew_the_ledger_has_what_was_decided_last_in_whatever_order_events_come(
    last: int, data: st.DataObject
) -> None:
    """The tenth loss after a win fell into the round before, where what was given back stood already: it was not taken."""
    payment, told = told_of(last)
    assert booked(data.draw(st.permutations(told))) == (0 if decided(last).state == "won" else decided(last).amount.amount)
    assert all(len(event.taken) <= MOST_TOLD for event in told)
    assert not DisputeBody.of(payment.disputes[0]).beyond


def test_a_dispute_that_was_decided_too_often_stays_as_it_is_booked_and_says_so() -> None:
    payment, told = told_of(2 * MOST_DECISIONS + 2)
    assert DisputeBody.of(payment.disputes[0]).beyond
    assert payment.disputes[0].state == "won", "though it was lost once more"
    assert booked(told) == 0
    assert PaymentDisputed.model_validate(told[-1].model_dump()) == told[-1]


def test_a_second_chargeback_of_another_amount_leaves_the_first_as_it_was_taken() -> None:
    after = NEW
    for one in (OPEN, ended("won"), replace(AGAIN, amount=Money(700, "EUR"))):
        before, after = after, with_dispute(after, one)
    event = event_of(before, after)
    assert isinstance(event, PaymentDisputed)
    assert event.taken == [1000, 700]


def test_what_was_taken_in_each_round_is_kept(disputable: tuple[Shop, Remote, Payment]) -> None:
    shop, remote, paid = disputable
    for one in (OPEN, lost(400, 1)):
        remote.accounts[paid.id].disputes = (one,)
        paid = reconcile(shop.runner, paid)
    assert shop.reread(paid).disputes == paid.disputes
    assert (paid.disputes[0].earlier, paid.disputes[0].amount.amount, paid.disputes[0].round) == ((1000,), 400, 1)


def test_a_notice_that_changes_nothing_but_the_time_is_told_to_nobody() -> None:
    won = with_dispute(NEW, DECIDED[1])
    again = with_dispute(won, replace(DECIDED[1], updated=DECIDED[4].updated))
    assert event_of(won, again) is None
    assert with_dispute(again, DECIDED[2]) == again, "it was lost before that"


def test_a_dispute_kept_before_its_time_was_follows_the_first_notice_that_says_one() -> None:
    old = replace(NEW, disputes=(ended("lost"),))
    assert with_dispute(old, ended("won")) == old
    assert with_dispute(old, DECIDED[1]).disputes[0].state == "won"


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


def test_no_notice_older_than_what_a_look_up_confirmed_counts() -> None:
    """Won, lost, won again: the look-up found what was known, and the late notice of the loss was believed after it."""
    won, lost, won_again = (d for d in DECIDED if d.state != "open" and d.updated < "2026-11-24")
    payment = with_dispute_looked_up(with_dispute(NEW, won), won_again)
    assert with_dispute(payment, lost) == payment


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


def test_a_dispute_for_which_a_payment_has_no_room_is_said_in_the_log(
    disputable: tuple[Shop, Remote, Payment], caplog: pytest.LogCaptureFixture
) -> None:
    shop, remote, paid = disputable
    remote.accounts[paid.id].disputes = tuple(replace(OPEN, provider_ref=f"dp_{n}") for n in range(MOST_DISPUTES))
    paid = reconcile(shop.runner, paid)
    assert "disputes" not in caplog.text
    remote.accounts[paid.id].disputes += (replace(OPEN, provider_ref="dp_more"),)
    reconcile(shop.runner, paid)
    assert "dp_more is not booked" in caplog.text
