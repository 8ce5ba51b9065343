"""A shopper pays on the hub's own pages, without script: at Stripe's page, which is a stand-in's, and by a transfer. One charge each."""

import re
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from monsoon_plugin.clock import utc_now
from shared.api.tickets import Tickets
from shared.pages.visits.visit import ShopLook, Visit, Visits
from tests.flow.inside import output
from tests.flow.market import STRIPE, TABLE_RATE, Market, Shop, eventually
from tests.flow.test_bank_transfer import TRANSFER

pytestmark = pytest.mark.xdist_group("hub")
SLUG = "harbour-tea"
Answer = tuple[int, str, str]
"""Status, text, and where it leads to."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """A test sees each step."""


def sent(address: str, fields: dict[str, str] | None = None) -> Answer:
    """What a browser without script gets."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Referer": urljoin(address, "order")}
    request = Request(address, urlencode(fields).encode() if fields else None, headers)
    try:
        with build_opener(_Stay).open(request, timeout=60) as answer:
            return answer.status, answer.read().decode(), ""
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), urljoin(address, error.headers.get("Location", ""))


def visit(market: Market, shop: Shop) -> str:
    """What the shop's cart hands on: signed as storefronts signs it."""
    secret = market.stack.client("secretsmanager").get_secret_value(SecretId=output(market.stack, "SigningSecret"))["SecretString"]
    look = ShopLook(slug=SLUG, name="Harbour Tea", accent="#0f6b5c")
    owner = shop.owner.account_id
    seen = Visit(account_id=owner, storefront_id=shop.storefront_id, shop=look, language="en", currency="GBP")
    return Visits(Tickets(lambda: secret), utc_now).ticket(seen)


def form(page: str, button: str) -> dict[str, str]:
    """The fields of the form whose button says so."""
    found = next(one for one in re.findall(r"<form method=\"post\" action=\"pay\">(.*?)</form>", page, re.DOTALL) if button in one)
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', found)}


def test_an_order_is_paid_at_stripes_page_once_however_often_the_form_is_sent(market: Market):
    shop = market.shop([STRIPE, TRANSFER], [TABLE_RATE])
    order = market.order(shop, market.offer(shop, market.publish())["offer_id"])
    pay = f"{market.stack.api}/shop/{SLUG}/pay"
    arriving = {"visit": visit(market, shop), "ticket": order["payment_ticket"], "order": "followed"}
    status, choices, _ = sent(pay, arriving)
    assert (status, "Stripe" in choices, "Bank transfer" in choices) == (200, True, True)
    chosen = form(choices, "Stripe")
    places = {sent(pay, chosen)[2] for _ in range(3)} | {sent(pay, arriving)[2]}
    (between,) = places
    _, page, _ = sent(between)
    stripe = unescape(re.search(r'class="button" href="([^"]+)"', page)[1])  # type: ignore[index]
    assert sent(stripe, {"card": "pm_card_chargeCustomerFail"})[0] == 200, "it is declined there, and another card is tried there"
    status, _, back = sent(stripe, {"card": "pm_card_visa"})
    assert (status, urlsplit(back).path, parse_qs(urlsplit(back).query)["t"]) == (
        303, urlsplit(between).path, parse_qs(urlsplit(between).query)["t"],
    )  # fmt: skip
    assert eventually(lambda: "Paid. Thank you!" in sent(back)[1])
    assert "Paid. Thank you!" in sent(sent(pay, chosen)[2])[1], "Back, and the same form again"
    market.order_is(shop, order["id"], "paid")
    payments = shop.site.get(f"{shop.path}/orders/{order['id']}/payments")["items"]
    assert [(payment["state"], payment["captured"]) for payment in payments] == [("captured", order["totals"]["total"]["amount"])]


def test_a_shopper_who_leaves_stripes_page_pays_by_transfer_and_stripe_takes_nothing(market: Market):
    shop = market.shop([STRIPE, TRANSFER], [TABLE_RATE])
    order = market.order(shop, market.offer(shop, market.publish())["offer_id"])
    pay = f"{market.stack.api}/shop/{SLUG}/pay"
    _, choices, _ = sent(pay, {"visit": visit(market, shop), "ticket": order["payment_ticket"], "order": "followed"})
    _, between, _ = sent(sent(pay, form(choices, "Stripe"))[2])
    stripe = unescape(re.search(r'class="button" href="([^"]+)"', between)[1])  # type: ignore[index]
    _, told, _ = sent(sent(pay, form(between, "Bank transfer"))[2])
    assert ("DE89 3704 0044 0532 0130 00" in told, "Send the money from your bank" in told) == (True, True)
    assert sent(stripe, {"card": "pm_card_visa"})[0] == 400, "its session is expired"
    payments = eventually(lambda: shop.site.get(f"{shop.path}/orders/{order['id']}/payments")["items"])
    assert [payment["state"] for payment in payments] == ["canceled", "pending"]
