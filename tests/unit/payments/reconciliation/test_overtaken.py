"""What was written down for a provider that was away is not done once something else has come first."""

import pytest

from functions.payments.lifecycle.payment import MOST_TRIES, Payment
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import OperationKind, State
from shared.errors import Conflict
from shared.messages import PaymentCaptured
from shared.trade.payment_messages import PaymentAuthorizationEnded
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing


@pytest.fixture
def promised(shop: Shop, remote: Remote) -> Payment:
    remote.able = remote.able.model_copy(update={"partial_capture": True})
    return shop.pay(amount=1000)


def away(remote: Remote, *calls: str) -> None:
    fails = [failing(call, ErrorKind.UNAVAILABLE) for call in calls]
    remote.before = lambda call: [fail(call) for fail in fails] and None


def back(remote: Remote) -> None:
    remote.before = lambda call: None


def test_a_capture_that_waits_takes_nothing_from_a_payment_that_was_given_up_meanwhile(
    shop: Shop, remote: Remote, promised: Payment
) -> None:
    """The order was cancelled while the provider was away: its shopper was charged first, and then paid back."""
    away(remote, "capture")
    waiting = shop.payments.capture(promised)
    away(remote, "cancel")
    shop.payments.cancel(waiting)
    back(remote)
    shop.swept()
    assert (remote.done, shop.reread(promised).state) == (["start", "cancel"], State.CANCELED)
    assert [type(told) for told in shop.store.told][-1] is PaymentAuthorizationEnded
    shop.swept()
    assert not shop.reread(promised).awaited


def test_a_capture_that_waits_takes_nothing_beside_one_that_was_made_meanwhile(shop: Shop, remote: Remote, promised: Payment) -> None:
    """The merchant tried again when the provider was back: 400 was wanted, and 800 taken."""
    away(remote, "capture")
    shop.payments.capture(promised, 400)
    back(remote)
    assert shop.payments.capture(shop.reread(promised), 400).captured == 400
    shop.swept()
    assert (remote.done.count("capture"), remote.accounts[promised.id].captured) == (1, 400)
    assert [told.amount.amount for told in shop.store.told if isinstance(told, PaymentCaptured)] == [400]


def test_a_capture_that_waits_takes_nothing_of_a_payment_that_has_ended(shop: Shop, remote: Remote, promised: Payment) -> None:
    away(remote, "capture")
    waiting = shop.payments.capture(promised)
    back(remote)
    assert shop.payments.cancel(waiting).state is State.CANCELED
    shop.swept()
    assert remote.done == ["start", "cancel"]
    assert not shop.reread(promised).awaited


def test_a_payment_that_is_given_up_is_given_up_once_and_not_captured(shop: Shop, remote: Remote, promised: Payment) -> None:
    away(remote, "cancel", "fetch")
    given_up = shop.payments.cancel(promised)
    assert [o.kind for o in shop.payments.cancel(given_up).operations].count(OperationKind.CANCEL) == 1
    back(remote)
    with pytest.raises(Conflict, match="given up"):
        shop.payments.capture(shop.reread(promised))
    shop.swept()
    assert (remote.done, shop.reread(promised).state) == (["start", "cancel"], State.CANCELED)


def test_a_capture_that_waits_is_made_when_nothing_came_first(shop: Shop, remote: Remote, promised: Payment) -> None:
    away(remote, "capture")
    shop.payments.capture(promised, 400)
    back(remote)
    shop.swept()
    assert (remote.done, shop.reread(promised).captured) == (["start", "capture"], 400)


@pytest.mark.parametrize("partial", [True, False])
def test_a_capture_that_waits_takes_no_more_than_is_owed_by_then(shop: Shop, remote: Remote, promised: Payment, partial: bool) -> None:
    """Of a provider that takes the whole or nothing all is taken, and the order pays the rest back."""
    remote.able = remote.able.model_copy(update={"partial_capture": partial})
    away(remote, "capture")
    waiting = shop.payments.capture(promised)
    back(remote)
    shop.payments.lower(waiting, 600)
    shop.swept()
    assert (remote.done.count("capture"), remote.accounts[promised.id].captured) == (1, 600 if partial else 1000)
    assert not shop.reread(promised).awaited


def test_whoever_read_a_payment_before_it_was_given_up_captures_nothing(shop: Shop, remote: Remote, promised: Payment) -> None:
    """The order was cancelled between the merchant's read and the capture."""
    away(remote, "cancel", "fetch")
    shop.payments.cancel(promised)
    back(remote)
    with pytest.raises(Conflict, match="given up"):
        shop.payments.capture(promised)
    shop.swept()
    assert (remote.done, shop.reread(promised).state) == (["start", "cancel"], State.CANCELED)


def test_a_shopper_confirms_no_payment_that_is_given_up(shop: Shop, remote: Remote) -> None:
    """A cancelled order's shopper was charged first, and then paid back."""
    remote.starts = State.REQUIRES_ACTION
    begun = shop.pay()
    away(remote, "cancel", "fetch")
    shop.payments.cancel(begun)
    back(remote)
    with pytest.raises(Conflict, match="given up"):
        shop.payments.confirm(shop.reread(begun), {}, merchant=False)
    shop.swept()
    assert (remote.done, shop.reread(begun).state) == (["start", "cancel"], State.CANCELED)


def test_the_last_of_ten_captures_takes_less_too(shop: Shop, remote: Remote, promised: Payment) -> None:
    """One that gives way to another because less is owed is no try: no sweep got past it, and the money was never taken."""
    remote.before = failing("capture", ErrorKind.DECLINED)
    for _ in range(MOST_TRIES[OperationKind.CAPTURE] - 1):
        shop.payments.capture(shop.reread(promised))
    away(remote, "capture")
    waiting = shop.payments.capture(shop.reread(promised))
    back(remote)
    shop.payments.lower(waiting, 600)
    shop.swept()
    assert (remote.done.count("capture"), remote.accounts[promised.id].captured) == (1, 600)
