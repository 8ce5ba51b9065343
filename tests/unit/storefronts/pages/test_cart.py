"""A cart: in a cookie of one shop, bounded, at today's prices, and what has changed is said."""

from datetime import timedelta
from typing import Any

import pytest

from functions.storefronts.pages.cart.cart import MOST_KINDS, MOST_UNITS, Cart, CartFull, CartLine, OtherCurrency
from functions.storefronts.pages.cart.cart_tickets import KeptCart, cart_ticket, kept_cart
from monsoon_plugin.clock import utc_now
from monsoon_plugin.money import Amount
from shared.goods.order_quantity import OrderQuantity
from shared.messages import OfferAvailabilityChanged, OfferPublished
from shared.pages.visits.cart_cookie import KEPT
from shared.pages.visits.visit import VISIT, Visit
from tests.fakes import NOON, TICKETS, Reply
from tests.unit.storefronts.pages.shopper import Shopper, hidden
from tests.unit.storefronts.pages.test_shop_routes import OPEN
from tests.unit.storefronts.service import StorefrontsService, published, recalled


def with_product(message: OfferPublished, **changes: Any) -> OfferPublished:
    return message.model_copy(update={"product": message.product.model_copy(update={"tiers": [], **changes})})


@pytest.fixture
def shopper(service: StorefrontsService) -> Shopper:
    service.tell(*(published(n) for n in range(1, 4)))
    service.opened(OPEN)
    return Shopper(service)


def test_what_is_put_in_lies_in_a_cookie_that_no_script_reads(shopper: Shopper) -> None:
    added = shopper.puts_in(units=2)
    assert (added.status, added.headers["Location"]) == (303, "cart")
    assert added.headers["Set-Cookie"].endswith("; HttpOnly; SameSite=Lax; Secure")
    page = shopper.looks("cart")
    assert "Vase 1" in page.body
    assert "£25.98" in page.body
    assert page.headers["Cache-Control"] == "no-store"
    assert 'content="noindex' in page.body


def test_looking_around_sets_no_cookie_and_a_page_is_the_same_with_one(shopper: Shopper) -> None:
    before = shopper.looks("products/prd_1")
    shopper.puts_in()
    after = shopper.looks("products/prd_1")
    assert (before.body, before.headers["ETag"]) == (after.body, after.headers["ETag"])
    assert "Set-Cookie" not in {**before.headers, **shopper.looks("cart").headers}


def test_units_add_up_are_changed_and_taken_out(shopper: Shopper) -> None:
    shopper.puts_in(1)
    shopper.puts_in(1, 2)
    shopper.puts_in(2)
    assert 'value="3"' in shopper.looks("cart").body
    shopper.posts("cart", act="set", product="prd_1", offer="off_1", units=5)
    assert "£64.95" in shopper.looks("cart").body
    for number in (1, 2):
        shopper.posts("cart", act="remove", product=f"prd_{number}", offer=f"off_{number}")
    assert shopper.cookie == ""
    assert "Nothing is in your cart." in shopper.looks("cart").body


def test_a_form_whose_answer_was_lost_and_that_is_sent_again_puts_it_in_once(shopper: Shopper) -> None:
    before = shopper.cookie
    shopper.puts_in(1, 2)
    shopper.cookie = before
    shopper.puts_in(1, 2)
    assert 'value="2"' in shopper.looks("cart").body


@pytest.mark.parametrize("units", ["1000000000", "0", "-1", "many", "9" * 400])
def test_nobody_orders_a_billion(shopper: Shopper, units: str) -> None:
    shopper.puts_in()
    page = shopper.puts_in(units=units)
    assert page.status == 422
    assert "from 1 to 10,000" in page.body
    assert "Vase 1" in page.body, "what was in it still is"


@pytest.mark.parametrize("units", ["0", "many", "1000000000"])
def test_what_is_taken_out_is_whatever_stands_in_the_field_beside_it(shopper: Shopper, units: str) -> None:
    shopper.puts_in()
    assert shopper.posts("cart", act="remove", product="prd_1", offer="off_1", units=units).status == 303
    assert shopper.cookie == ""


