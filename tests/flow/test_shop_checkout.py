"""A shop's whole way by forms, without script: cart, address, rates, review, order; paid in cash, followed, and another one cancelled."""

import re
import uuid

import pytest

from tests.flow.form_browser import FormBrowser
from tests.flow.market import CASH, PICKUP, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")
BANDS = [{"max_weight": 5000, "prices": [395]}]
POST = {"service": "Post", "currency": "GBP", "zones": [{"name": "Home", "countries": ["GB"], "bands": BANDS}]}
TARIFF = {"plugin": "table_rate", "mode": "live", "config": POST}
HOME = {"name": "Ada Buyer", "line1": "1 Harbour Street", "city": "Bristol", "postal_code": "BS1 5TR", "email": "ada@buyers.example"}


def ordered(browser: FormBrowser, home: str, product_id: str) -> str:
    """Buy one by forms; answers the order's number."""
    browser.open(f"{home}/products/{product_id}")
    assert browser.submit("cart", units=2) == 200, browser.text
    assert "/cart" in browser.address
    browser.open("address?language=en")
    eventually(lambda: (browser.submit("rates", **HOME) == 200 and 'name="ticket"' in browser.text) or (browser.open("address") and False))
    assert browser.submit("review") == 200, browser.text
    review = browser.form("place")
    assert browser.send(review.action, review.fields) == 200, browser.text
    number = re.search(r"<h1>Order (\S+)</h1>", browser.text)
    assert number, browser.text
    placed = browser.address
    browser.send(review.action, review.fields)
    assert f"<h1>Order {number[1]}</h1>" in browser.text, "sent again, it is the same order"
    browser.open(placed)
    return number[1]


@pytest.fixture
def shop(market: Market) -> Shop:
    slug = f"shop-{uuid.uuid4().hex[:8]}x"
    return market.shop([CASH], [PICKUP, TARIFF], name="Bowls", pages={"slug": slug}, selection={"suppliers": [market.supplier.account_id]})


def test_a_shopper_buys_by_forms_pays_in_cash_and_follows_the_parcel(market: Market, shop: Shop):
    product_id = market.publish()
    slug = shop.owner.hub.get(shop.path)["pages"]["slug"]
    home = f"{market.stack.api}/shop/{slug}"
    market.offer(shop, product_id)
    browser = FormBrowser()
    eventually(lambda: browser.open(f"{home}/products/{product_id}") == 200)
    number = ordered(browser, home, product_id)
    assert "Ordered, and not paid yet" in browser.text
    assert "ada@buyers.example" not in browser.text
    page = browser.address
    browser.open("cart")
    assert "Nothing is in your cart." in browser.text

    (order,) = shop.site.get(f"{shop.path}/orders", number=number)["items"]
    assert (order["buyer"]["email"], order["address"]["city"]) == ("ada@buyers.example", "Bristol")
    browser.open(page)
    ticket = browser.form("pay").fields["ticket"]
    shop.site.post(f"{shop.path}/orders/{order['id']}/payments", {"ticket": ticket})
    eventually(lambda: browser.open(page) == 200 and "the payment is promised" in browser.text)
    market.shipments(shop, order["id"])
    browser.open(re.findall(r'href="(parcels\?[^"]*)"', browser.text)[0].replace("&amp;", "&"))
    assert "Parcel 1 of 1" in browser.text, browser.text

    browser.open(f"{home}/find")
    assert browser.submit("find", number=number.lower(), email="eve@example.com") == 404
    assert browser.submit("find", number=number.lower(), email="ADA@buyers.example") == 200
    assert f"Order {number}" in browser.text


def test_another_order_is_cancelled_by_its_buyer_alone(market: Market, shop: Shop):
    product_id = market.publish()
    slug = shop.owner.hub.get(shop.path)["pages"]["slug"]
    home = f"{market.stack.api}/shop/{slug}"
    market.offer(shop, product_id)
    browser = FormBrowser()
    eventually(lambda: browser.open(f"{home}/products/{product_id}") == 200)
    number = ordered(browser, home, product_id)
    page = browser.address
    assert browser.submit("cancel", email="eve@example.com") == 422
    browser.open(page)
    assert browser.submit("cancel", email="ada@buyers.example") == 200
    eventually(lambda: browser.open(page) == 200 and "<strong>\nCancelled" in browser.text)
    (order,) = shop.site.get(f"{shop.path}/orders", number=number)["items"]
    assert (order["state"], order["reason"]) == ("cancelled", "shopper")
