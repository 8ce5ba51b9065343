"""Whether real money moves is a payment's own: its installation's mode when it began, told by each of its events."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest

from functions.payments.payment_items import PaymentItem
from functions.payments.views import PaymentView
from shared.providers.installations import InstallationChange
from tests.unit.payments.kit import TENANT, Shop

CASH = {"currencies": ["EUR"]}


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    return Shop(make_table("payments"))


def modes_told(shop: Shop) -> list[Any]:
    return [message.model_dump()["test"] for message in shop.store.told]


def test_every_event_of_a_test_payment_says_so_whatever_becomes_of_its_installation(shop: Shop) -> None:
    installation = shop.install("cash_on_delivery", CASH, mode="test")
    payment = shop.pay()
    shop.installations.change(TENANT, installation.id, InstallationChange(mode="live"))
    shop.payments.refund(shop.payments.capture(payment), "ref_1", 100)
    assert modes_told(shop) == [True, True, True]
    assert PaymentView.of(shop.reread(payment)).test is True


def test_real_money_says_that_it_is(shop: Shop) -> None:
    shop.install("cash_on_delivery", CASH, mode="live")
    payment = shop.payments.capture(shop.pay())
    assert (modes_told(shop), PaymentView.of(payment).test) == ([False, False], False)


@pytest.mark.parametrize(("mode", "meant", "test"), [("test", True, True), ("test", False, False), ("live", False, False)])
def test_a_payment_that_was_begun_before_modes_were_kept_is_of_its_installations(shop: Shop, mode: Any, meant: bool, test: bool) -> None:
    installation = shop.install("cash_on_delivery", CASH, mode=mode)
    payment = shop.pay()
    boto3.client("dynamodb").update_item(
        TableName=PaymentItem.Meta.table_name, Key={"pk": {"S": TENANT}, "sk": {"S": "ord_1/01"}},
        UpdateExpression="REMOVE #t", ExpressionAttributeNames={"#t": "test"},
    )  # fmt: skip
    shop.installations.store.replace(replace(installation, mode_meant=meant, version=2))
    assert shop.reread(payment).test is None
    captured = shop.payments.capture(shop.reread(payment))
    assert (captured.test, modes_told(shop)[-1]) == (test, test)
