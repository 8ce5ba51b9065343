"""Cancelling and refunding over HTTP."""

from typing import Any

import pytest

from shared.messages import PaymentRefundFailed
from tests.unit.orders.deployed import ALL_HEARD, BACK_OFFICE, OWNER, SITE, Deployed, wanted
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, capture, promise


def test_a_paid_order_is_refunded_once_for_its_key(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    ask = {"lines": [{"offer_id": MUG, "quantity": 1}], "shipping": True, "reason": "chipped"}
    assert hub.at(order_id, "POST", "/refunds", ask, by=SITE).status == 403
    assert hub.refund(order_id, ask).status == 409
    hub.pay(order_id)
    done = hub.refund(order_id, ask)
    (waiting,) = done.body["refunds"]
    assert (done.status, waiting["state"], waiting["amount"]["amount"], done.body["lines"][0]["refunded"]) == (
        201,
        "awaiting_goods",
        1700,
        0,
    )
    assert hub.refund(order_id, ask).body == done.body
    hub.release(order_id)
    paid_back = hub.refund(order_id, ask).body
    (refund,) = paid_back["refunds"]
    assert (refund["id"], refund["state"], refund["amount"]["amount"]) == (waiting["id"], "requested", 1700)
    assert (paid_back["lines"][0]["refunded"], paid_back["lines"][0]["withdrawn"], paid_back["state"]) == (1, 1, "paid")
    assert hub.refund(order_id, ask, key="r2").status == 422
    assert hub.refund(order_id, {"reason": "nothing"}, key="r3").status == 422


def test_a_cancelled_order_is_cancelled_once(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    for _ in range(2):
        done = hub.at(order_id, "POST", "/cancellation", {"reason": "shopper"})
        assert (done.status, done.body["state"], done.body["reason"]) == (200, "cancelled", "shopper")
    assert hub.left == 10


@pytest.mark.parametrize("paid", [promise, capture], ids=["promised", "captured"])
def test_a_key_that_may_only_sell_cancels_nothing_that_is_paid(hub: Deployed, paid: Any) -> None:
    order_id = hub.place(wanted()).body["id"]
    hub.hear(paid(hub.services.orders.order(ACCOUNT, STOREFRONT, order_id)))
    refused = hub.cancel(order_id, by=SITE)
    assert (refused.status, refused.body["type"], refused.body["scope"]) == (403, "urn:monsoon:problem:scope-too-small", "manage")
    assert (hub.at(order_id).body["state"] in ("accepted", "paid"), hub.left) == (True, 8)
    done = hub.cancel(order_id, by=BACK_OFFICE)
    assert (done.status, done.body["state"], hub.left) == (200, "cancelling", 8)
    hub.release(order_id)
    assert (hub.at(order_id).body["state"], hub.left) == ("cancelled", 10)
    assert hub.cancel(order_id, by=SITE).status == 200, "what is cancelled already changes no more"


@pytest.mark.parametrize("is_paid", [False, True])
def test_the_owner_cancels_what_is_paid_and_what_is_not(hub: Deployed, is_paid: bool) -> None:
    order_id = hub.place(wanted()).body["id"]
    if is_paid:
        hub.pay(order_id)
    assert hub.cancel(order_id, by=OWNER).status == 200
    if is_paid:
        hub.release(order_id)
    assert (hub.at(order_id).body["state"], hub.left) == ("cancelled", 10)


def test_an_order_whose_refund_failed_is_shown_with_it(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    hub.pay(order_id)
    asked = hub.refund(order_id, {"shipping": True, "reason": "late"}).body["refunds"][0]
    order = hub.services.orders.order(ACCOUNT, STOREFRONT, order_id)
    failure = PaymentRefundFailed(
        version=9, payment_id=order.payments[0].id, order_id=order_id, storefront_id=STOREFRONT, account_id=ACCOUNT, plugin="stripe",
        amount=asked["amount"], refund_id=asked["id"], reason="the card was closed", was_paid=False,
    )  # fmt: skip
    assert hub.hear(failure) == ALL_HEARD
    (shown,) = hub.at(order_id).body["refunds"]
    assert (shown["state"], shown["reason"]) == ("failed", "the card was closed")
