"""Two merchants in one process: one's provider hangs, and the other's shoppers do not wait."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from functions.payments.lifecycle.operation import Phase
from functions.payments.operation_runner import CircuitOpen
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import State
from shared.providers.breaker import FAILURES
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes


def test_while_one_merchants_provider_hangs_anothers_payments_go_on_and_the_first_is_left_alone(make_table: Callable[[str], str]) -> None:
    remote, let_go, hanging = Remote(), Event(), Event()
    table, registry = make_table("payments"), Remotes(remote=remote)
    slow, quick = (Shop(table, registry=registry, tenant=f"acc_{name}#sf_1") for name in ("slow", "quick"))
    for shop in (slow, quick):
        shop.install("remote", {})
    usual = remote.start

    def start(ctx: object, request: object) -> object:
        if request.tenant == slow.tenant:  # type: ignore[attr-defined]
            hanging.set()
            let_go.wait(20)
            raise PluginError(ErrorKind.OUTCOME_UNKNOWN, "the provider's answer was lost")
        return usual(ctx, request)  # type: ignore[arg-type]

    remote.start = start  # type: ignore[assignment,method-assign]
    with ThreadPoolExecutor(FAILURES) as threads:
        stuck = [threads.submit(slow.pay, f"ord_{n}", key=str(n)) for n in range(FAILURES)]
        assert hanging.wait(10)
        began = time.monotonic()
        paid = [quick.pay(f"ord_{n}", key=str(n)) for n in range(10)]
        took = time.monotonic() - began
        assert not any(future.done() for future in stuck)
        let_go.set()
        wait(stuck)
    assert {payment.state for payment in paid} == {State.AUTHORIZED}
    assert took < 5
    assert {future.result().operations[0].phase for future in stuck} == {Phase.UNKNOWN}
    with pytest.raises(CircuitOpen):
        slow.pay("ord_99", key="99")
    assert quick.pay("ord_99", key="99").state is State.AUTHORIZED
