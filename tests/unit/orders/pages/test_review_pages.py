"""Review and place: what the API's checkout does, by forms; sent however often, one order, at the sum that was shown."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from monsoon_plugin.clock import utc_now
from shared.ids import derived_id
from shared.messages import OfferRecalled
from shared.pages.visits.visit import VISIT, ShopLook, Visit
from tests.fakes import MEDIA, TICKETS, Reply
from tests.unit.orders.deployed import Deployed, shipping_ticket
from tests.unit.orders.given import ACCOUNT, ADDRESS, MUG, STOREFRONT, SUPPLIER, publication

SHOP = Visit(
    account_id=ACCOUNT, storefront_id=STOREFRONT, shop=ShopLook(slug="mug-house", name="Mugs & more", accent="#0f6b5c"), language="en",
    currency="EUR",
)  # fmt: skip
OURS = {"accept": "text/html", "host": "hub.example", "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
HERE = {"slug": "mug-house"}


def fields(page: Reply, action: str) -> dict[str, str]:
    """What a browser sends of a page's form to `action`, as it is shown."""
    form = re.search(rf'<form[^>]*action="{action}">(.*?)</form>', page.body, re.DOTALL)
    assert form, page.body
    inputs = re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', form[1])
    return {name: unescape(value) for name, value in inputs if f'name="{name}" value="true"' not in form[1]}


