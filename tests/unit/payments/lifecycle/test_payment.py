"""The state machine: whatever a provider tells, in whatever order, a payment goes forward and its totals grow."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import DEAD, PROGRESS, PROMISED, Payment, merge
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, PaymentView, State
from shared.messages import PaymentAuthorized, PaymentCaptured

PRICE = Money(1000, "EUR")
NEW = Payment(
    id="pay_1",
    tenant="acc_1#sf_1",
    order_id="ord_1",
    attempt=1,
    installation_id="ins_1",
    plugin="stripe",
    amount=PRICE,
    created_at="2026-11-01T12:00:00.000Z",
    fingerprint="f",
    online=True,
    version=1,
)
amounts = st.integers(0, 1000)
views = st.builds(
    PaymentView,
    provider_ref=st.just("pi_1"),
    state=st.sampled_from(State),
    amount=st.just(PRICE),
    authorized=amounts,
    captured=amounts,
    refunded=amounts,
    fee=st.integers(0, 50),
)


@given(st.lists(views, max_size=12))
def test_totals_never_shrink_and_captured_money_is_never_forgotten(told: list[PaymentView]) -> None:
    payment = NEW
    for view in told:
        after = merge(payment, view)
        assert (after.authorized, after.captured, after.refunded) >= (payment.authorized, payment.captured, payment.refunded)
        assert payment.state is not State.CAPTURED or after.state is State.CAPTURED
        assert payment.state in DEAD or after.state in DEAD or PROGRESS.index(after.state) >= PROGRESS.index(payment.state)
        payment = after


@given(views, views)
def test_the_same_news_twice_change_nothing_more(first: PaymentView, second: PaymentView) -> None:
    once = merge(merge(NEW, first), second)
    assert merge(once, second) == once


@given(st.sampled_from(sorted(DEAD)), views)
def test_a_success_after_death_is_recorded_as_late(dead: State, view: PaymentView) -> None:
    after = merge(replace(NEW, state=dead), view)
    assert after.late is (view.state in PROMISED)
    assert after.state is (view.state if after.late else dead)


def test_an_authorization_is_told_and_then_its_capture() -> None:
    authorized = merge(NEW, PaymentView(provider_ref="pi_1", state=State.AUTHORIZED, amount=PRICE, authorized=1000))
    captured = merge(
        authorized, PaymentView(provider_ref="pi_1", state=State.CAPTURED, amount=PRICE, authorized=1000, captured=1000, fee=29)
    )
    told = event_of(NEW, authorized), event_of(authorized, captured), event_of(captured, captured)
    assert isinstance(told[0], PaymentAuthorized)
    assert isinstance(told[1], PaymentCaptured)
    assert (told[1].amount.amount, told[1].provider_fee, told[2]) == (1000, 29, None)


def test_a_providers_key_depends_on_the_operation_never_on_the_amount() -> None:
    keys = {Operation(id="start", kind=OperationKind.START, amount=amount).key("pay_1") for amount in (1, 2)}
    assert len(keys | {Operation(id="ref_1", kind=OperationKind.REFUND, amount=1).key("pay_1")}) == 2
