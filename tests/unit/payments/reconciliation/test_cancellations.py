"""A promise that was to be given back and could not be is told, once: the shopper's money is held until it ends by itself."""

import pytest

from functions.payments.consumers import cancel_payments
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import OperationKind, State
from shared.order_messages import OrderCancelled
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing

ORDER = {"version": 3, "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_1", "currency": "EUR", "reason": "merchant"}


@pytest.fixture
def promised(shop: Shop) -> Payment:
    payment = shop.pay(amount=1000)
    shop.store.told.clear()
    return payment


def cancel(shop: Shop) -> None:
    cancel_payments(shop.payments, OrderCancelled.model_validate(ORDER))


def told(shop: Shop) -> list[tuple[int, str]]:
    return [(event.amount.amount, event.reason) for event in shop.store.told if isinstance(event, PaymentCancelFailed)]


@pytest.mark.parametrize("kind", [ErrorKind.DECLINED, ErrorKind.INVALID, ErrorKind.CONFLICT, ErrorKind.CONFIG])
def test_a_refused_cancellation_of_a_promise_is_told_once(shop: Shop, remote: Remote, promised: Payment, kind: ErrorKind) -> None:
    remote.before = failing("cancel", kind, times=1)
    cancel(shop)
    for _ in range(3):
        shop.swept()
    ((amount, reason),) = told(shop)
    assert (amount, bool(reason), shop.reread(promised).state) == (1000, True, State.AUTHORIZED)


def test_a_cancellation_that_failed_five_times_is_told_and_not_before(shop: Shop, remote: Remote, promised: Payment) -> None:
    remote.before = failing("cancel", ErrorKind.UNAVAILABLE, times=99)
    cancel(shop)
    assert told(shop) == []
    for _ in range(6):
        shop.clock.tick(hours=7)
        shop.swept()
    assert len(told(shop)) == 1
    assert shop.reread(promised).operations[-1].tries == 5


def test_what_a_plug_in_cannot_cancel_at_all_is_told_once(shop: Shop, remote: Remote, promised: Payment) -> None:
    remote.able = remote.able.model_copy(update={"operations": [OperationKind.START]})
    for _ in range(2):
        cancel(shop)
    assert len(told(shop)) == 1


@pytest.mark.parametrize("state", [State.CANCELED, State.EXPIRED, State.CAPTURED])
def test_a_refusal_because_the_payment_has_ended_or_was_taken_before_is_none(
    shop: Shop, remote: Remote, promised: Payment, state: State
) -> None:
    remote.accounts[promised.id].state = state
    remote.accounts[promised.id].captured = 1000 if state is State.CAPTURED else 0
    remote.before = failing("cancel", ErrorKind.CONFLICT, times=1)
    cancel(shop)
    assert told(shop) == []
    assert shop.reread(promised).state is state


def test_what_could_not_be_cancelled_and_ends_by_itself_is_told_as_ended(shop: Shop, remote: Remote, promised: Payment) -> None:
    remote.before = failing("cancel", ErrorKind.DECLINED, times=1)
    cancel(shop)
    remote.accounts[promised.id].state = State.EXPIRED
    shop.clock.tick(days=8)
    shop.swept()
    assert [type(event) for event in shop.store.told] == [PaymentCancelFailed, PaymentAuthorizationEnded]


def test_a_second_try_that_fails_too_is_told_again(shop: Shop, remote: Remote, promised: Payment) -> None:
    """An operator who lets the hub try once more hears what became of it."""
    remote.before = failing("cancel", ErrorKind.DECLINED, times=2)
    for _ in range(2):
        cancel(shop)
    assert len(told(shop)) == 2
