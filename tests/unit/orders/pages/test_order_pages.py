"""An order's page by its link: followed, cancelled by whoever knows the e-mail, found again by number and e-mail."""

import re

import pytest

from functions.orders.buyers.order_lookup import MOST_LOOKUPS
from tests.fakes import Reply
from tests.unit.orders.deployed import Deployed
from tests.unit.orders.pages.test_review_pages import SHOP, Shopper, fields


@pytest.fixture
def shopper(hub: Deployed) -> Shopper:
    return Shopper(hub)


@pytest.fixture
def link(shopper: Shopper) -> str:
    return str(shopper.places(shopper.reviews()).headers["Location"])


def state(page: Reply) -> str:
    found = re.search(r'role="status">\s*<p><strong>\s*(.*?)\s*</strong>', page.body, re.DOTALL)
    assert found
    return found[1]


def test_an_order_says_in_words_how_it_stands(shopper: Shopper, link: str) -> None:
    page = shopper.looks(link)
    assert (page.status, state(page)) == (200, "Ordered, and not paid yet")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Pay €29.50" in page.body
    (order,) = shopper.orders()
    shopper.hub.pay(order["id"])
    paid = shopper.looks(link)
    assert state(paid) == "Ordered and paid"
    assert 'action="pay"' not in paid.body
    assert "已下单并付款" in shopper.looks(link.replace("language=en", "language=zh")).body


def test_a_link_shows_its_order_in_its_own_shop_alone(shopper: Shopper, link: str) -> None:
    assert shopper.looks(link, slug="tea-house").status == 404
    assert shopper.looks("order?ticket=forged").status == 422
    unnamed = shopper.hub.place({**_wanted()}, "k9").body["order_ticket"]
    assert shopper.looks(f"order?ticket={unnamed}").status == 404, "a client site shows its own"


def _wanted() -> dict[str, object]:
    from tests.unit.orders.deployed import wanted

    return wanted()


def test_who_has_the_link_alone_cancels_nothing(shopper: Shopper, link: str) -> None:
    form = fields(shopper.looks(link), "cancel")
    refused = shopper.posts("cancel", **{**form, "email": "eve@example.com"})
    assert (refused.status, "It was not cancelled" in refused.body) == (422, True)
    assert shopper.posts("cancel", **{**form, "email": ""}).status == 422
    assert shopper.orders()[0]["state"] == "unpaid"
    for _ in range(MOST_LOOKUPS):
        often = shopper.posts("cancel", **{**form, "email": "eve@example.com"})
    assert often.status == 429


def test_the_buyer_cancels_what_is_paid_and_has_not_left_and_again_changes_nothing(shopper: Shopper, link: str) -> None:
    form = {**fields(shopper.looks(link), "cancel"), "email": " Ada@Example.com "}
    (order,) = shopper.orders()
    shopper.hub.pay(order["id"])
    assert shopper.posts("cancel", **form).status == 303
    assert state(shopper.looks(link)) == "Being cancelled"
    shopper.hub.release(order["id"])
    gone = shopper.looks(link)
    assert state(gone) == "Cancelled"
    assert 'action="cancel"' not in gone.body
    assert shopper.posts("cancel", **form).status == 303


def test_number_and_email_find_it_and_neither_alone_does(shopper: Shopper, link: str) -> None:
    (order,) = shopper.orders()
    visit = shopper.hub.services.visits.ticket(SHOP)
    found = shopper.posts("find", visit=visit, number=order["number"].lower(), email="ADA@example.com")
    assert found.status == 303
    assert state(shopper.looks(found.headers["Location"])) == "Ordered, and not paid yet"
    for number, email in ((order["number"], "eve@example.com"), ("2GV1C-E162Y", "ada@example.com")):
        refused = shopper.posts("find", visit=visit, number=number, email=email)
        assert (refused.status, "No order of this shop" in refused.body) == (404, True)
        assert f'value="{number}"' in refused.body, "what was typed is kept"
    assert shopper.posts("find", visit=visit, number="", email="").status == 422


@pytest.mark.parametrize("language", ["x" * 36, "en\nSet-Cookie: cart=x", "zh&ticket=y"])
def test_a_language_that_is_none_cancels_all_the_same_and_is_left_out_of_the_address(shopper: Shopper, link: str, language: str) -> None:
    form = {**fields(shopper.looks(link), "cancel"), "language": language}
    assert shopper.posts("cancel", **{**form, "email": "eve@example.com"}).status == 422
    done = shopper.posts("cancel", **{**form, "email": "ada@example.com"})
    assert (done.status, done.headers["Location"].partition("&")[2]) == (303, "language=en")
