"""Couriers' rates as a page: chosen by a form, with reasons, and the address again where something of it is wrong."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.shipping.pages.rates_page_views import told_apart
from functions.shipping.quotes.quote_views import RateView
from shared.buyers.followed_orders import FollowedOrders
from shared.pages.visits.visit import ShopLook, Visit
from tests.fakes import Reply, call
from tests.unit.shipping.events import LONDON, ORDER, OWNER, STOREFRONT, TARIFF, accepted, paid, published
from tests.unit.shipping.fake_courier import CONFIG
from tests.unit.shipping.test_handler import app, courier, install, parts, tell  # noqa: F401 (fixtures)

SHOP = Visit(
    account_id=OWNER, storefront_id=STOREFRONT, shop=ShopLook(slug="tea-house", name="Tea", accent="#0f6b5c"), language="en", currency="GBP"
)
HERE = {"slug": "tea-house"}
OURS = {"accept": "text/html", "host": "hub.example", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
WHERE = {
    "name": "Ann", "line1": LONDON.lines[0], "city": LONDON.city, "postal_code": "E1 6AN", "country": "GB",
    "email": "ann@example.com",
}  # fmt: skip


@pytest.fixture
def ask(app: Any, parts: Any, tell: Any) -> Any:  # noqa: F811
    def post(visit: Visit = SHOP, **more: Any) -> Reply:
        values = {"visit": parts.visits.ticket(visit), "lines": "off_1:1", **WHERE, **more}
        return call(app, "POST", "/shop/{slug}/rates", path=HERE, raw=urlencode(values), headers=OURS)

    assert tell(published()) == []
    return post


def test_a_shopper_chooses_among_the_rates_that_the_api_quotes(app: Any, ask: Any) -> None:  # noqa: F811
    install(app)
    page = ask()
    assert page.status == 200
    assert "£4.00" in page.body
    (ticket,) = re.findall(r'type="radio" name="ticket" value="([^"]+)"', page.body)
    assert ticket.count(".") == 2
    assert 'name="line1" value="' in page.body
    assert page.headers["Cache-Control"] == "private, no-cache", "Back shows it again"


def test_a_service_that_has_a_tariff_for_the_orders_currency_is_not_shown_by_another_one_too() -> None:
    def rate(service: str, days: tuple[int, int] = (1, 3), converted: object = None) -> Any:
        return RateView.model_construct(plugin="table_rate", carrier="", service=service, days=days, converted=converted)

    own, same, other, slower = rate("Post"), rate("Post", converted="€"), rate("Van", converted="€"), rate("Post", (4, 9), "$")
    assert told_apart([same, own, other, slower]) == [own, other, slower]
    assert told_apart([same, other]) == [same, other]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"line1": ""}, "Fill this in."), ({"postal_code": "12345"}, "no postcode of GB"), ({"phone": "1"}, "digits after the code"),
     ({"email": "nobody"}, "no e-mail address"), ({"name": "x" * 101}, "Make this shorter."), ({"country": "XX"}, "country")],
)  # fmt: skip
def test_what_is_wrong_of_the_address_is_said_at_its_field_and_all_is_kept(app: Any, ask: Any, wrong: dict[str, str], said: str) -> None:  # noqa: F811
    install(app)
    page = ask(**wrong)
    assert page.status == 422
    assert said in page.body, page.body
    assert 'aria-invalid="true"' in page.body
    assert 'value="off_1:1"' in page.body
    if "name" not in wrong:
        assert 'value="Ann"' in page.body


def test_a_shop_without_a_courier_and_goods_that_are_gone_say_so(app: Any, ask: Any) -> None:  # noqa: F811
    assert "This shop has no courier yet" in ask().body
    install(app)
    assert "not on sale any more" in ask(lines="off_9:1").body


def test_an_address_that_no_courier_takes_says_so_and_can_be_changed(app: Any, ask: Any) -> None:  # noqa: F811
    install(app, config={**TARIFF, "zones": [zone for zone in TARIFF["zones"] if "GB" in zone["countries"]]})
    page = ask(country="BR", region="SP", postal_code="01310-100")
    assert (page.status, "No courier of this shop brings" in page.body) == (200, True)
    assert 'action="address"' in page.body


def test_a_courier_that_is_down_hides_no_other_and_is_told(app: Any, ask: Any, courier: Any) -> None:  # noqa: F811
    install(app)
    install(app, "remote", CONFIG)
    courier.silent = True
    assert ask().status == 200


@pytest.mark.parametrize("lines", ["", "off_1:1000000000", "off_1:0", "off_1:1 off_1:2", "<b>", "off_1"])
def test_lines_that_no_page_of_ours_wrote_lead_back_to_the_cart(app: Any, ask: Any, lines: str) -> None:  # noqa: F811
    page = ask(lines=lines)
    assert (page.status, 'href="cart"' in page.body) == (422, True)


def test_parcels_are_shown_by_the_orders_link_and_in_its_shop_alone(app: Any, parts: Any, tell: Any) -> None:  # noqa: F811
    installation = install(app)
    event = accepted(installation)
    order = type("Order", (), {"id": ORDER, "account_id": OWNER, "storefront_id": STOREFRONT})
    link = FollowedOrders(parts.tickets, parts.clock).ticket(order, SHOP)

    def looks(slug: str) -> Reply:
        return call(app, "GET", "/shop/{slug}/parcels", path={"slug": slug}, query={"ticket": link}, headers={"accept": "text/html"})

    assert "There is no parcel yet" in looks("tea-house").body
    assert tell(published()) == tell(event, paid(event)) == []
    page = looks("tea-house")
    assert (page.status, "Packed, with its label" in page.body) == (200, True)
    assert LONDON.lines[0] not in page.body
    assert looks("another-shop").status == 404