@pytest.mark.parametrize("cookie", ["x", "a.b.c", "x" * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_or_overlong_cookie_is_an_empty_cart_that_says_so(shopper: Shopper, cookie: str) -> None:
    shopper.cookie = cookie
    page = shopper.looks("cart")
    assert (page.status, "could not be read any more" in page.body, "Nothing is in your cart." in page.body) == (200, True, True)
    assert shopper.puts_in().status == 303


def test_another_shops_cart_and_an_old_one_are_empty(shopper: Shopper) -> None:
    line = Cart("GBP", (CartLine("prd_1", "off_1", 1, 1299),))
    now = NOON
    for storefront, made in (("sf_another", now), ("sf_1", now - KEPT - timedelta(days=1))):
        value = cart_ticket(TICKETS, storefront, line, made)
        assert kept_cart(TICKETS, "sf_1", value, now) == (Cart(""), True)
    assert kept_cart(TICKETS, "sf_1", cart_ticket(TICKETS, "sf_1", line, now - timedelta(days=31)), now) == (line, False)


def test_a_full_cart_fits_in_a_cookie() -> None:
    ids = [f"{n:026d}" for n in range(MOST_KINDS)]
    full = Cart("GBP", tuple(CartLine(f"prd_{i}", f"off_{i}", MOST_UNITS, 10**9) for i in ids), "o" * 22)
    value = cart_ticket(TICKETS, f"sf_{ids[0]}", full, NOON)
    assert len(value) <= 3800
    assert kept_cart(TICKETS, f"sf_{ids[0]}", value, NOON) == (full, False)
    with pytest.raises(CartFull):
        full.with_added(CartLine("prd_x", "off_x", 1, 1), "GBP")
    with pytest.raises(OtherCurrency):
        full.with_added(CartLine("prd_x", "off_x", 1, 1), "EUR")


def test_a_month_later_another_price_is_said_until_the_shopper_agrees(shopper: Shopper) -> None:
    shopper.puts_in(1)
    shopper.service.tell(published(1, version=2, cost=1500))
    page = shopper.looks("cart")
    assert "It costs more now: it was £12.99." in page.body
    assert "Go to checkout" in page.body
    shopper.posts("cart", act="set", product="prd_1", offer="off_1", units=1)
    assert "it was" not in shopper.looks("cart").body


def test_recalled_unknown_and_sold_out_goods_say_so_and_stop_the_checkout(shopper: Shopper) -> None:
    for number in (1, 2, 3):
        shopper.puts_in(number)
    shopper.service.tell(recalled(1, 2))
    shopper.service.tell(OfferAvailabilityChanged(version=1, offer_id="off_2", product_id="prd_2", supplier_id="acc_7", in_stock=False))
    page = shopper.looks("cart")
    for said in ("It was recalled", "cracks", "It is sold out", "Change what is marked above"):
        assert said in page.body, said
    assert "Go to checkout" not in page.body
    assert shopper.looks("address").status == 303
    for number in (1, 2):
        shopper.posts("cart", act="remove", product=f"prd_{number}", offer=f"off_{number}")
    assert shopper.looks("address").status == 200
    assert shopper.puts_in(1).status == 410
    assert shopper.puts_in(77).status == 404


def test_a_cart_is_shown_in_the_currency_that_is_chosen_and_an_order_has_one(shopper: Shopper) -> None:
    shopper.puts_in(1)
    assert "€" in shopper.looks("cart", {"currency": "EUR"}).body
    shopper.posts("cart", {"currency": "EUR"}, act="add", product="prd_2", offer="off_2", units=1)
    page = shopper.looks("cart", {"currency": "EUR"})
    assert "£" not in page.body
    assert "€" in page.body
    assert hidden(shopper.looks("address", {"currency": "EUR"}), "lines") == "off_1:1 off_2:1"


def test_goods_in_two_currencies_are_two_orders(service: StorefrontsService) -> None:
    euros = with_product(published(2), price=Amount(amount=1000, currency="EUR"))
    service.tell(published(1), euros)
    service.opened({**OPEN, "price_rule": {"margin_per_mille": 250}})
    shopper = Shopper(service)
    assert shopper.puts_in(1).status == 303
    refused = shopper.puts_in(2)
    assert refused.status == 409
    assert "another currency than what is in your cart (GBP)" in refused.body


def test_quantities_in_which_goods_are_not_sold_name_those_in_which_they_are(service: StorefrontsService) -> None:
    six = with_product(published(1), order_quantity=OrderQuantity(minimum=6, multiple=6))
    service.tell(six)
    service.opened(OPEN)
    shopper = Shopper(service)
    assert 'min="6"' in shopper.looks("products/prd_1").body
    shopper.puts_in(1, 8)
    page = shopper.looks("cart")
    assert "order 6 / 12" in page.body
    assert shopper.looks("address").status == 303


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}])
def test_no_other_site_fills_anybodys_cart(shopper: Shopper, headers: dict[str, str], monkeypatch: Any) -> None:
    from tests.unit.storefronts.pages import shopper as module

    monkeypatch.setattr(module, "HEADERS", module.HEADERS | headers)
    assert shopper.puts_in().status == 403
    assert shopper.cookie == ""


