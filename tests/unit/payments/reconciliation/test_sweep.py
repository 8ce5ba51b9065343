"""The sweep asks for what is due, each by itself: what becomes of one keeps no other waiting."""

from collections.abc import Callable
from datetime import datetime, timedelta

import boto3
import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import OperationRunner
from functions.payments.payment_store import PaymentStore
from functions.payments.reconciliation.reconcile import reconcile_due
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import State
from shared.messages import Message
from shared.optimistic_retry import AT_ONCE
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes, failing


class Contested(PaymentStore):
    """Others write the payment of one order all the while, or it cannot be read."""

    def __init__(self, table: str, order_id: str, readable: bool) -> None:
        super().__init__(table)
        self.order_id, self.readable = order_id, readable

    def save(self, payment: Payment, event: Message | None, now: datetime) -> bool:
        return payment.order_id != self.order_id and super().save(payment, event, now)

    def reread(self, payment: Payment) -> Payment:
        if payment.order_id == self.order_id and not self.readable:
            raise ConnectionError
        return super().reread(payment)


@pytest.mark.parametrize("readable", [True, False])
def test_a_payment_that_cannot_be_written_ends_no_sweep_and_one_that_cannot_be_read_is_raised(
    make_table: Callable[[str], str], readable: bool
) -> None:
    """What others change too fast stays due, and is no failure."""
    table, remote = make_table("payments"), Remote()
    shop = Shop(table, registry=Remotes(remote=remote))
    shop.install("remote", {})
    remote.after = failing("start", ErrorKind.OUTCOME_UNKNOWN)
    due = [shop.pay(f"ord_{n}", key=f"k{n}") for n in range(3)]
    shop.clock.tick(minutes=20)
    store = Contested(table, "ord_1", readable)
    runner = OperationRunner(shop.installations, store, shop.clock, shop.runner.time_left, AT_ONCE)
    if readable:
        assert reconcile_due(runner, due) == 2
    else:
        with pytest.raises(ExceptionGroup, match="1 of 3 payments"):
            reconcile_due(runner, due)
    assert [shop.reread(payment).state for payment in due] == [State.AUTHORIZED, State.CREATED, State.AUTHORIZED]


def test_a_payment_that_cannot_be_read_is_reported_and_ends_no_sweep(
    make_table: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    table, remote = make_table("payments"), Remote()
    shop = Shop(table, registry=Remotes(remote=remote))
    shop.install("remote", {})
    remote.after = failing("start", ErrorKind.OUTCOME_UNKNOWN)
    due = [shop.pay(f"ord_{n}", key=f"k{n}") for n in range(4)]
    spoiled = boto3.resource("dynamodb").Table(table)
    spoiled.update_item(
        Key={"pk": due[0].tenant, "sk": "ord_0/01"}, UpdateExpression="SET ops = :no", ExpressionAttributeValues={":no": "no JSON"}
    )
    shop.clock.tick(minutes=20)
    remote.after = lambda call: None
    with pytest.raises(ExceptionGroup, match="1 of 4 payments") as raised:
        reconcile_due(shop.runner, shop.store.due_for_lookup(shop.clock(), 100))
    assert "1 payments could not be read" in str(raised.value.exceptions[0])
    assert "ord_0/01" in caplog.text
    assert [shop.reread(payment).awaited for payment in due[1:]] == [False] * 3


def three_due(shop: Shop, remote: Remote) -> list[Payment]:
    """Three payments whose start's answer was lost, when their provider is to be asked."""
    remote.after = failing("start", ErrorKind.OUTCOME_UNKNOWN)
    due = [shop.pay(f"ord_{n}", key=f"k{n}") for n in range(3)]
    shop.clock.tick(minutes=20)
    return due


def test_a_payment_whose_plug_in_breaks_is_put_off_and_the_sweep_fails_at_its_end(shop: Shop, remote: Remote) -> None:
    """So that the alarm on the function's errors sees it; a provider that is away is no failure of ours."""
    due = three_due(shop, remote)
    asked = iter([ZeroDivisionError("of the plug-in"), PluginError(ErrorKind.UNAVAILABLE, "away"), None])

    def fetch(call: str) -> None:
        if call == "fetch" and (failure := next(asked)):
            raise failure

    remote.before = fetch
    with pytest.raises(ExceptionGroup, match="1 of 3 payments") as raised:
        reconcile_due(shop.runner, due)
    assert [type(failure) for failure in raised.value.exceptions] == [ZeroDivisionError]
    now = [shop.reread(payment) for payment in due]
    assert [payment.awaited for payment in now] == [True, True, False]
    assert all(payment.next_lookup > was.next_lookup for payment, was in zip(now[:2], due[:2], strict=True)), "put off"


def test_a_sweep_begins_nothing_that_it_has_no_time_for_and_leaves_it_due(shop: Shop, remote: Remote) -> None:
    due = three_due(shop, remote)
    ends = shop.clock() + timedelta(seconds=29)
    remote.before = lambda call: shop.clock.tick(seconds=10)
    runner = OperationRunner(shop.installations, shop.store, shop.clock, lambda: ends - shop.clock(), AT_ONCE)
    assert reconcile_due(runner, due) == 2
    assert [shop.reread(payment) == payment for payment in due] == [False, False, True]
