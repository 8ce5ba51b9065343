"""A merchant opens a shop by the API: at each step its pages say what is there and what is missing, until somebody orders and pays."""

import uuid
from typing import Any

import pytest

from hubclient.hub import Hub
from tests.flow.form_browser import FormBrowser
from tests.flow.market import CASH, TABLE_RATE, Market, eventually

pytestmark = pytest.mark.xdist_group("hub")
HOME = {"name": "Ada Buyer", "line1": "1 Harbour Street", "city": "Bristol", "postal_code": "BS1 5TR", "email": "ada@buyers.example"}
TOLD = ("name", "languages", "selection", "price_rule", "open", "pages", "version")


def change(owner: Hub, path: str, **more: Any) -> None:
    now = owner.get(path)
    owner.ask("PUT", path, {name: now[name] for name in TOLD if name in now} | more)


def orders_and_pays(browser: FormBrowser, owner: Hub, path: str) -> str:
    """From the rates on: the shop takes no payment first, then cash. Answers the order's address."""
    assert browser.submit("review") == 200
    assert browser.submit("place") == 200
    order = browser.address
    browser.submit("pay")
    assert "This shop takes no payment on its pages for this order yet." in browser.text
    owner.post(f"{path}/payment-installations", CASH)
    browser.open(order)
    browser.submit("pay")
    assert browser.submit("pay") == 200
    assert "when the parcel is brought to you" in browser.text
    eventually(lambda: browser.open(order) == 200 and "the payment is promised" in browser.text)
    return order


def test_a_new_shop_says_what_is_missing_until_it_sells(market: Market):
    owner, browser, slug = market.merchant("storefront").hub, FormBrowser(), f"new-{uuid.uuid4().hex[:8]}x"
    home = f"{market.stack.api}/shop/{slug}"

    def says(words: str, path: str = "") -> bool:
        browser.open(home + path)
        return words in browser.text

    assert says("There is no shop at this address")
    body = {"name": "New shop", "languages": ["en", "zh"], "selection": {"suppliers": [owner.get("/v1/account")["account_id"]]}}
    rest = {"price_rule": {"margin_per_mille": 250}, "open": False, "pages": {"slug": slug}}
    path = f"/v1/storefronts/{owner.post('/v1/storefronts', body | rest)['id']}"
    eventually(lambda: says("This shop is closed at present"))
    change(owner, path, open=True)
    for page in ("", "/products"):
        eventually(lambda page=page: says("Nothing is on sale here yet", page))
    assert says("has not said so here yet", "/about/imprint")

    product_id = market.publish()
    change(owner, path, selection={"suppliers": [market.supplier.account_id]})
    eventually(lambda: browser.open(f"{home}/products/{product_id}?language=en") == 200)
    assert browser.submit("cart", units=1) == 200
    browser.open("address?language=en")
    browser.submit("rates", **HOME)
    assert "This shop has no courier yet: nothing can be sent." in browser.text
    owner.post(f"{path}/courier-installations", TABLE_RATE)
    eventually(lambda: browser.open("address?language=en") and browser.submit("rates", **HOME) == 200 and 'name="ticket"' in browser.text)
    order = orders_and_pays(browser, owner, path)
    change(owner, path, open=False)
    eventually(lambda: says("This shop is closed at present"))
    assert says('action="find"', "/find"), "who ordered finds the order still"
    assert browser.open(order) == 200
