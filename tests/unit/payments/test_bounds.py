"""How often a payment may be tried is bounded for each kind of operation by itself: who uses one up takes none of the others away."""

from dataclasses import replace

import pytest

from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import MOST_TRIES, Payment
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import OperationKind, State
from shared.errors import Conflict
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, failing

REFUSED = PluginError(ErrorKind.DECLINED, "no")
CONFIRM, CAPTURE, CANCEL = OperationKind.CONFIRM, OperationKind.CAPTURE, OperationKind.CANCEL


def tried(shop: Shop, remote: Remote, kind: OperationKind, times: int) -> Payment:
    """A payment of which one operation was declined so often."""
    remote.starts = State.REQUIRES_ACTION if kind is CONFIRM else State.AUTHORIZED
    payment = shop.pay(amount=1000)
    remote.before = failing(kind, ErrorKind.DECLINED, times)
    for _ in range(times):
        payment = asked(shop, kind, payment)
    return payment


def asked(shop: Shop, kind: OperationKind, payment: Payment) -> Payment:
    match kind:
        case OperationKind.CONFIRM:
            return shop.payments.confirm(payment, {}, merchant=False)
        case OperationKind.CAPTURE:
            return shop.payments.capture(payment)
        case _:
            return shop.payments.cancel(payment)


def test_a_shopper_who_tries_as_often_as_may_be_and_then_pays_stops_neither_the_capture_nor_a_refund(shop: Shop, remote: Remote) -> None:
    payment = tried(shop, remote, CONFIRM, MOST_TRIES[CONFIRM] - 1)
    captured = shop.payments.capture(asked(shop, CONFIRM, payment))
    assert (captured.captured, shop.payments.refund(captured, "ref_1", 300).refunded) == (1000, 300)


@pytest.mark.parametrize("kind", [CONFIRM, CAPTURE, CANCEL])
def test_each_kind_is_tried_so_often_and_no_more_and_the_others_still_can_be(shop: Shop, remote: Remote, kind: OperationKind) -> None:
    payment = tried(shop, remote, kind, MOST_TRIES[kind])
    with pytest.raises(Conflict):
        asked(shop, kind, payment)
    assert shop.reread(payment) == payment
    after = asked(shop, CAPTURE if kind is CANCEL else CANCEL, payment)
    assert after.state is (State.CAPTURED if kind is CANCEL else State.CANCELED)


def test_an_operation_gets_a_name_of_its_own_though_others_are_gone(shop: Shop) -> None:
    payment = shop.pay(amount=1000)
    left = (payment.operations[0], Operation(id="capture-2", kind=CAPTURE, amount=1).ended(REFUSED))
    kept = shop.runner.update(payment, lambda p: replace(p, operations=left))
    assert [o.id for o in shop.payments.capture(kept).operations] == ["start", "capture-2", "capture-3"]
