"""Whatever happens on the way, there is one effect, or none with a clear state: the operation is looked up, never assumed."""

import secrets
from collections.abc import Callable
from urllib.parse import unquote_plus

import pytest

from conformance.payment.shop import Shop
from conformance.proxy import DOES_NOTHING, LOSES_THE_ANSWER, Fault, Proxy
from functions.payments.lifecycle.operation import UNCERTAIN, Phase
from functions.payments.lifecycle.payment import PROMISED, Payment
from monsoon_plugin.payment import OperationKind, State
from monsoon_plugin.testing import Sent
from shared.errors import Problem
from shared.messages import PaymentRefunded

FAULTS: tuple[Fault, ...] = (*LOSES_THE_ANSWER, *DOES_NOTHING, "doubled")
Needs = Callable[[OperationKind], None]


def recovered(shop: Shop, proxy: Proxy, payment: Payment) -> Payment:
    """`payment` after the fault has passed and the sweep has come; nothing of it is open then."""
    proxy.heal()
    shop.swept()
    payment = shop.finished(shop.reread(payment))
    assert [o for o in payment.operations if not o.settled and o.phase is not Phase.ACCEPTED] == []
    return payment


@pytest.mark.parametrize("fault", FAULTS)
def test_one_start_is_at_most_one_charge_under(fault: Fault, through: Shop, proxy: Proxy) -> None:
    proxy.fault, proxy.times = fault, 1
    payment = recovered(through, proxy, through.start())
    charges = through.charges(payment)
    assert charges is None or charges <= 1
    if payment.state in PROMISED and charges is not None:
        assert charges == 1
    assert payment.state is not State.CREATED, "nobody can say what became of it"


@pytest.mark.parametrize("fault", FAULTS)
def test_one_refund_pays_once_under(fault: Fault, through: Shop, proxy: Proxy, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    payment = through.captured()
    amount = payment.captured // 2 if through.capability.partial_refund else payment.captured
    proxy.fault, proxy.times = fault, 1
    payment = recovered(through, proxy, through.payments.refund(payment, f"ref_{secrets.token_hex(8)}", amount))
    assert payment.refunded == amount
    if through.capability.lookup:
        assert (view := through.fetched(payment)) is not None
        assert view.refunded == amount, "the provider paid back something else"
    assert [e.amount.amount for e in through.store.events if isinstance(e, PaymentRefunded)] == [amount]
    assert through.refund(payment, payment.captured - amount).refunded in (payment.captured, amount)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_capture_takes_once_under(fault: Fault, by_hand_through: Shop, proxy: Proxy) -> None:
    shop = by_hand_through
    promised = shop.paid()
    proxy.fault, proxy.times = fault, 1
    payment = recovered(shop, proxy, shop.payments.capture(promised))
    assert (payment.state, payment.captured) == (State.CAPTURED, promised.amount.amount)
    if shop.capability.lookup:
        assert (view := shop.fetched(payment)) is not None
        assert view.captured == promised.amount.amount, "the provider took something else"


@pytest.mark.parametrize("fault", FAULTS)
def test_one_cancel_gives_back_once_under(fault: Fault, by_hand_through: Shop, proxy: Proxy, needs: Needs) -> None:
    needs(OperationKind.CANCEL)
    shop = by_hand_through
    promised = shop.paid()
    proxy.fault, proxy.times = fault, 1
    try:
        shop.payments.cancel(promised)
    except Problem:
        assert shop.last(promised, OperationKind.CANCEL).phase in (Phase.UNKNOWN, Phase.FAILED)
    assert recovered(shop, proxy, promised).state is State.CANCELED


@pytest.mark.parametrize("fault", LOSES_THE_ANSWER)
def test_a_lost_answer_is_unknown_and_nothing_is_sent_again_before_it_was_looked_up(
    fault: Fault, through: Shop, proxy: Proxy, needs: Needs
) -> None:
    needs(OperationKind.REFUND)
    payment = through.captured()
    before = len(proxy.changed)
    proxy.fault = fault
    payment = through.payments.refund(payment, "ref_kit", payment.captured)
    operation = through.last(payment, OperationKind.REFUND)
    assert (operation.phase, operation.error in {kind.value for kind in UNCERTAIN}) == (Phase.UNKNOWN, True)
    assert len(proxy.changed) - before == 1


def test_being_busy_is_told_and_tried_again_with_the_same_key(through: Shop, proxy: Proxy, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    payment = through.captured()
    before = len(proxy.changed)
    proxy.fault, proxy.times = "busy", 1
    payment = through.payments.refund(payment, "ref_kit", payment.captured)
    assert through.last(payment, OperationKind.REFUND).error == "rate_limited"
    assert recovered(through, proxy, payment).refunded == payment.captured
    tries, key = proxy.changed[before:], through.last(payment, OperationKind.REFUND).key(payment.id)
    assert len(tries) > 1
    if through.capability.native_idempotency:
        assert all(bears(sent, key) for sent in tries), "it says that the provider knows keys, and sends none"


def bears(sent: Sent, key: str) -> bool:
    """Whether our key, or its own part, stands in a header, the path or the body."""
    text = " ".join([*sent.headers.values(), sent.path, unquote_plus(sent.body.decode(errors="replace"))])
    return key in text or key.partition("_")[2] in text


def test_an_outage_leaves_the_payment_as_it_was(through: Shop, proxy: Proxy, needs: Needs) -> None:
    needs(OperationKind.REFUND)
    payment = through.captured()
    proxy.fault = "error"
    through.payments.refund(payment, "ref_kit", payment.captured)
    assert (through.reread(payment).captured, through.reread(payment).refunded) == (payment.captured, 0)
