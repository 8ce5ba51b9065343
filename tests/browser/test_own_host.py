"""The same shop below the hub's address and at a host of its own: the same pages, and bought at either."""

from collections.abc import Callable

import pytest

from tests.browser.demo_hub import DemoHub
from tests.browser.shopper import Shopper
from tests.browser.test_buying import LANTERN, MUG
from tests.flow.market import eventually


@pytest.mark.parametrize("path", ["", "products", "products?q=tea", "cart", "about/imprint"])
def test_it_says_the_same_at_both(demo: DemoHub, shopper: Callable[..., Shopper], path: str):
    ada = shopper()

    def said(home: str) -> str:
        assert ada.open(home + path) == 200
        return ada.page.locator("body").inner_text()

    eventually(lambda: said(demo.home(LANTERN)) == said(demo.own_home(LANTERN)))  # a picture may come in between


def test_it_is_bought_at_its_own_host_and_stripe_leads_back_there(demo: DemoHub, shopper: Callable[..., Shopper]):
    ada, home = shopper(), demo.own_home(LANTERN)
    number = ada.buy(f"{home}products/{demo.product(MUG)}")
    ada.press("Pay £")
    ada.press("Pay with Stripe")
    ada.follow("Pay at Stripe")
    ada.press("Pay by card")
    ada.waits_for("Paid. Thank you!")
    assert ada.page.url.startswith(home)
    assert [one["state"] for one in demo.payments(LANTERN, number)] == ["captured"]
