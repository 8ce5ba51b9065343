"""Virtual goods from a shop's own file to the shopper and the ledger: beside a parcel of the same supplier, and alone."""

import uuid
from typing import Any

import pytest

from tests.flow.market import ADDRESS, CASH, STRIPE, TABLE_RATE, Market, Shop, eventually
from tests.flow.test_feeds import sent

pytestmark = pytest.mark.xdist_group("hub")
KEY = "AAAA-BBBB-CCCC"


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    return market.shop([STRIPE | {"rank": 1}, CASH | {"rank": 2}], [TABLE_RATE])


@pytest.fixture(scope="module")
def book(market: Market, shop: Shop) -> dict[str, Any]:
    """A book on paper and as a file, by Shopify's product CSV; its listing."""
    sku = f"bk-{uuid.uuid4().hex[:8]}"
    columns = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price"
    file = f"""{columns},Variant Requires Shipping
{sku},Lamp making {sku[-4:]},Form,Paper,{sku},400,5,10.00,TRUE
{sku},,,E-book,{sku}-E,0,9,6.00,FALSE
"""
    constants = {"currency": "GBP", "category": "hg", "length_mm": "200", "width_mm": "150", "height_mm": "20"}
    report = sent(market.supplier.hub, file.encode(), constants=constants)
    assert report.faults() == {}, report
    return market.offer(shop, report.rows[0]["product_id"])


def ordered(shop: Shop, body: dict[str, Any]) -> dict[str, Any]:
    path = f"{shop.path}/orders"
    return eventually(lambda: (r := shop.site.send("POST", path, body, key=str(uuid.uuid4()))).status == 201 and r.body)


def by_kind(market: Market, order_id: str) -> dict[bool, dict[str, Any]]:
    """The supplier's shipments of the order, by whether they are virtual."""
    return {s.get("virtual", False): s for s in market.supplier.hub.get("/v1/shipments")["items"] if s["order_id"] == order_id}


def fulfilment(shop: Shop, order_id: str) -> str:
    return str(shop.site.get(f"{shop.path}/orders/{order_id}")["fulfilment"])


def delivered(shop: Shop, order_id: str) -> list[str]:
    shown = shop.site.get(f"{shop.path}/orders/{order_id}/shipments")["items"]
    return [line["text"] for shipment in shown for line in shipment.get("delivered", ())]


def test_a_book_and_its_file_leave_in_two_parts_and_the_key_waits_for_no_parcel(market: Market, shop: Shop, book: dict[str, Any]) -> None:
    paper, file = book["variants"]
    assert ("requires_shipping" in paper, file["requires_shipping"]) == (False, False)
    lines = [{"offer_id": paper["offer_id"], "quantity": 1}, {"offer_id": file["offer_id"], "quantity": 1}]
    rate = market.quote(shop, lines)[0]
    assert rate["price"] == market.quote(shop, lines[:1])[0]["price"], "what travels in no parcel adds nothing"
    order = ordered(shop, {"lines": lines, "address": ADDRESS, "shipping_ticket": rate["ticket"]})
    market.pay(shop, order, data={"payment_method": "pm_card_visa"})
    market.order_is(shop, order["id"], "paid")
    parts = eventually(lambda: (found := by_kind(market, order["id"])).keys() == {True, False} and found)
    assert [[content["offer_id"] for content in parts[kind]["parcel"]["contents"]] for kind in (False, True)] == [
        [paper["offer_id"]], [file["offer_id"]],
    ]  # fmt: skip
    assert (parts[False]["parcel"]["weight"], parts[True]["parcel"]["weight"]) == (400, 0)

    body = {"lines": [{"offer_id": file["offer_id"], "text": KEY}]}
    assert market.supplier.hub.put(f"/v1/shipments/{parts[True]['id']}/delivery", body)["state"] == "delivered"
    assert delivered(shop, order["id"]) == [KEY]
    eventually(lambda: fulfilment(shop, order["id"]) == "under_way")
    told = {"state": "dispatched", "tracking_number": "RR123456785GB"}
    market.supplier.hub.post(f"/v1/shipments/{parts[False]['id']}/events", told)
    eventually(lambda: fulfilment(shop, order["id"]) == "dispatched")
    market.supplier.hub.post(f"/v1/shipments/{parts[False]['id']}/events", {"state": "delivered"})
    eventually(lambda: fulfilment(shop, order["id"]) == "delivered")
    shares = market.shares(shop, order["id"])
    assert (shares[(market.supplier.account_id, "goods")], sum(shares.values())) == (1000 + 600, 0)


def test_a_file_alone_is_ordered_for_a_country_paid_by_card_and_refunded_before_it_is_delivered(
    market: Market, shop: Shop, book: dict[str, Any]
) -> None:
    file = book["variants"][1]["offer_id"]
    order = ordered(shop, {"lines": [{"offer_id": file, "quantity": 2}], "country": "GB"})
    assert (order["shipping"]["plugin"], order["totals"]["total"]["amount"], "address" in order) == ("virtual", 2 * 750, False)
    cash = next(i["id"] for i in shop.owner.hub.get(f"{shop.path}/payment-installations")["items"] if i["plugin"] == "cash_on_delivery")
    asked = {"ticket": order["payment_ticket"], "installation_id": cash}
    refused = shop.site.send("POST", f"{shop.path}/orders/{order['id']}/payments", asked, key=str(uuid.uuid4()))
    assert (refused.status, refused.body["type"].rpartition(":")[2]) == (409, "no-provider")
    market.pay(shop, order, data={"payment_method": "pm_card_visa"})
    market.order_is(shop, order["id"], "paid")
    part = eventually(lambda: by_kind(market, order["id"]).get(True))
    refund = {"lines": [{"offer_id": file, "quantity": 1}], "reason": "one is enough"}
    shop.owner.hub.post(f"{shop.path}/orders/{order['id']}/refunds", refund)
    eventually(lambda: by_kind(market, order["id"])[True]["parcel"]["contents"][0]["quantity"] == 1)
    market.supplier.hub.put(f"/v1/shipments/{part['id']}/delivery", {"lines": [{"offer_id": file, "url": "https://a.example/get"}]})
    eventually(lambda: fulfilment(shop, order["id"]) == "delivered")
    eventually(lambda: market.shares(shop, order["id"])[(market.supplier.account_id, "goods")] == 600)
    assert market.trial_balance() == {"GBP": 0}
