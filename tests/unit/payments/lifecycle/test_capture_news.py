"""News of captures that failed and were made again end alike in every order, with every repetition, and are told to the same sum."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.lifecycle.captures import with_capture
from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment, merge
from monsoon_plugin.money import Money
from monsoon_plugin.payment import CaptureView, PaymentView, State
from shared.messages import PaymentCaptured
from shared.trade.payment_messages import PaymentCaptureReversed
from tests.unit.payments.lifecycle.test_elsewhere import BY_HAND, CAPTURE, KEY
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE

News = CaptureView | PaymentView
AT_ONCE = replace(NEW, state=State.REQUIRES_ACTION)
PAID = PaymentView(provider_ref="x", state=State.CAPTURED, amount=PRICE, authorized=1000, captured=1000)
SECOND = replace(CAPTURE, id="capture-2")
TWICE = replace(BY_HAND, operations=(CAPTURE, SECOND))


def took(ref: str, key: str = KEY, amount: int = 1000, day: int = 0) -> CaptureView:
    return CaptureView(key, Money(amount, "EUR"), "succeeded", ref, at=on(day))


def failed(ref: str, key: str = KEY, amount: int = 1000, day: int = 0) -> CaptureView:
    return CaptureView(key, Money(amount, "EUR"), "failed", ref, "rejected by the scheme", at=on(day))


def on(day: int) -> str:
    return f"2026-11-{day:02}T12:00:00Z" if day else ""


WORLDS: dict[str, tuple[Payment, list[News], int]] = {
    "taken": (BY_HAND, [took("1")], 1000),
    "failed": (BY_HAND, [took("1"), failed("1")], 0),
    "made again": (BY_HAND, [took("1"), failed("1"), took("1:again")], 1000),
    "made again under a new reference": (BY_HAND, [took("1"), failed("1"), took("2:again")], 1000),
    "made again, failed again": (BY_HAND, [took("1"), failed("1"), took("2:again"), failed("2")], 0),
    "made again, and said as if for the first time": (BY_HAND, [took("1"), failed("1"), took("2")], 1000),
    "a part made again": (BY_HAND, [took("1", amount=400), failed("1", amount=400), took("1:again", amount=400)], 400),
    "refused, captured anew, made again": (
        TWICE,
        [failed("1"), *(how(ref, SECOND.key(NEW.id)) for how, ref in ((took, "2"), (failed, "2"), (took, "2:again")))],
        1000,
    ),
    "failed twice under one reference": (BY_HAND, [took("1"), failed("1", day=2), took("1:again", day=4), failed("1", day=6)], 0),
    "failed twice, made again twice": (
        BY_HAND, [took("1"), failed("1", day=2), took("1:again", day=4), failed("1", day=6), took("1:again", day=8)], 1000,
    ),
    "one failure, told twice with two dates": (BY_HAND, [took("1"), failed("1", day=2), failed("1", day=3), took("1:again", day=4)], 1000),
    "one making again, told twice with two dates": (
        BY_HAND, [took("1"), failed("1", day=2), took("1:again", day=4), took("1:again", day=5), failed("1", day=6)], 0,
    ),
    "at once, failed twice under one reference": (
        AT_ONCE, [PAID, failed("1", "", day=2), took("1:again", "", day=4), failed("1", "", day=6)], 0,
    ),
    "in the console, failed twice": (
        BY_HAND, [took("1", "", 400), failed("1", "", 400, 2), took("1:again", "", 400, 4), failed("1", "", 400, 6)], 0,
    ),
    "captured at once": (AT_ONCE, [PAID, failed("1", "")], 0),
    "captured at once, made again": (AT_ONCE, [PAID, failed("1", ""), took("1:again", "")], 1000),
    "captured at once, made again, failed again": (AT_ONCE, [PAID, failed("1", ""), took("2:again", ""), failed("2", "")], 0),
    "in the console": (BY_HAND, [took("1", "", 400), failed("1", "", 400)], 0),
    "in the console, made again": (BY_HAND, [took("1", "", 400), failed("1", "", 400), took("1:again", "", 400)], 400),
    "beside one of ours": (BY_HAND, [took("1", amount=600), took("2", "", 400), failed("2", "", 400)], 600),
}  # fmt: skip


def heard(payment: Payment, news: Sequence[News]) -> tuple[Payment, int]:
    """The payment after `news`, and what its events come to."""
    told = 0
    for one in news:
        after = merge(payment, one) if isinstance(one, PaymentView) else with_capture(payment, one)
        assert 0 <= after.captured <= 1000, "more than was to be paid"
        event = event_of(payment, after)
        if isinstance(event, PaymentCaptured):
            told = event.amount.amount
        elif isinstance(event, PaymentCaptureReversed):
            assert event.amount.amount == told - event.captured
            told = event.captured
        payment = after
    return payment, told


def essence(payment: Payment) -> object:
    """What of a payment may not depend on the order in which news came."""
    first = {("capture", o.ref, o.amount) for o in payment.operations if o.ref}
    refs = first | {(e.kind, e.ref, e.amount) for e in payment.elsewhere}
    return payment.captured, payment.state, [replace(o, ref="") for o in payment.operations], refs


@pytest.mark.parametrize("world", WORLDS)
@given(data=st.data())
def test_every_order_and_repetition_ends_in_the_same_payment_and_the_same_sum(world: str, data: st.DataObject) -> None:
    payment, news, captured = WORLDS[world]
    order = data.draw(st.permutations([*news, *data.draw(st.lists(st.sampled_from(news), max_size=3))]))
    after, told = heard(payment, order)
    assert (after.captured, told) == (captured, captured), order
    assert essence(after) == essence(heard(payment, news)[0])


@pytest.mark.parametrize("order", [*permutations([took("1"), failed("1"), took("1:again")])])
def test_what_is_captured_again_is_never_counted_twice_on_the_way(order: tuple[CaptureView, ...]) -> None:
    payment, peak = BY_HAND, 0
    for news in order:
        payment = with_capture(payment, news)
        peak = max(peak, payment.captured)
    assert (payment.captured, peak) == (1000, 1000)


def test_that_a_capture_was_made_again_moves_nothing_by_itself() -> None:
    """Adyen signs the capture, not that it was made again: without a failure it is the capture that is known."""
    captured = merge(AT_ONCE, PAID)
    assert with_capture(captured, took("1:again", "")).captured == 1000
    part = with_capture(BY_HAND, took("1", amount=400))
    assert with_capture(part, took("1:again", amount=400)).captured == 400


@pytest.mark.parametrize("again", [False, True])
def test_what_was_kept_before_an_upgrade_is_read_as_it_was_meant(again: bool) -> None:
    """Until 2026-11-30 captures were named by their reference alone, and a failure heard first was written nowhere but in its operation."""
    ended = replace(CAPTURE, phase=Phase.FAILED, ref="1")
    made_again = (Elsewhere("1:again", "capture", 1000),) if again else ()
    for failure in ((Elsewhere("1", "reversal", 1000),), ()):
        old = replace(BY_HAND, operations=(ended,), elsewhere=failure + made_again, captured=1000 if again else 0)
        assert [with_capture(old, news).captured for news in (took("1"), failed("1"))] == [old.captured] * 2
        assert with_capture(old, took("1:again")).captured == 1000
