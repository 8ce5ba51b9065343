"""When an unknown payment is looked up again: ever more rarely, and never given up while a request may still arrive."""

from datetime import timedelta

from functions.payments.lifecycle.lookup_schedule import (
    FIRST_LOOK,
    GRACE,
    LONGEST_PROMISE,
    LONGEST_WAIT,
    LOOK_BACK,
    UNSAID,
    later_lookup,
    made_since,
    may_still_arrive,
    promise_lookup,
)
from functions.payments.lifecycle.payment import merge, with_first_lookup, with_later_lookup
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.payment import PaymentView, State
from tests.fakes import NOON
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE


def test_what_is_awaited_is_asked_for_ever_more_rarely_until_it_is_settled() -> None:
    waiting = with_first_lookup(NEW, NEW, NOON)
    assert waiting.next_lookup == "2026-11-01T12:05:00.000Z"
    assert with_first_lookup(waiting, waiting, NOON.replace(hour=13)).next_lookup == waiting.next_lookup
    assert with_later_lookup(waiting, NOON.replace(hour=14)).next_lookup == "2026-11-01T16:00:00.000Z"
    captured = merge(waiting, PaymentView(provider_ref="pi_1", state=State.CAPTURED, amount=PRICE, authorized=1000, captured=1000))
    assert with_first_lookup(captured, waiting, NOON).next_lookup is None


def test_the_wait_doubles_what_has_been_waited_between_the_first_look_and_the_longest_wait() -> None:
    created = rfc3339(NOON)
    waits = {timedelta(minutes=1): FIRST_LOOK, timedelta(hours=2): timedelta(hours=2), timedelta(days=3): LONGEST_WAIT}
    for waited, longer in waits.items():
        assert later_lookup(created, NOON + waited) == rfc3339(NOON + waited + longer)


def test_a_promise_is_looked_up_when_it_should_have_ended_and_while_it_is_over_its_time_ever_more_rarely() -> None:
    created, until = rfc3339(NOON), rfc3339(NOON + timedelta(days=29))
    assert promise_lookup(created, until) == rfc3339(NOON + timedelta(days=29) + FIRST_LOOK)
    assert promise_lookup(created, "") == rfc3339(NOON + UNSAID + FIRST_LOOK)
    assert promise_lookup(created, "9999-12-31T23:59:59.999Z") == rfc3339(NOON + LONGEST_PROMISE + FIRST_LOOK)
    over = NOON + timedelta(days=29)
    waits = {timedelta(minutes=5): timedelta(hours=1), timedelta(days=2): timedelta(days=2), timedelta(days=90): timedelta(days=7)}
    for late, wait in waits.items():
        assert promise_lookup(created, until, over + late) == rfc3339(over + late + wait)


def test_what_was_sent_may_arrive_until_the_grace_is_over() -> None:
    tick = timedelta(milliseconds=1)
    assert [may_still_arrive(rfc3339(NOON), NOON + GRACE - tick), may_still_arrive(rfc3339(NOON), NOON + GRACE)] == [True, False]


def test_a_provider_whose_clock_lags_still_finds_it() -> None:
    assert made_since(rfc3339(NOON)) == NOON - LOOK_BACK
