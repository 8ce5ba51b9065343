"""The one place where plug-ins are called: what goes out is written before, what comes back is held to what was sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Capability, ConfirmationData, OperationKind, PaymentView, StartPayment, State
from monsoon_plugin.plugin import Config, Ctx, Manifest
from shared.errors import Conflict
from shared.providers.registry import Registry
from tests.unit.payments.kit import Shop


class Crooked:
    """A plug-in outside, whose provider does what `answer` says."""

    manifest = Manifest(id="crooked", version="1.0", api=1, kind="payment", name={"en": "Crooked"}, allowed_hosts=("crooked.example",))
    config_model = Config
    confirmation_model = ConfirmationData
    answer: Callable[[StartPayment], PaymentView]
    asked: datetime

    def capability(self, config: Config | None) -> Capability:
        return Capability(methods=["card"], operations=list(OperationKind), captures="at_once")

    def check_config(self, ctx: Ctx[Config]) -> None:
        """It works."""

    def start(self, ctx: Ctx[Config], request: StartPayment) -> PaymentView:
        self.asked = ctx.deadline
        return self.answer(request)


@pytest.fixture
def crooked(make_table: Callable[[str], str]) -> tuple[Shop, Crooked]:
    registry: Registry[Any] = Registry({"crooked": f"{__name__}:Crooked"})
    shop = Shop(make_table("payments"), registry=registry)
    shop.install("crooked", {})
    return shop, registry.get("crooked")


def broken(request: StartPayment) -> PaymentView:
    raise KeyError("status")


@pytest.mark.parametrize(
    "answer",
    [
        lambda r: PaymentView(provider_ref="x", state=State.CAPTURED, amount=Money(1, "EUR"), captured=1),
        lambda r: PaymentView(provider_ref="x", state=State.CAPTURED, amount=Money(r.amount.amount, "USD"), captured=r.amount.amount),
        broken,
    ],
)
def test_another_amount_or_currency_and_a_plug_ins_own_fault_leave_the_outcome_unknown(
    crooked: tuple[Shop, Crooked], answer: Callable[[StartPayment], PaymentView]
) -> None:
    shop, plugin = crooked
    plugin.answer = answer
    payment = shop.pay()
    assert (payment.state, payment.captured) == (State.CREATED, 0)
    assert (payment.operations[0].phase, payment.operations[0].error) == (Phase.UNKNOWN, "protocol")


def test_the_operation_is_written_before_the_provider_is_asked(crooked: tuple[Shop, Crooked]) -> None:
    shop, plugin = crooked
    seen: list[Payment] = []

    def look(request: StartPayment) -> PaymentView:
        seen.extend(shop.payments.of_order(request.tenant, request.order_id))
        return PaymentView(provider_ref="x", state=State.PENDING, amount=request.amount)

    plugin.answer = look
    shop.pay()
    assert seen[0].operations[0].phase is Phase.SENT


def test_an_operation_that_was_sent_is_not_sent_by_another_call(crooked: tuple[Shop, Crooked]) -> None:
    shop, plugin = crooked
    plugin.answer = lambda r: PaymentView(provider_ref="x", state=State.PENDING, amount=r.amount)
    payment = shop.pay()
    with pytest.raises(Conflict):
        shop.runner.run(payment, payment.operations[0], lambda plugin, ctx, o: pytest.fail("asked twice"))


def test_a_call_ends_while_there_is_time_to_write_its_outcome(crooked: tuple[Shop, Crooked]) -> None:
    shop, plugin = crooked
    plugin.answer = lambda r: PaymentView(provider_ref="x", state=State.PENDING, amount=r.amount)
    shop.pay()
    assert plugin.asked == shop.clock() + plugin.manifest.timeout
    shop.payments = replace(shop.payments, runner=replace(shop.runner, time_left=lambda: timedelta(seconds=5)))
    shop.pay("ord_2", key="k2")
    assert plugin.asked == shop.clock() + timedelta(seconds=4)


def test_news_that_come_during_the_call_are_kept(crooked: tuple[Shop, Crooked]) -> None:
    shop, plugin = crooked

    def meanwhile(request: StartPayment) -> PaymentView:
        payment = shop.payments.of_order(request.tenant, request.order_id)[0]
        shop.runner.update(payment, lambda p: replace(p, state=State.CAPTURED, captured=1250))
        return PaymentView(provider_ref="x", state=State.PENDING, amount=request.amount)

    plugin.answer = meanwhile
    payment = shop.pay()
    assert (payment.state, payment.captured, payment.provider_ref, payment.version) == (State.CAPTURED, 1250, "x", 3)
