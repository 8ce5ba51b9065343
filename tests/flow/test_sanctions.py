"""Taking goods, suppliers and storefronts off sale, and back: at every checkout, in every list, for whoever keeps a copy."""

import pytest

from tests.flow.market import CASH, STRIPE, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")
PLENTY = 100_000
"""Units: a site goes on ordering until it is refused."""


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    return market.shop([STRIPE], [TABLE_RATE])


def listed(shop: Shop, product_id: str) -> bool:
    return bool(shop.site.send("GET", f"{shop.path}/listings/{product_id}").status == 200)


def test_a_recall_flags_paid_orders_and_keeps_their_parcels_from_being_sent(market: Market, shop: Shop):
    product_id = market.publish()
    order = market.order(shop, market.offer(shop, product_id)["offer_id"])
    market.pay(shop, order, data={"payment_method": "pm_card_visa"})
    shipment = market.shipments(shop, order["id"])[0]
    recall = {"reason": "sharp edges", "supplier_id": market.supplier.account_id}
    market.operator.hub.post(f"/v1/catalog/products/{product_id}/recall", recall)

    flagged = eventually(lambda: (o := shop.site.get(f"{shop.path}/orders/{order['id']}")).get("flags") and o)
    assert "sharp edges" in str(flagged["flags"])
    found = shop.site.get(f"{shop.path}/orders", flagged="true")["items"]
    assert order["id"] in {o["id"] for o in found}
    send = {"state": "dispatched", "tracking_number": "RR123456785GB"}
    refusal = market.supplier.hub.send("POST", f"/v1/shipments/{shipment['id']}/events", send, key="send-it-anyway")
    assert (refusal.status, refusal.body["type"]) == (409, "urn:monsoon:problem:shipment-held")

    market.operator.hub.post(f"/v1/catalog/products/{product_id}/reinstatement", {"supplier_id": market.supplier.account_id})
    eventually(lambda: not shop.site.get(f"{shop.path}/orders/{order['id']}").get("flags"))
    market.deliver(shop, order["id"])


def test_an_unpaid_order_of_recalled_goods_cannot_be_paid(market: Market, shop: Shop):
    product_id = market.publish()
    order = market.order(shop, market.offer(shop, product_id)["offer_id"])
    market.operator.hub.post(
        f"/v1/catalog/products/{product_id}/recall", {"reason": "sharp edges", "supplier_id": market.supplier.account_id}
    )
    seen = eventually(lambda: (o := shop.site.get(f"{shop.path}/orders/{order['id']}")).get("flags") and o)
    assert "payment_ticket" not in seen


def test_a_suspended_suppliers_goods_are_gone_everywhere_and_come_back(market: Market):
    supplier, shop = market.merchant("supplier"), market.shop([CASH], [TABLE_RATE])
    product_id = market.publish(supplier, stock=PLENTY)
    offer_id = market.offer(shop, product_id)["offer_id"]
    market.order(shop, offer_id)
    ticket = market.quote(shop, [{"offer_id": offer_id, "quantity": 1}])[0]["ticket"]
    market.operator.hub.post(f"/v1/suppliers/{supplier.account_id}/suspension", {"reason": "sold copies"})

    refusal = eventually(lambda: (r := market.try_order(shop, offer_id, ticket=ticket)).status != 201 and r)
    assert refusal.status == 409
    eventually(lambda: not listed(shop, product_id))
    offer = f"/v1/catalog/products/{product_id}"
    eventually(lambda: supplier.hub.get(offer)["state"] == "recalled")
    standing = supplier.hub.get(f"/v1/suppliers/{supplier.account_id}/standing")
    assert (standing["state"], standing["reason"]) == ("suspended", "sold copies")

    market.operator.hub.post(f"/v1/suppliers/{supplier.account_id}/reinstatement")
    eventually(lambda: listed(shop, product_id))
    eventually(lambda: supplier.hub.get(offer)["state"] == "on_sale")
    market.order(shop, offer_id)


def test_a_suspended_storefront_sells_nothing_until_it_is_reinstated(market: Market):
    shop = market.shop([CASH], [TABLE_RATE])
    offer_id = market.offer(shop, market.publish(stock=PLENTY))["offer_id"]
    market.order(shop, offer_id)
    owner = {"account_id": shop.owner.account_id}
    market.operator.hub.post(f"{shop.path}/suspension", {"reason": "asked for payment elsewhere"} | owner)

    refusal = eventually(lambda: (r := market.try_order(shop, offer_id)).status != 201 and r)
    assert (refusal.status, refusal.body["type"]) == (409, "urn:monsoon:problem:storefront-suspended")
    assert "elsewhere" not in str(refusal.body), "an operator's reason is told to the owner alone"
    eventually(lambda: shop.site.send("GET", f"{shop.path}/listings").status == 409)

    market.operator.hub.post(f"{shop.path}/reinstatement", owner)
    eventually(lambda: shop.site.send("GET", f"{shop.path}/listings").status == 200)
    market.order(shop, offer_id)


def test_only_operators_sanction(market: Market, shop: Shop):
    for path, body in (
        (f"/v1/suppliers/{market.supplier.account_id}/suspension", {"reason": "a rival"}),
        (f"{shop.path}/suspension", {"reason": "a rival", "account_id": shop.owner.account_id}),
    ):
        assert shop.owner.hub.send("POST", path, body, key="rival").status == 403
