"""Virtual goods alone: from the address's page, which asks for a country, straight to the review."""

from html import unescape

from tests.unit.orders.deployed import Deployed
from tests.unit.orders.given import TEA, publication
from tests.unit.orders.pages.test_review_pages import Shopper, fields


def test_virtual_goods_alone_are_bought_without_an_address_and_a_courier(hub: Deployed) -> None:
    hub.hear(publication(TEA, requires_shipping=False))
    shopper = Shopper(hub)
    page = shopper.posts("review", visit=shopper.visit, lines=f"{TEA}:2", country="GB", email="ada@example.com")
    assert (page.status, "Delivered by download" in page.body) == (200, True)
    assert fields(page, "place")["buyer_email"] == "ada@example.com"
    assert fields(page, "address")["virtual"] == "1", "no address is asked for when it is changed"
    placed = shopper.places(page)
    assert placed.status == 303
    shown = shopper.looks(placed.headers["Location"])
    assert "parcels?" not in unescape(shown.body)
    (order,) = shopper.orders()
    assert (order["country"], order["shipping"]["plugin"], "address" in order) == ("GB", "virtual", False)


def test_what_travels_is_not_ordered_without_an_address(hub: Deployed) -> None:
    shopper = Shopper(hub)
    page = shopper.reviews(ticket="")
    assert page.status == 422
    assert "virtual" not in fields(page, "address")
    assert shopper.orders() == []
