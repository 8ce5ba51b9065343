"""Alipay with the core around it: what becomes of a link that nobody opens, or that is given up and paid all the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.request import urlopen

import pytest

from conformance.standins.node import ask
from functions.payments.operation_runner import OperationRunner
from functions.payments.payment_service import PaymentService
from functions.payments.plugins.alipay.trial import CONFIG, start
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.reconciliation.reconcile import reconcile_due
from monsoon_plugin.clock import utc_now
from monsoon_plugin.payment import State
from monsoon_plugin.plugin import RawWebhook
from shared.providers.places import Places
from tests.fakes import FakeClock
from tests.unit.payments.kit import Shop


@pytest.fixture(scope="module")
def standin() -> Iterator[str]:
    with start() as address:
        yield address


@pytest.fixture
def shop(make_table: Callable[[str], str], standin: str) -> Shop:
    shop = Shop(make_table("payments"), clock=FakeClock(utc_now()))
    places = Places("https://hub.example/v1/hooks/payments", {"alipay": standin}, local=True)
    shop.installations = replace(shop.installations, places=places)
    shop.runner = OperationRunner(shop.installations, shop.store, shop.clock, lambda: timedelta(days=1))
    shop.payments = PaymentService(shop.runner)
    shop.install("alipay", CONFIG | {"methods": ["page"]})
    return shop


def test_a_link_that_nobody_opens_is_awaited_and_then_expires(shop: Shop) -> None:
    payment = shop.pay(currency="CNY")
    shop.clock.tick(minutes=10)
    assert reconcile_due(shop.runner, [payment]) == 0
    assert shop.reread(payment).state is State.REQUIRES_ACTION
    shop.clock.tick(hours=2)
    assert reconcile_due(shop.runner, [shop.reread(payment)]) == 1
    assert shop.reread(payment).state is State.EXPIRED


def test_money_that_comes_after_the_shopper_gave_up_is_recorded_as_late(shop: Shop, standin: str) -> None:
    payment = shop.pay(currency="CNY")
    assert shop.payments.cancel(payment).state is State.CANCELED
    assert payment.next_action is not None
    urlopen(payment.next_action["url"]).close()
    ask(standin, "pay", out_trade_no=payment.id)
    told = {"out_trade_no": payment.id, "order_id": "ord_1", "total_amount": "12.50", "trade_status": "TRADE_SUCCESS"}
    body = ask(standin, "notice", id="ntf_1", at=int(shop.clock().timestamp()), **told)["body"]
    for _ in range(2):
        receive_notice(shop.runner, payment.installation_id, RawWebhook(body.encode(), {}))
    after = shop.reread(payment)
    assert (after.state, after.captured, after.late) == (State.CAPTURED, 1250, True)
