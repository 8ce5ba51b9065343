"""A refund of ours that is sent while its provider is asked about another."""

from collections.abc import Callable

import pytest

from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import with_refund_view
from functions.payments.operation_runner import with_sent_operation
from functions.payments.reconciliation.reconcile import record_movements
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, PaymentView, RefundView, State
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes

OURS, CONSOLE = 400, 250


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "under way"])
def test_one_that_was_sent_since_the_payment_was_read_is_no_other(make_table: Callable[[str], str], *, answered: bool) -> None:
    """The simulator's seed 966: it was counted twice, and so told to order and ledger."""
    shop = Shop(make_table("payments"), registry=Remotes(remote=Remote()))
    shop.install("remote", {})
    read = shop.payments.capture(shop.pay(amount=1000))
    ours = Operation(id="ref_1", kind=OperationKind.REFUND, amount=OURS).sent(shop.clock())
    told = RefundView(ours.key(read.id), Money(OURS, "EUR"))
    sent = shop.runner.update(read, lambda p: with_sent_operation(p, ours))
    if answered:
        shop.runner.update(sent, lambda p: _paid(p, told))

    by_hand = RefundView("", Money(CONSOLE, "EUR"), provider_ref="re_console")
    view = PaymentView(
        provider_ref=read.id, state=State.CAPTURED, amount=read.amount, captured=1000, refunded=OURS + CONSOLE, refunds=(told, by_hand)
    )
    found = record_movements(shop.runner, read, view, looked_up=True)
    assert [each.ref for each in found.elsewhere] == ["re_console"]
    assert found.refunded == CONSOLE + (OURS if answered else 0)


def _paid(payment: Payment, told: RefundView) -> Payment:
    (ours,) = (o for o in payment.operations if o.kind is OperationKind.REFUND)
    return with_refund_view(payment, ours, told)