class Shopper:
    def __init__(self, hub: Deployed, visit: Visit = SHOP) -> None:
        self.hub, self.visit = hub, hub.services.visits.ticket(visit)

    def posts(self, path: str, **values: Any) -> Reply:
        return self.hub.call("POST", f"/shop/{{slug}}/{path}", path=HERE, raw=urlencode(values), headers=OURS)

    def looks(self, link: str, slug: str = "mug-house") -> Reply:
        path, _, query = link.partition("?")
        return self.hub.call(
            "GET", f"/shop/{{slug}}/{path}", path={"slug": slug}, query=dict(parse_qsl(query)), headers={"accept": "text/html"}
        )

    def reviews(self, units: int = 2, ticket: str | None = None, **more: Any) -> Reply:
        where = {"name": ADDRESS.name, "line1": ADDRESS.lines[0], "city": ADDRESS.city, "postal_code": ADDRESS.postal_code, "country": "GB"}
        chosen = shipping_ticket(units) if ticket is None else ticket
        return self.posts("review", **{"visit": self.visit, "lines": f"{MUG}:{units}", "ticket": chosen, **where, **more})

    def places(self, page: Reply, **more: Any) -> Reply:
        return self.posts("place", **{**fields(page, "place"), "buyer_email": "ada@example.com", **more})

    def orders(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.hub.list().body["items"]
        return items


@pytest.fixture
def shopper(hub: Deployed) -> Shopper:
    return Shopper(hub)


def test_a_review_shows_goods_delivery_and_sum_and_nobodys_cost(shopper: Shopper) -> None:
    page = shopper.reviews()
    assert page.status == 200
    for said in ("Blue mug, 300 ml", "€12.50", "€25.00", "€4.50", "€29.50", "1 Harbour Road", "United Kingdom", "Mugs &amp; more"):
        assert said in page.body, said
    assert "€10.00" not in page.body
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("private, no-cache", "same-origin"), "Back shows it again"
    assert shopper.orders() == []


def test_placing_leads_to_the_orders_page_and_ends_the_cart(shopper: Shopper) -> None:
    placed = shopper.places(shopper.reviews(), note="Ring twice\r\nplease", gift="true", buyer_name="Ada Chen")
    assert placed.status == 303
    assert placed.headers["Set-Cookie"].startswith("cart=; Max-Age=0")
    page = shopper.looks(placed.headers["Location"])
    (order,) = shopper.orders()
    assert f"Order {order['number']}" in page.body
    assert (order["buyer"]["email"], order["note"], order["gift"], order["totals"]["total"]["amount"]) == (
        "ada@example.com", "Ring twice\nplease", True, 2950,
    )  # fmt: skip
    paying = fields(page, "pay")
    assert set(paying) == {"visit", "ticket", "order"}
    for secret in ("Ada Chen", "ada@example.com", "Harbour Road", "Ring twice"):
        assert secret not in page.body


def test_double_click_back_and_reload_give_one_order(shopper: Shopper) -> None:
    page = shopper.reviews()
    first, again, changed = shopper.places(page), shopper.places(page), shopper.places(page, note="another thought")
    assert {first.status, again.status, changed.status} == {303}
    assert len(shopper.orders()) == 1
    assert shopper.hub.left == 8
    shown = {re.search(r"Order (\S+?) ", shopper.looks(each.headers["Location"]).body + " ")[1] for each in (first, again, changed)}  # type: ignore[index]
    assert len(shown) == 1
    assert "before. What you changed since is not in it" in shopper.looks(changed.headers["Location"]).body
    assert "What you changed since" not in shopper.looks(again.headers["Location"]).body


def test_reviews_of_one_cart_are_one_order_and_another_cart_is_another_though_all_is_alike(hub: Deployed) -> None:
    first, second = (Shopper(hub, SHOP.model_copy(update={"once": once * 22})) for once in "ab")
    reload, tab = first.reviews(), first.reviews()
    assert fields(reload, "place")["key"] == fields(tab, "place")["key"]
    assert {first.places(reload).status, first.places(tab).status, first.places(first.reviews()).status} == {303}
    assert len(first.orders()) == 1
    assert second.places(second.reviews()).status == 303, "another buyer, who types the same"
    assert len(first.orders()) == 2


def test_a_review_that_is_loaded_again_when_its_order_took_the_last_leads_to_that_order(hub: Deployed) -> None:
    shopper, other = Shopper(hub, SHOP.model_copy(update={"once": "c" * 22})), Shopper(hub, SHOP.model_copy(update={"once": "d" * 22}))
    assert shopper.places(shopper.reviews(10)).status == 303
    again = shopper.reviews(10)
    assert again.status == 303
    assert shopper.orders()[0]["number"] in shopper.looks(again.headers["Location"]).body
    assert other.reviews(10).status == 409, "who ordered nothing is told that nothing is left"


def test_a_page_that_lay_open_too_long_leads_to_what_its_cart_ordered_and_says_what_is_known_where_that_is_nothing(hub: Deployed) -> None:
    visit, now = SHOP.model_copy(update={"once": "e" * 22}), utc_now()
    shopper = Shopper(hub, visit)
    page = shopper.reviews()
    old = TICKETS.issue(VISIT, visit, now - timedelta(days=3), timedelta(hours=12))
    over = shopper.posts("place", **{**fields(page, "place"), "buyer_email": "ada@example.com", "visit": old})
    assert (over.status, "This page ordered nothing now" in over.body, 'href="find"' in over.body) == (422, True, True)
    assert 'href="cart">Back to the cart' in over.body
    assert shopper.orders() == []
    assert shopper.places(page).status == 303
    again = shopper.posts("place", **{**fields(page, "place"), "buyer_email": "ada@example.com", "visit": old})
    assert again.status == 303
    assert shopper.orders()[0]["number"] in shopper.looks(again.headers["Location"]).body
    assert shopper.reviews(visit=old).headers["Location"].startswith("order?")
    ancient = TICKETS.issue(VISIT, visit, now - timedelta(days=90), timedelta(hours=12))
    for none in (ancient, "forged"):
        assert shopper.reviews(visit=none).status == 422


def test_a_review_of_the_release_before_has_a_key_of_its_own(shopper: Shopper) -> None:
    for _ in range(2):
        assert shopper.places(shopper.reviews()).status == 303
    assert len(shopper.orders()) == 2


def test_another_price_than_was_shown_places_nothing_and_shows_the_new_one(shopper: Shopper) -> None:
    page = shopper.reviews()
    shopper.hub.hear(publication(version=2, price=2000))
    refused = shopper.places(page)
    assert refused.status == 409
    assert "The sum has changed" in refused.body
    assert "€54.50" in refused.body
    assert shopper.orders() == []
    assert shopper.places(refused).status == 303


def test_pictures_of_the_cart_stand_beside_its_lines_from_the_hub_alone(shopper: Shopper) -> None:
    content = derived_id("img", "mug")
    page = shopper.reviews(pictures=content)
    assert f'src="{MEDIA}/{content}/320.webp"' in page.body
    assert f"img-src {MEDIA.partition('/media')[0]}" in page.headers["Content-Security-Policy"]
    assert fields(page, "place")["pictures"] == content, "they stand there again when something is wrong"
    for hostile in ("https://evil.example/x.png", '"><script>', f"{content} {content}", "img_x", "-" * 5000):
        shown = shopper.reviews(pictures=hostile)
        assert (shown.status, "<img" in shown.body) == (200, False), hostile


def test_what_is_wrong_is_said_at_its_field_and_all_else_is_kept(shopper: Shopper) -> None:
    refused = shopper.places(shopper.reviews(), buyer_email="nobody", note="Ring twice", buyer_phone="12")
    assert refused.status == 422
    assert 'aria-describedby="buyer_email-flaw"' in refused.body
    assert "name@example.com" in refused.body
    assert "Ring twice</textarea>" in refused.body
    assert shopper.orders() == []
    assert shopper.places(shopper.reviews(), buyer_email="").status == 422
    assert shopper.places(shopper.reviews(), note="x" * 501).status == 422


def test_a_business_gives_its_tax_number_as_its_country_calls_it_and_only_its_merchant_reads_it(shopper: Shopper) -> None:
    page = shopper.reviews()
    assert "For a business: VAT number" in page.body
    for wrong in ("12", "DE 123<456>", "x" * 33, "№123456"):
        refused = shopper.places(page, buyer_tax_id=wrong)
        assert (refused.status, 'id="buyer_tax_id-flaw"' in refused.body) == (422, True), wrong
    placed = shopper.places(page, buyer_tax_id=" gb 123 4567 89 ")
    assert placed.status == 303
    (order,) = shopper.orders()
    assert order["buyer"]["tax_id"] == "gb 123 4567 89"
    assert order["buyer"]["type"] == "consumer", "the prices that were shown are what is paid"
    assert "123 4567" not in shopper.looks(placed.headers["Location"]).body
    kept = shopper.hub.services.orders.order(ACCOUNT, STOREFRONT, order["id"])
    assert kept.buyer.tax_id is None, "it lies sealed"


def test_fewer_that_are_left_recalled_goods_and_an_old_price_of_delivery_say_what_to_do(shopper: Shopper) -> None:
    short = shopper.reviews(11)
    assert (short.status, "Line 1 of your cart: only 10 left." in short.body) == (409, True)
    old = shopper.reviews(ticket=shipping_ticket(2, minutes=-1))
    assert (old.status, "Choose delivery again" in old.body) == (422, True)
    assert fields(old, "rates")["lines"] == f"{MUG}:2"
    other = shopper.reviews(3, ticket=shipping_ticket(2))
    assert "Choose delivery again" in other.body
    page = shopper.reviews()
    shopper.hub.hear(OfferRecalled(version=9, offer_id=MUG, product_id=publication().product_id, supplier_id=SUPPLIER, reason="it cracks"))
    refused = shopper.places(page)
    assert (refused.status, "was recalled" in refused.body) == (409, True)
    assert shopper.orders() == []


def test_no_form_of_another_shops_or_of_yesterdays_orders_anything(shopper: Shopper, hub: Deployed) -> None:
    page = shopper.reviews()
    yesterday = TICKETS.issue(VISIT, SHOP, utc_now() - timedelta(days=1), timedelta(hours=12))
    other = hub.services.visits.ticket(SHOP.model_copy(update={"shop": SHOP.shop.model_copy(update={"slug": "tea-house"})}))
    stranger = hub.services.visits.ticket(SHOP.model_copy(update={"account_id": "acc_x"}))
    for visit in ("forged", yesterday, other):
        refused = shopper.places(page, visit=visit)
        assert (refused.status, 'href="cart"' in refused.body) == (422, True)
    assert shopper.places(page, visit=stranger).status in (404, 422)
    assert shopper.places(page, key="short").status == 422
    assert shopper.places(page, lines=f"{MUG}:1000000000").status == 422
    assert shopper.orders() == []
