"""A payment that was begun a moment ago is found by whoever decides by it, though a read may lag."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from functions.payments.consumers import cancel_payments, collect_on_delivery, lower_payments, pay_back
from functions.payments.payment_start import PaymentExists
from functions.payments.reconciliation.bank_transfers import match_bank_line
from functions.payments.reconciliation.provider_webhooks import receive_notice
from monsoon_plugin.money import Amount
from monsoon_plugin.payment import State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.messages import StatementLineBooked
from shared.order_messages import OrderCancelled, OrderReduced, RefundRequested
from shared.shipment_messages import ShipmentDelivered
from tests.unit.payments.kit import BANK, Shop
from tests.unit.payments.lag import lagging
from tests.unit.payments.remote import Remote

ORDER = {"version": 2, "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_1", "currency": "EUR"}
PARCEL = {"version": 3, "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_1", "shipment_id": "shp_1", "supplier_id": "acc_2"}
begun_now = partial(lagging, "ord_1")
"""Every read of the order that may lag finds nothing of it yet."""


@pytest.fixture
def offline(make_table: Callable[[str], str]) -> Shop:
    return Shop(make_table("payments"))


def test_the_provider_s_notice_is_not_dropped(shop: Shop, remote: Remote) -> None:
    payment = shop.pay()
    remote.accounts[payment.id].captured, remote.accounts[payment.id].state = 1250, State.CAPTURED
    remote.notice = WebhookResult("evt_1", payment.id, payment.order_id)
    with begun_now():
        receive_notice(shop.runner, payment.installation_id, RawWebhook(b"sesame", {}))
    assert shop.reread(payment).captured == 1250


def test_a_cancelled_order_is_not_charged_on(shop: Shop) -> None:
    payment = shop.pay()
    with begun_now():
        cancel_payments(shop.payments, OrderCancelled(**ORDER, reason="shopper"))
    assert shop.reread(payment).state is State.CANCELED


def test_no_more_is_taken_than_is_still_owed(shop: Shop) -> None:
    payment = shop.pay()
    with begun_now():
        lower_payments(shop.payments, OrderReduced(**ORDER, amount=1000))
    assert shop.reread(payment).due == 1000


def test_a_refund_is_paid_at_the_first_try(shop: Shop) -> None:
    payment = shop.payments.capture(shop.pay())
    with begun_now():
        pay_back(shop.payments, RefundRequested(**ORDER, refund_id="ref_1", payment_id=payment.id, amount=250))
    assert shop.reread(payment).refunded == 250


def test_cash_is_noted_as_collected(offline: Shop) -> None:
    offline.install("cash_on_delivery", {"currencies": ["EUR"]})
    payment = offline.pay()
    with begun_now():
        collect_on_delivery(offline.payments, ShipmentDelivered(**PARCEL, remaining=0))
    assert offline.reread(payment).captured == 1250


def test_a_line_of_a_bank_statement_finds_its_transfer(offline: Shop) -> None:
    offline.install("bank_transfer", BANK)
    payment = offline.pay()
    facts: dict[str, Any] = {"line_id": "line_1", "reference": payment.provider_ref, "account_id": "acc_1", "storefront_id": "sf_1"}
    line = StatementLineBooked(version=1, **facts, amount=Amount(amount=1250, currency="EUR"), booked_on="2026-11-02")
    with lagging(payment.provider_ref), begun_now():
        match_bank_line(offline.runner, line)
    assert offline.reread(payment).captured == 1250


def test_the_same_request_gets_the_same_payment_and_another_is_told_of_it(shop: Shop, remote: Remote) -> None:
    payment = shop.pay()
    with begun_now():
        assert shop.pay().id == payment.id
        with pytest.raises(PaymentExists) as told:
            shop.pay(key="k2")
    assert payment.id in str(told.value)
    assert remote.done == ["start"]


def test_the_shopper_confirms_what_was_begun_a_moment_ago(shop: Shop) -> None:
    payment = shop.pay()
    with begun_now():
        assert shop.payments.find(shop.tenant, "ord_1", payment.id).id == payment.id


def test_such_a_read_does_lag_here(shop: Shop) -> None:
    """Else none of these tests would show anything."""
    payment = shop.pay()
    with begun_now() as lagged:
        assert shop.store.of_order(shop.tenant, "ord_1", may_lag=True) == []
        assert shop.store.of_order(shop.tenant, "ord_1") == [payment]
    assert lagged == ["Query"]
