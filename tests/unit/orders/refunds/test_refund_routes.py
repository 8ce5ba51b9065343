"""Cancelling and refunding over HTTP."""

from tests.unit.orders.deployed import SITE, Deployed, wanted
from tests.unit.orders.given import MUG


def test_a_paid_order_is_refunded_once_for_its_key(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    ask = {"lines": [{"offer_id": MUG, "quantity": 1}], "shipping": True, "reason": "chipped"}
    assert hub.at(order_id, "POST", "/refunds", ask, by=SITE).status == 403
    assert hub.refund(order_id, ask).status == 409
    hub.pay(order_id)
    done = hub.refund(order_id, ask)
    assert (done.status, done.body["refunds"][0]["amount"]["amount"], done.body["lines"][0]["refunded"]) == (201, 1700, 1)
    assert hub.refund(order_id, ask).body == done.body
    assert hub.refund(order_id, ask, key="r2").status == 422
    assert hub.refund(order_id, {"reason": "nothing"}, key="r3").status == 422


def test_a_cancelled_order_is_cancelled_once(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    for _ in range(2):
        done = hub.at(order_id, "POST", "/cancellation", {"reason": "shopper"})
        assert (done.status, done.body["state"], done.body["reason"]) == (200, "cancelled", "shopper")
    assert hub.left == 10
