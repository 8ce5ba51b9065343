"""Providers that the demo's shops do not use, by their stand-ins: at a page of theirs or by a code of theirs, one charge each."""

from collections.abc import Callable

import pytest

from shared.pages.qr_code import qr_svg
from tests.browser.demo_hub import DemoHub
from tests.browser.shopper import Shopper
from tests.browser.stand_ins import CONFIGS, StandIns
from tests.browser.test_buying import LANTERN, MUG

CORNER = "jiejiao-xiaopu"


@pytest.fixture
def pay_with(demo: DemoHub, shopper: Callable[..., Shopper]) -> Callable[..., tuple[Shopper, str]]:
    """`pay_with("paypal", LANTERN, "PayPal")`: a shopper who ordered there and chose it, with the order's number."""

    def chosen(plugin: str, slug: str, name: str) -> tuple[Shopper, str]:
        demo.install(slug, plugin, CONFIGS[plugin])
        ada = shopper()
        number = ada.buy(f"{demo.home(slug)}products/{demo.product(MUG)}")
        ada.press("Pay ")
        ada.press(f"Pay with {name}")
        ada.load_again()
        return ada, number

    return chosen


def test_paypal(demo: DemoHub, stand_ins: StandIns, pay_with: Callable[..., tuple[Shopper, str]]):
    ada, number = pay_with("paypal", LANTERN, "PayPal")
    assert ada.leads_to("Pay at PayPal").startswith("https://www.sandbox.paypal.com/checkoutnow?token=")
    ((order_id, order),) = stand_ins.paypal.orders.items()
    order["status"] = "APPROVED"
    ada.follow("I have paid: look again")
    ada.waits_for("Paid. Thank you!")
    (payment,) = demo.payments(LANTERN, number)
    assert (payment["state"], stand_ins.paypal.charges(payment["id"])) == ("captured", 1), order_id


def test_adyen(demo: DemoHub, stand_ins: StandIns, pay_with: Callable[..., tuple[Shopper, str]]):
    ada, number = pay_with("adyen", LANTERN, "Adyen")
    (link,) = stand_ins.adyen.links
    assert link in ada.leads_to("Pay at Adyen")
    stand_ins.adyen.pay(link)
    (payment,) = demo.payments(LANTERN, number)
    stand_ins.tell(f"{demo.stack.api}/v1/hooks/payments/{payment['installation_id']}")
    ada.follow("I have paid: look again")
    ada.waits_for("Paid. Thank you!")
    assert (demo.payments(LANTERN, number)[0]["state"], stand_ins.adyen.charges(payment["id"])) == ("captured", 1)


@pytest.mark.parametrize(("plugin", "name"), [("wechat_pay", "WeChat Pay"), ("alipay", "Alipay")])
def test_a_code_is_scanned_and_paid_in_the_providers_app(
    demo: DemoHub, scanning: StandIns, shopper: Callable[..., Shopper], plugin: str, name: str
):
    demo.install(CORNER, plugin, CONFIGS[plugin])
    ada = shopper()
    number = ada.buy(f"{demo.home(CORNER)}products/{demo.product(MUG)}?language=en&currency=CNY", "CN")
    ada.press("Pay ")
    ada.press(f"Pay with {name}")
    assert ada.heading == f"Scan and pay with {name}"
    ada.load_again()
    (payment,) = demo.payments(CORNER, number)
    drawn = ada.page.locator("svg.qr path").last.get_attribute("d")
    assert f'd="{drawn}"' in qr_svg(payment["next_action"]["data"]), "the provider's own code"
    assert scanning.scanned(plugin, payment) == 1
    ada.waits_for("Paid. Thank you!")
    ada.follow("To the order")
    ada.waits_for("Ordered and paid")
    assert [one["state"] for one in demo.payments(CORNER, number)] == ["captured"]
