"""News of refunds end alike in every order, with every repetition, and the events that tell of them come to the same sum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.operation_runner import OperationRunner
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import record_movements
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, PaymentView, RefundView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.messages import PaymentRefunded, PaymentRefundFailed
from shared.trade.payment_messages import PaymentRefundedElsewhere
from tests.fakes import FakeClock
from tests.unit.payments.kit import Shop
from tests.unit.payments.lifecycle.test_capture_news import on
from tests.unit.payments.lifecycle.test_payment import NEW
from tests.unit.payments.remote import Remote

OURS = Operation(id="ref_1", kind=OperationKind.REFUND, amount=300, phase=Phase.ACCEPTED, at="2026-11-01T12:00:00.000Z", ref="1")
KEY = OURS.key(NEW.id)
CAPTURED = replace(NEW, state=State.CAPTURED, captured=1000, authorized=1000)
ASKED, UNANSWERED = (replace(CAPTURED, operations=(one,)) for one in (OURS, replace(OURS, phase=Phase.UNKNOWN, ref="")))
REFUSED = replace(CAPTURED, operations=(replace(OURS, phase=Phase.FAILED, ref="", error="declined"),))


@dataclass
class Heard:
    """An operation runner of one payment: what each change tells."""

    clock: FakeClock = field(default_factory=FakeClock)
    told: list[Any] = field(default_factory=list)

    def update(self, payment: Payment, change: Callable[[Payment], Payment]) -> Payment:
        after = change(payment)
        event = event_of(payment, after)
        self.told += [event] if event else []
        return after

    def hear(self, payment: Payment, told: RefundView) -> Payment:
        view = PaymentView(provider_ref="", state=State.CREATED, amount=told.amount, refunds=(told,))
        return record_movements(cast("OperationRunner", self), payment, view)

    @property
    def paid_back(self) -> int:
        """What an order makes of the events: a failure takes off what it had been told as paid."""
        paid: dict[str, int] = {}
        for event in self.told:
            assert not isinstance(event, PaymentRefunded | PaymentRefundedElsewhere) or event.refund_id not in paid, "told twice"
            if isinstance(event, PaymentRefunded | PaymentRefundedElsewhere):
                paid[event.refund_id] = event.amount.amount
            elif isinstance(event, PaymentRefundFailed):
                assert event.was_paid == (event.refund_id in paid)
                paid.pop(event.refund_id, None)
        return sum(paid.values())


def paid(ref: str, key: str = KEY, day: int = 0) -> RefundView:
    return RefundView(key, Money(300, "EUR"), "succeeded", ref, at=on(day))


def failed(ref: str, key: str = KEY, day: int = 0) -> RefundView:
    return RefundView(key, Money(300, "EUR"), "failed", ref, "the card is closed", at=on(day))


TWICE = [paid("1"), failed("1", day=2), paid("1:again", day=4), failed("1", day=6)]
TWICE_THERE = [replace(one, op_key="", provider_ref=one.provider_ref.replace("1", "9")) for one in TWICE]


WORLDS: dict[str, tuple[Payment, list[RefundView], int]] = {
    "paid": (ASKED, [paid("1")], 300),
    "paid, sent back": (ASKED, [paid("1"), failed("1")], 0),
    "unanswered, paid, sent back": (UNANSWERED, [paid("1"), failed("1")], 0),
    "refused, and paid all the same": (REFUSED, [paid("1")], 300),
    "refused, paid all the same, sent back": (REFUSED, [paid("1"), failed("1")], 0),
    "paid twice": (ASKED, [paid("1"), paid("2")], 600),
    "paid twice, once sent back": (ASKED, [paid("1"), paid("2"), failed("2")], 300),
    "made again": (ASKED, [paid("1"), failed("1"), paid("1:again")], 300),
    "unanswered, made again": (UNANSWERED, [paid("1"), failed("1"), paid("1:again")], 300),
    "made again under a new reference": (ASKED, [paid("1"), failed("1"), paid("2:again")], 300),
    "made again, sent back again": (ASKED, [paid("1"), failed("1"), paid("2:again"), failed("2")], 0),
    "in the console": (CAPTURED, [paid("9", "")], 300),
    "in the console, sent back": (CAPTURED, [paid("9", ""), failed("9", "")], 0),
    "in the console, made again": (CAPTURED, [paid("9", ""), failed("9", ""), paid("9:again", "")], 300),
    "sent back twice under one reference": (ASKED, TWICE, 0),
    "unanswered, sent back twice": (UNANSWERED, TWICE, 0),
    "refused, paid all the same, sent back twice": (REFUSED, TWICE, 0),
    "sent back twice, made again twice": (ASKED, [*TWICE, paid("1:again", day=8)], 300),
    "sent back thrice": (ASKED, [*TWICE, paid("1:again", day=8), failed("1", day=9)], 0),
    "one failure, told twice with two dates": (ASKED, [*TWICE[:2], failed("1", day=3), TWICE[2]], 300),
    "one making again, told twice with two dates": (ASKED, [*TWICE, paid("1:again", day=5)], 0),
    "made again, no failure before it heard": (ASKED, [TWICE[0], *TWICE[2:]], 300),
    "in the console, sent back twice": (CAPTURED, TWICE_THERE, 0),
    "in the console, sent back twice, made again twice": (CAPTURED, [*TWICE_THERE, paid("9:again", "", 8)], 300),
    "in the console, sent back thrice": (CAPTURED, [*TWICE_THERE, paid("9:again", "", 8), failed("9", "", 9)], 0),
    "in the console, one failure with two dates": (CAPTURED, [*TWICE_THERE[:3], failed("9", "", 3)], 300),
    "one of ours sent back twice beside one in the console": (ASKED, [*TWICE, paid("9", "")], 300),
    "one of each, both sent back": (ASKED, [paid("1"), failed("1"), paid("9", ""), failed("9", "")], 0),
}


@pytest.mark.parametrize("world", WORLDS)
@given(data=st.data())
def test_every_order_and_repetition_ends_in_the_same_payment_and_the_same_sum(world: str, data: st.DataObject) -> None:
    payment, news, expected = WORLDS[world]
    order = data.draw(st.permutations([*news, *data.draw(st.lists(st.sampled_from(news), max_size=3))]))
    heard = Heard()
    for one in order:
        payment = heard.hear(payment, one)
    assert (payment.refunded, refundable(payment), heard.paid_back) == (expected, 1000 - expected, expected), order


def test_a_failure_that_is_told_with_many_dates_leaves_room_for_what_comes_after() -> None:
    heard, payment = Heard(), ASKED
    for day in (5, 2, *range(3, 29)):
        payment = heard.hear(payment, failed("1", day=day))
    assert len(payment.elsewhere) == 2
    for one in (paid("1"), paid("1:again", day=29), failed("1", day=30)):
        payment = heard.hear(payment, one)
    assert (payment.refunded, heard.paid_back, len(payment.elsewhere)) == (0, 0, 6)


@pytest.mark.parametrize("news", [[paid("1"), paid("1:again")], [paid("9", ""), paid("9:again", "")]])
def test_that_a_refund_was_made_again_moves_nothing_by_itself(news: Sequence[RefundView]) -> None:
    """Adyen signs the refund, not that it was made again."""
    payment, heard = ASKED if news[0].op_key else CAPTURED, Heard()
    for one in news:
        payment = heard.hear(payment, one)
    assert (payment.refunded, heard.paid_back) == (300, 300)


@pytest.mark.parametrize("news", [[failed("1"), paid("1")], [failed("9", ""), paid("9", "")], [paid("1"), failed("1"), paid("1")]])
def test_a_notice_of_a_refund_that_comes_after_its_failure_leaves_all_to_refund(
    news: Sequence[RefundView], shop: Shop, remote: Remote, paid: Payment
) -> None:
    """However late: the third is repeated when it is remembered no more."""
    remote.able = remote.able.model_copy(update={"lookup": False})
    remote.refund = lambda ctx, asked: RefundView(asked.op_key, asked.amount, "pending", "1")  # type: ignore[method-assign]
    key = shop.payments.refund(paid, "ref_1", 300).operations[-1].key(paid.id)
    for n, one in enumerate(news):
        told = replace(one, op_key=one.op_key and key)
        view = PaymentView(provider_ref="", state=State.CAPTURED, amount=told.amount, refunds=(told,))
        remote.notice = WebhookResult(f"event_{n}", paid.id, paid.order_id, view=view)
        receive_notice(shop.runner, paid.installation_id, RawWebhook(b"sesame", {}))
    assert refundable(shop.reread(paid)) == (700 if not news[0].op_key else 1000)