def test_the_address_is_asked_for_as_its_country_writes_it(shopper: Shopper) -> None:
    shopper.puts_in()
    british = shopper.looks("address")
    assert '<option value="GB" selected>' in british.body
    assert "Town or city" in british.body
    assert british.headers["Referrer-Policy"] == "same-origin"
    fields = {"visit": hidden(british, "visit"), "lines": "off_1:1", "name": "Ada <b>", "line1": "1 Harbour Street"}
    japanese = shopper.posts("address", country="JP", **fields)
    assert japanese.status == 200
    assert "Prefecture" in japanese.body
    assert 'value="Ada &lt;b&gt;"' in japanese.body
    assert japanese.body.index('id="postal_code"') < japanese.body.index('id="line1"') < japanese.body.index('id="name"')
    assert shopper.posts("address", country="GB", visit="forged", lines="off_1:1").status == 422
    virtual = shopper.posts("address", country="GB", virtual="1", **fields)
    assert ('action="review"' in virtual.body, 'id="line1"' in virtual.body) == (True, False)


def once_of(page: Reply) -> str:
    """Of what is being bought, as the page's visit says it."""
    return TICKETS.read(VISIT, hidden(page, "visit"), Visit, NOON).once


def test_all_tabs_and_reloads_of_a_cart_order_it_once_and_the_next_cart_is_another(shopper: Shopper) -> None:
    shopper.puts_in(1)
    first = once_of(shopper.looks("address"))
    assert len(first) == 22
    assert once_of(shopper.looks("address")) == first
    shopper.puts_in(2)
    shopper.posts("cart", act="set", product="prd_2", offer="off_2", units=5)
    second_tab = shopper.looks("address")
    assert once_of(second_tab) == first
    other_form = shopper.posts("address", country="JP", visit=hidden(second_tab, "visit"), lines="off_1:1")
    assert once_of(other_form) == first
    shopper.cookie = ""  # ordered
    shopper.puts_in(1)
    assert once_of(shopper.looks("address")) not in ("", first)


def test_a_cart_of_the_release_before_is_ordered_once_a_form(shopper: Shopper) -> None:
    shopper.puts_in(1)
    kept = TICKETS.read("cart", shopper.cookie, KeptCart, utc_now())
    shopper.cookie = cart_ticket(TICKETS, kept.s, Cart("GBP", (CartLine("prd_1", "off_1", 1, 1299),)), utc_now())
    assert once_of(shopper.looks("address")) != once_of(shopper.looks("address"))


def test_a_shopper_in_chinese_is_asked_in_chinese(service: StorefrontsService, shopper: Shopper) -> None:
    chinese = Shopper(service, language="zh-CN")
    chinese.puts_in()
    page = chinese.looks("address")
    assert "送到哪里？" in page.body
    assert '<option value="CN" selected>中国' in page.body
    assert '<option value="广东省"' in page.body
    assert "订单号" in chinese.looks("find").body
