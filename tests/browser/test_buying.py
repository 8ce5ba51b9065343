"""Without script, in a real browser: bought by each way to pay that the demo offers, followed to the door, cancelled, and never twice."""

from collections.abc import Callable

import pytest

from tests.browser.demo_hub import DemoHub
from tests.browser.shopper import EMAIL, Shopper
from tests.flow.market import eventually

LANTERN, PAPIER = "lantern-street", "papier-tee"
MUG = "RK-MUG-CEL"


@pytest.fixture
def ada(shopper: Callable[..., Shopper]) -> Shopper:
    return shopper()


def test_a_card_pays_at_stripes_page_once_though_its_form_is_sent_again_and_again(demo: DemoHub, ada: Shopper):
    number = ada.buy(f"{demo.home(LANTERN)}products/{demo.product(MUG)}")
    ada.press("Pay £")
    ada.press("Pay with Stripe")
    ada.page.go_back()
    ada.press("Pay with Stripe")
    ada.load_again()
    ada.follow("Pay at Stripe")
    ada.press("Pay by a card that is declined")
    ada.press("Pay by card")
    ada.waits_for("Paid. Thank you!")
    ada.load_again()
    assert ada.says("Paid. Thank you!")
    ada.follow("To the order")
    ada.waits_for("Ordered and paid")
    payments = demo.payments(LANTERN, number)
    assert [(one["plugin"], one["state"]) for one in payments] == [("stripe", "captured")]
    assert payments[0]["captured"] == demo.order(LANTERN, number)["totals"]["total"]["amount"]


def test_cash_is_promised_and_the_parcel_is_followed_to_the_door(demo: DemoHub, ada: Shopper):
    number = ada.buy(f"{demo.home(LANTERN)}products/{demo.product(MUG)}")
    ada.press("Pay £")
    ada.press("Order, and pay on delivery")
    assert ada.heading == "Ordered. Thank you!"
    ada.follow("To the order")
    ada.waits_for("the payment is promised")
    order = ada.page.url
    demo.send(LANTERN, number, "dispatched")
    ada.waits_for("On its way")
    ada.follow("Where are the parcels?")
    ada.waits_for("RR123456785GB")
    demo.send(LANTERN, number, "delivered")
    ada.waits_for("Parcel 1 of 1: Delivered")
    ada.open(order)
    ada.waits_for("Delivered")
    (subjects,) = [eventually(lambda: len(found := demo.mails(EMAIL, number)) >= 3 and found)]
    ada.open(demo.stack.mailbox)
    listed = ada.page.locator("body").inner_text()
    assert all(subject in listed for subject in subjects), (subjects, listed)


def test_a_transfer_tells_where_the_money_goes_and_the_order_waits_for_it(demo: DemoHub, ada: Shopper):
    number = ada.buy(f"{demo.home(PAPIER)}products/{demo.product('RK-POT-FAM')}")
    ada.press("Pay ")
    ada.press("Pay by Bank transfer")
    assert ada.heading == "Send the money from your bank"
    assert ada.says("DE89 3704 0044 0532 0130 00")
    ada.load_again()
    assert [one["state"] for one in demo.payments(PAPIER, number)] == ["pending"]
    ada.follow("To the order")
    assert ada.heading == f"Order {number}"


def test_another_order_is_cancelled_by_its_buyer(demo: DemoHub, ada: Shopper):
    number = ada.buy(f"{demo.home(LANTERN)}products/{demo.product(MUG)}")
    ada.page.get_by_text("Cancel this order").click()
    ada.fill(email="eve@example.com")
    ada.press("Cancel the whole order")
    assert ada.says("It was not cancelled")
    ada.fill(email=EMAIL)
    ada.press("Cancel the whole order")
    ada.waits_for("Nothing will be sent.")
    assert (demo.order(LANTERN, number)["state"], demo.order(LANTERN, number)["reason"]) == ("cancelled", "shopper")


def test_a_paid_order_is_cancelled_and_its_money_goes_back(demo: DemoHub, ada: Shopper):
    number = ada.buy(f"{demo.home(LANTERN)}products/{demo.product(MUG)}")
    ada.press("Pay £")
    ada.press("Pay with Stripe")
    ada.follow("Pay at Stripe")
    ada.press("Pay by card")
    ada.waits_for("Paid. Thank you!")
    ada.follow("To the order")
    ada.waits_for("Ordered and paid")
    assert ada.says("Sold by: Lantern Street Ltd, 12 Lantern Street, BS1 4XX Bristol, United Kingdom")
    ada.page.get_by_text("Cancel this order").click()
    ada.page.locator("form[action=cancel] [name=email]").fill(EMAIL)
    ada.press("Cancel the whole order")
    ada.waits_for("Nothing will be sent.")
    ada.waits_for("Refunded")
    (payment,) = demo.payments(LANTERN, number)
    assert (demo.order(LANTERN, number)["state"], payment["refunded"]) == ("cancelled", payment["captured"])


def test_back_reload_and_a_double_press_give_one_order(demo: DemoHub, ada: Shopper):
    before = {order["id"] for order in demo.orders(LANTERN)}
    ada.put_into_cart(f"{demo.home(LANTERN)}products/{demo.product(MUG)}")
    ada.to_review()
    ada.page.get_by_role("button", name="Order, and pay").dblclick()
    ada.page.wait_for_url("**/order?**")
    number = ada.heading
    ada.load_again()
    assert ada.heading == number
    ada.page.go_back()
    assert ada.heading == "Is everything right?"
    ada.press("Order, and pay")
    assert ada.heading == number
    assert len({order["id"] for order in demo.orders(LANTERN)} - before) == 1
