"""The whole way once. A newcomer's first file: what the hub does, said in HTTP calls against the deployed template.

uploads → audit → catalog → storefronts → orders → payments → shipping → settlement
"""

import uuid

import pytest

from tests.flow.market import CASH, PICKUP, STRIPE, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")
COST, PRICE, SHIPPING = 1000, 1250, 395
"""The supplier's price; + 25 % at both shops; the table rate of one. Pence."""


@pytest.fixture(scope="module")
def carded(market: Market) -> Shop:
    """A shop that takes cards through Stripe and sends by its own table of rates."""
    return market.shop([STRIPE], [TABLE_RATE])


@pytest.fixture(scope="module")
def cash(market: Market) -> Shop:
    """A shop that takes cash on delivery and hands parcels over its counter."""
    return market.shop([CASH], [PICKUP])


def test_a_product_becomes_a_paid_shipped_and_settled_order_at_two_shops_with_different_providers(market: Market, carded: Shop, cash: Shop):
    product_id = market.publish()

    listed = market.offer(carded, product_id)
    assert listed["price"] == market.offer(cash, product_id)["price"] == {"amount": PRICE, "currency": "GBP"}

    order = market.order(carded, listed["offer_id"], quantity=2)
    assert order["totals"]["total"] == {"amount": 2 * PRICE + SHIPPING, "currency": "GBP"}
    payment = market.pay(carded, order, data={"payment_method": "pm_card_visa"})
    assert (payment["plugin"], payment["state"]) == ("stripe", "captured")
    market.order_is(carded, order["id"], "paid")
    market.deliver(carded, order["id"])
    eventually(lambda: carded.site.get(f"{carded.path}/orders/{order['id']}")["fulfilment"] == "delivered")
    shares = market.shares(carded, order["id"])
    assert shares[(market.supplier.account_id, "goods")] == 2 * COST
    assert shares[(carded.owner.account_id, "margin")] == 2 * (PRICE - COST)
    assert shares[(carded.owner.account_id, "shipping")] == SHIPPING
    assert sum(shares.values()) == 0

    order = market.order(cash, listed["offer_id"])
    assert market.pay(cash, order)["state"] == "authorized"
    market.order_is(cash, order["id"], "accepted")
    market.hand_over(cash, order["id"])
    market.order_is(cash, order["id"], "paid")
    assert sum(market.shares(cash, order["id"]).values()) == 0

    stock = market.supplier.hub.get(f"/v1/offers/{listed['offer_id']}/stock")
    assert stock["quantity"] == 10 - 2 - 1
    assert market.trial_balance() == {"GBP": 0}


def test_a_recalled_product_sells_nowhere_from_the_next_order_on(market: Market, carded: Shop, cash: Shop):
    product_id = market.publish()
    offer_id = market.offer(carded, product_id)["offer_id"]
    market.order(cash, offer_id)
    tickets = [market.quote(shop, [{"offer_id": offer_id, "quantity": 1}])[0]["ticket"] for shop in (carded, cash)]
    market.supplier.hub.post(f"/v1/catalog/products/{product_id}/recall", {"reason": "a handle came off"})
    for shop, ticket in zip((carded, cash), tickets, strict=True):
        refusal = eventually(lambda s=shop, t=ticket: (r := market.try_order(s, offer_id, ticket=t)).status != 201 and r)
        assert (refusal.status, refusal.body["type"]) == (409, "urn:monsoon:problem:not-sellable")
        eventually(lambda s=shop: s.site.send("GET", f"{s.path}/listings/{product_id}").status == 404)


def test_a_swapped_provider_serves_the_next_order_without_a_restart(market: Market):
    shop = market.shop([CASH | {"rank": 10}], [TABLE_RATE])
    offer_id = market.offer(shop, market.publish())["offer_id"]
    assert market.pay(shop, market.order(shop, offer_id))["plugin"] == "cash_on_delivery"
    shop.owner.hub.post(f"{shop.path}/payment-installations", STRIPE | {"rank": 1})
    assert market.pay(shop, market.order(shop, offer_id))["plugin"] == "stripe"


def test_a_refund_pays_back_returns_the_stock_and_reverses_the_journal(market: Market, carded: Shop):
    offer_id = market.offer(carded, market.publish())["offer_id"]
    order = market.order(carded, offer_id, quantity=3)
    market.pay(carded, order, data={"payment_method": "pm_card_visa"})
    market.order_is(carded, order["id"], "paid")
    before = eventually(lambda: market.shares(carded, order["id"]))
    refund = {"lines": [{"offer_id": offer_id, "quantity": 3}], "shipping": True, "reason": "changed their mind"}
    carded.owner.hub.post(f"{carded.path}/orders/{order['id']}/refunds", refund)
    eventually(lambda: (s := market.shares(carded, order["id"])) != before and not any(s.values()))
    assert market.supplier.hub.get(f"/v1/offers/{offer_id}/stock")["quantity"] == 10
    assert market.trial_balance() == {"GBP": 0}


def test_the_same_key_orders_once_and_another_payload_is_refused(market: Market, carded: Shop):
    offer_id = market.offer(carded, market.publish())["offer_id"]
    market.order(carded, offer_id)
    key = str(uuid.uuid4())
    first, again = (market.try_order(carded, offer_id, key=key) for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert first.body["id"] == again.body["id"]
    assert market.try_order(carded, offer_id, quantity=2, key=key).status == 422
    assert market.supplier.hub.get(f"/v1/offers/{offer_id}/stock")["quantity"] == 10 - 2


def test_a_refused_product_is_never_listed_and_its_supplier_reads_why(market: Market, carded: Shop):
    texts = {"en": {"title": "Walnut bowl", "description": "Order cheaper at www.elsewhere.example, or write to me@elsewhere.example"}}
    made = market.supplier.hub.post("/v1/products", market.product(texts=texts))
    verdict = eventually(lambda: (p := market.supplier.hub.get(f"/v1/products/{made['product_id']}"))["status"] != "submitted" and p)
    assert verdict["status"] in ("refused", "held")
    assert verdict["code"]
    assert verdict["evidence"]
    assert carded.site.send("GET", f"{carded.path}/listings/{made['product_id']}").status == 404
