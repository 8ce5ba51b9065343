"""Units taken back before they are sent: money follows goods, between orders, shipping, payments and settlement."""

from typing import Any

import pytest

from tests.flow.market import CASH, STRIPE, TABLE_RATE, Market, Shop, eventually

CARD = {"data": {"payment_method": "pm_card_visa"}}
pytestmark = pytest.mark.xdist_group("hub")


@pytest.fixture(scope="module")
def carded(market: Market) -> Shop:
    return market.shop([STRIPE], [TABLE_RATE])


@pytest.fixture(scope="module")
def cash(market: Market) -> Shop:
    return market.shop([CASH], [TABLE_RATE])


def paid(market: Market, shop: Shop, quantity: int = 3, **how: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order that is paid by card, or accepted for cash, and its one parcel."""
    offer_id = market.offer(shop, market.publish())["offer_id"]
    order = market.order(shop, offer_id, quantity=quantity)
    market.pay(shop, order, **how)
    market.order_is(shop, order["id"], "paid", "accepted")
    (parcel,) = market.shipments(shop, order["id"])
    return order, parcel


def ask_back(shop: Shop, order: dict[str, Any], units: int, **more: Any) -> None:
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]
    shop.owner.hub.post(f"{shop.path}/orders/{order['id']}/refunds", {"lines": lines, "reason": "one too many"} | more)


def seen(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    return dict(shop.owner.hub.get(f"{shop.path}/orders/{order['id']}"))


def stock(market: Market, order: dict[str, Any]) -> int:
    return int(market.supplier.hub.get(f"/v1/offers/{order['lines'][0]['offer_id']}/stock")["quantity"])


def test_a_unit_refunded_before_dispatch_leaves_the_parcel_and_the_rest_is_sent(market: Market, carded: Shop):
    order, parcel = paid(market, carded, **CARD)
    ask_back(carded, order, 1)
    eventually(lambda: [r["state"] for r in seen(carded, order)["refunds"]] == ["paid"])
    mine = market.supplier.hub.get(f"/v1/shipments/{parcel['id']}")
    assert ([content["quantity"] for content in mine["parcel"]["contents"]], mine["parcel"]["weight"]) == ([2], 800)
    assert stock(market, order) == 10 - 2
    market.deliver(carded, order["id"])
    eventually(lambda: seen(carded, order)["fulfilment"] == "delivered")


def test_what_left_first_is_not_refunded_by_itself_and_what_is_refunded_then_is_a_return(market: Market, carded: Shop):
    order, parcel = paid(market, carded, **CARD)
    market.supplier.hub.post(f"/v1/shipments/{parcel['id']}/events", {"state": "dispatched", "tracking_number": "RR123456785GB"})
    eventually(lambda: seen(carded, order)["fulfilment"] == "dispatched")
    ask_back(carded, order, 1)
    (refund,) = eventually(lambda: (r := seen(carded, order)["refunds"]) and r[0]["state"] == "paid" and r)
    assert (list(refund["left"].values()), stock(market, order)) == ([1], 7)


def test_a_cancelled_order_is_cancelling_until_its_parcel_is_void(market: Market, carded: Shop):
    order, parcel = paid(market, carded, **CARD)
    asked = carded.owner.hub.post(f"{carded.path}/orders/{order['id']}/cancellation", {"reason": "shopper"})
    assert asked["state"] in ("cancelling", "cancelled")
    market.order_is(carded, order["id"], "cancelled")
    eventually(lambda: [r["state"] for r in seen(carded, order)["refunds"]] == ["paid"])
    eventually(lambda: market.supplier.hub.get(f"/v1/shipments/{parcel['id']}")["state"] == "voided")
    assert stock(market, order) == 10
    assert market.supplier.hub.send("POST", f"/v1/shipments/{parcel['id']}/events", {"state": "dispatched"}, key="late").status == 409


def test_a_supplier_declines_a_unit_and_the_order_pays_it_back(market: Market, carded: Shop):
    order, parcel = paid(market, carded, **CARD)
    body = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}], "reason": "it came in pieces"}
    market.supplier.hub.post(f"/v1/shipments/{parcel['id']}/decline", body)
    (refund,) = eventually(lambda: (r := seen(carded, order)["refunds"]) and r[0]["state"] == "paid" and r)
    assert (refund["reason"], refund["amount"]["amount"], stock(market, order)) == ("it came in pieces", 1250, 7)


def test_an_order_of_cash_on_delivery_drops_a_unit_and_the_courier_collects_the_rest(market: Market, cash: Shop):
    order, _ = paid(market, cash)
    ask_back(cash, order, 1)
    eventually(lambda: seen(cash, order)["totals"]["total"]["amount"] == 2 * 1250 + 395)
    market.deliver(cash, order["id"])
    market.order_is(cash, order["id"], "paid")
    shares = market.shares(cash, order["id"])
    assert (shares[(market.supplier.account_id, "goods")], sum(shares.values())) == (2000, 0)
    (payment,) = cash.site.get(f"{cash.path}/orders/{order['id']}/payments")["items"]
    assert payment["captured"] == 2 * 1250 + 395
