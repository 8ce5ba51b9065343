"""Cash on delivery and bank transfers, from the start to the refund; one payment an order; swaps count at once."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.payments.consumers import cancel_payments, collect_on_delivery, lower_payments, pay_back
from functions.payments.operation_runner import Unsupported
from functions.payments.payment_start import PaymentExists
from functions.payments.provider_routing import NoProvider
from monsoon_plugin.payment import State
from shared.api.idempotency import InFlight, KeyReused
from shared.errors import Forbidden, Invalid
from shared.order_messages import OrderCancelled, OrderReduced, RefundRequested
from shared.providers.installations import InstallationChange
from shared.shipment_messages import ShipmentDelivered
from tests.conftest import aws
from tests.unit.payments.kit import BANK, TENANT, Shop

CASH = {"currencies": ["EUR"]}
ORDER = {"version": 1, "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_1", "currency": "EUR"}
PARCEL = {"version": 1, "shipment_id": "shp_1", "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_1", "supplier_id": "acc_2"}


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    return Shop(make_table("payments"))


def stored_events(shop: Shop) -> int:
    return sum("event" in item for item in aws("dynamodb").scan(TableName=shop.table)["Items"])


def test_cash_is_promised_at_once_and_captured_with_the_last_parcel(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    assert (payment.state, payment.version, stored_events(shop)) == (State.AUTHORIZED, 1, 1)
    collect_on_delivery(shop.payments, ShipmentDelivered(**PARCEL, remaining=1))
    assert shop.reread(payment).state is State.AUTHORIZED
    for _ in range(2):
        collect_on_delivery(shop.payments, ShipmentDelivered(**PARCEL, remaining=0))
    assert (shop.reread(payment).captured, shop.reread(payment).version) == (1250, 2)


def reduced(amount: int, **more: Any) -> OrderReduced:
    return OrderReduced(**ORDER | {"version": 4}, amount=amount, **more)


def test_the_courier_collects_no_more_than_is_owed_still_however_the_news_come(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    for amount in (1000, 700, 1000, 700):
        lower_payments(shop.payments, reduced(amount))
    collect_on_delivery(shop.payments, ShipmentDelivered(**PARCEL, remaining=0))
    assert (shop.reread(payment).captured, shop.reread(payment).due) == (700, 700)


def test_cash_is_collected_when_the_parcel_that_was_missing_turns_out_to_be_empty(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    collect_on_delivery(shop.payments, ShipmentDelivered(**PARCEL, remaining=1))
    for _ in range(2):
        lower_payments(shop.payments, reduced(800, complete=True))
    assert (shop.reread(payment).state, shop.reread(payment).captured) == (State.CAPTURED, 800)


def test_what_is_owed_after_the_money_was_taken_changes_no_payment(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    collect_on_delivery(shop.payments, ShipmentDelivered(**PARCEL, remaining=0))
    lower_payments(shop.payments, reduced(800, complete=True))
    assert shop.reread(payment).captured == 1250, "the order pays the rest back"


def test_a_bank_transfer_waits_for_the_merchants_word(shop: Shop) -> None:
    shop.install("bank_transfer", BANK)
    payment = shop.pay()
    assert payment.state is State.PENDING
    assert payment.next_action is not None
    assert payment.next_action["iban"] == "DE89370400440532013000"
    with pytest.raises(Forbidden):
        shop.payments.confirm(payment, {"amount": 1250}, merchant=False)
    with pytest.raises(Invalid) as refused:
        shop.payments.confirm(payment, {"amount": "1250"}, merchant=True)
    assert refused.value.errors[0].pointer == "/data/amount"
    short = shop.payments.confirm(payment, {"amount": 1}, merchant=True)
    assert (short.state, short.operations[-1].error) == (State.PENDING, "invalid")
    assert shop.payments.confirm(short, {"amount": 1250}, merchant=True).captured == 1250


def test_the_same_key_gives_the_same_payment_and_another_request_under_it_is_refused(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    assert shop.pay() == shop.pay()
    with pytest.raises(KeyReused):
        shop.pay(digest="another")


def test_a_second_payment_of_an_order_is_refused_while_the_first_lives(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    first = shop.pay()
    with pytest.raises(PaymentExists) as exists:
        shop.pay(key="k2")
    assert exists.value.more == {"payment_id": first.id}
    shop.payments.cancel(first)
    assert shop.pay(key="k2").attempt == 2


def test_the_preferred_provider_that_takes_the_amount_is_used_and_a_swap_counts_at_once(shop: Shop) -> None:
    cash = shop.install("cash_on_delivery", CASH | {"max_amount": 1000}, rank=1)
    bank = shop.install("bank_transfer", BANK, rank=2)
    assert shop.pay("ord_1", 1000).plugin == "cash_on_delivery"
    assert shop.pay("ord_2", 1001, key="k2").plugin == "bank_transfer"
    shop.installations.change(TENANT, bank.id, InstallationChange(rank=0))
    assert shop.pay("ord_3", 1000, key="k3").plugin == "bank_transfer"
    shop.installations.change(TENANT, bank.id, InstallationChange(enabled=False))
    with pytest.raises(NoProvider):
        shop.pay("ord_4", 1001, key="k4")
    with pytest.raises(Invalid):
        shop.pay("ord_4", 10, key="k4", installation_id=bank.id)
    assert shop.pay("ord_4", 10, key="k4", installation_id=cash.id).plugin == "cash_on_delivery"


def test_what_a_provider_cannot_do_is_refused_before_it_is_asked(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    with pytest.raises(Unsupported):
        shop.payments.capture(payment, 1)


def test_a_cancelled_order_gives_its_payment_up_once(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH)
    payment = shop.pay()
    for _ in range(2):
        cancel_payments(shop.payments, OrderCancelled(**ORDER, reason="expired", payment_id=None))
    assert (shop.reread(payment).state, shop.reread(payment).version) == (State.CANCELED, 2)


def test_a_refund_is_paid_once_however_often_it_is_asked_for(shop: Shop) -> None:
    shop.install("bank_transfer", BANK)
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    for _ in range(2):
        pay_back(shop.payments, RefundRequested(**ORDER, refund_id="ref_1", payment_id=payment.id, amount=250))
    pay_back(shop.payments, RefundRequested(**ORDER, refund_id="ref_2", payment_id=payment.id, amount=1001))
    after = shop.reread(payment)
    assert (after.refunded, after.operation("ref_2").code) == (250, "exceeds_captured")  # type: ignore[union-attr]


def test_of_two_refunds_at_once_no_more_is_recorded_than_was_captured_where_no_provider_counts(shop: Shop) -> None:
    shop.install("bank_transfer", BANK)
    payment = shop.payments.confirm(shop.pay(), {"amount": 1250}, merchant=True)
    shop.payments.refund(payment, "ref_1", 800)
    with pytest.raises(InFlight):
        shop.payments.refund(payment, "ref_2", 800)
    after = shop.payments.refund(shop.reread(payment), "ref_2", 800)
    assert (after.refunded, after.operation("ref_2").code) == (800, "exceeds_captured")  # type: ignore[union-attr]
