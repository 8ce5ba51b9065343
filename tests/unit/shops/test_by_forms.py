"""Three services and a shopper without script: what each page's form sends is what the next service reads."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request

import pytest

from functions.orders import handler as orders_handler
from functions.shipping import handler as shipping_handler
from shared.api.service import Service
from shared.bus import envelope
from shared.ids import derived_id
from shared.messages import StorefrontConfigured
from shared.trade.selection import PriceRule, Selection
from tests.fakes import NOON, TICKETS, Reply, call, caller, sqs
from tests.flow.form_browser import FormBrowser
from tests.unit.orders.deployed import Deployed
from tests.unit.shipping.test_handler import INSTALL, TARIFF, courier, parts  # noqa: F401 (fixtures)
from tests.unit.storefronts.service import BODY, StorefrontsService, published

SLUG = "tea-house"
HOME = {"name": "Ada", "line1": "1 Street", "city": "Bristol", "postal_code": "BS1 5TR", "email": "ada@buyers.example"}
RULE: dict[str, Any] = {**BODY["price_rule"], "currencies": ["GBP"]}  # type: ignore[dict-item]
Tables = Callable[[str], str]


@dataclass
class InProcess(FormBrowser):
    """Sends to whichever service serves the page."""

    services: list[Service] = field(default_factory=list)
    cart: str = ""

    def _send(self, request: Request) -> int:
        at = urlsplit(request.full_url)
        place = at.path.removeprefix(f"/shop/{SLUG}/")
        route = f"/shop/{{slug}}/{re.sub('products/.*', 'products/{product_id}', place)}"
        app = next(s for s in self.services for o in s.operations if (o.method, o.path) == (request.get_method(), route))
        headers = {name.lower(): value for name, value in request.header_items()} | {"accept": "text/html", "host": "hub.example"}
        headers |= {"content-type": "application/x-www-form-urlencoded", "cookie": f"cart={self.cart}", "accept-language": self.language}
        path = {"slug": SLUG, "product_id": place.partition("/")[2]}
        body = request.data.decode() if isinstance(request.data, bytes) else None
        answer: Reply = call(
            app, request.get_method(), route, path=path, query=dict(parse_qsl(at.query)) or None, raw=body, headers=headers
        )
        if "Set-Cookie" in answer.headers:
            self.cart = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        self.address, self.status, self.text = request.full_url, answer.status, answer.body
        return self.open(answer.headers["Location"]) if answer.status == 303 else self.status


@pytest.fixture
def browser(make_table: Tables, parts: Any) -> InProcess:  # noqa: F811
    """A shop that sells one vase, with a tariff; the shopper looks at the vase."""
    offer = published(1).model_copy(update={"offer_id": derived_id("off", "1")})
    storefronts, orders = StorefrontsService(make_table("storefronts")), Deployed(make_table("orders"))
    storefronts.tell(offer)
    shop = storefronts.opened({**BODY, "pages": {"slug": SLUG}, "price_rule": RULE}).body["id"]
    rule = {"selection": Selection(categories=["hg-3"]), "price_rule": PriceRule(**RULE)}
    orders.hear(StorefrontConfigured(version=1, storefront_id=shop, account_id="acc_1", name="Lantern", open=True, **rule), offer)
    vars(parts)["tickets"] = TICKETS
    shipping, worker = Service("shipping", lambda: parts, shipping_handler.ROUTES), replace(shipping_handler.worker, services=lambda: parts)
    assert worker(sqs(envelope(offer, NOON)), None) == {"batchItemFailures": []}
    tariff = {"plugin": "table_rate", "mode": "live", "config": TARIFF}
    by = {"path": {"storefront_id": shop}, "by": caller("acc_1", "storefront"), "headers": {"idempotency-key": "1"}}
    assert call(shipping, "POST", INSTALL, body=tariff, **by).status == 201
    orders_app = Service("orders", lambda: orders.services, orders_handler.ROUTES)
    made = InProcess(services=[storefronts.app, shipping, orders_app])
    assert made.open(f"https://hub.example/shop/{SLUG}/products/prd_1") == 200
    return made


def reviewed(browser: InProcess) -> None:
    assert browser.submit("cart", units=2) == 200
    assert browser.open("address") == 200
    assert browser.submit("rates", **HOME) == 200, browser.text
    assert browser.submit("review") == 200, browser.text


def test_the_whole_way_from_a_product_to_its_order(browser: InProcess) -> None:
    reviewed(browser)
    review = browser.form("place")
    assert browser.send(review.action, review.fields) == 200
    assert "Ordered, and not paid yet" in browser.text
    assert browser.cart == "", "what was ordered is in the cart no more"
    number, order = re.findall(r"<h1>Order (\S+)</h1>", browser.text)[0], browser.address
    assert set(browser.form("pay").fields) == {"visit", "ticket", "order"}
    browser.send(review.action, review.fields)
    assert f"<h1>Order {number}</h1>" in browser.text, "sent again it is the same order"
    browser.open(re.findall(r'href="(parcels\?[^"]*)"', browser.text)[0].replace("&amp;", "&"))
    assert "There is no parcel yet" in browser.text
    browser.open("find")
    assert browser.submit("find", number=number, email="ada@buyers.example") == 200
    assert browser.submit("cancel", email="ada@buyers.example") == 200
    assert browser.open(order) == 200
    assert "Cancelled" in browser.text


def test_the_way_back_to_the_address_keeps_what_was_typed(browser: InProcess) -> None:
    reviewed(browser)
    assert browser.submit("address") == 200
    assert browser.form("rates").fields["line1"] == "1 Street"
    assert browser.submit("rates", postal_code="BS1 6XX") == 200
    assert browser.submit("review") == 200
