"""What flow tests say: a supplier publishes, a storefront opens, a shopper orders and pays. All of it over HTTP."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hubclient.hub import Hub
from hubclient.people import People, Person
from local.stack import Stack

T = TypeVar("T")
ADDRESS = {"name": "Ada Buyer", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB"}
BANDS = [{"max_weight": 20_000, "prices": [395]}]
TABLE_RATE = {
    "plugin": "table_rate",
    "mode": "live",
    "config": {"currency": "GBP", "zones": [{"name": "All", "countries": ["*"], "bands": BANDS}]},
}
PICKUP = {"plugin": "local_pickup", "mode": "live", "config": {"location": ADDRESS | {"name": "The shop"}, "currency": "GBP"}}
STRIPE_KEYS = {"secret_key": "sk_test_market", "publishable_key": "pk_test_market", "webhook_secret": "whsec_market"}
STRIPE = {"plugin": "stripe", "config": STRIPE_KEYS | {"currencies": ["GBP"]}}
CASH = {"plugin": "cash_on_delivery", "mode": "live", "config": {"currencies": ["GBP"]}}


def eventually(look: Callable[[], T], seconds: float = 90) -> T:
    """The first answer of `look` that is true. Events need a moment to get about; fails if it takes longer than `seconds`."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"not within {seconds} s; the last look answered {found!r}"
        time.sleep(0.05)
    return found


def product(sku: str | None = None, **changes: Any) -> dict[str, Any]:
    """A product's body; `changes` replace its fields."""
    sku = sku or f"sku-{uuid.uuid4().hex[:12]}"
    body = {
        "sku": sku,
        "texts": {"en": {"title": f"Walnut bowl {sku[-6:]}"}, "zh": {"title": f"胡桃木碗 {sku[-6:]}"}},
        "category": "hg",
        "price": {"amount": 1000, "currency": "GBP"},
        "stock": 10,
        "weight": 400,
        "size": {"length": 200, "width": 200, "height": 80},
        "hs_code": "441990",
        "origin": "CN",
    }
    return body | changes


@dataclass(frozen=True)
class Shop:
    """A storefront, its owner, and the key of its site."""

    storefront_id: str
    owner: Person
    site: Hub

    @property
    def path(self) -> str:
        return f"/v1/storefronts/{self.storefront_id}"


class Market:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.people: People = stack.people()
        self.operator = self.people.operator()
        self.supplier = self.people.merchant("supplier@market.example", "supplier")

    def merchant(self, *roles: str) -> Person:
        return self.people.merchant(f"m-{uuid.uuid4().hex[:10]}@market.example", *roles)

    def publish(self, by: Person | None = None, **changes: Any) -> str:
        """Upload a product and wait until audit has approved it; answers its id."""
        hub = (by or self.supplier).hub
        made: str = hub.post("/v1/products", product(**changes))["product_id"]
        eventually(lambda: hub.get(f"/v1/products/{made}")["status"] == "approved")
        return made

    def shop(self, payment: list[dict[str, Any]], courier: list[dict[str, Any]], **changes: Any) -> Shop:
        """Open a storefront that sells home goods at 25 % margin, with these installations."""
        owner = self.merchant("storefront")
        rules = {"selection": {"categories": ["hg"]}, "price_rule": {"margin_per_mille": 250}, "open": True}
        made = owner.hub.post("/v1/storefronts", {"name": "A shop", "languages": ["en", "zh"]} | rules | changes)
        shop = Shop(made["id"], owner, owner.hub)
        for kind, installations in (("payment", payment), ("courier", courier)):
            for installation in installations:
                owner.hub.post(f"{shop.path}/{kind}-installations", installation)
        key = owner.hub.post("/v1/keys", {"storefront_id": shop.storefront_id, "name": "site"})["key"]
        return Shop(shop.storefront_id, owner, owner.hub.as_(key))

    def offer(self, shop: Shop, product_id: str) -> dict[str, Any]:
        """The product's listing at the shop, once it is there."""
        path = f"{shop.path}/listings/{product_id}"
        return eventually(lambda: (r := shop.site.send("GET", path)).status == 200 and r.body)

    def quote(self, shop: Shop, lines: list[dict[str, Any]], currency: str = "GBP", **more: str) -> list[dict[str, Any]]:
        """The rates to ADDRESS, of which `more` says more."""
        body = {"lines": lines, "address": ADDRESS | more, "currency": currency}
        rates: list[dict[str, Any]] = eventually(
            lambda: (r := shop.site.send("POST", f"{shop.path}/shipping-quotes", body)).status == 200 and r.body["items"]
        )
        return rates

    def try_order(self, shop: Shop, offer_id: str, quantity: int = 1, ticket: str | None = None, key: str | None = None) -> Any:
        """Send an order and answer whatever comes back."""
        lines = [{"offer_id": offer_id, "quantity": quantity}]
        ticket = ticket or self.quote(shop, lines)[0]["ticket"]
        body = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": ticket}
        return shop.site.send("POST", f"{shop.path}/orders", body, key=key or str(uuid.uuid4()))

    def order(self, shop: Shop, offer_id: str, quantity: int = 1) -> dict[str, Any]:
        """Order, waiting until the storefront and its offer have reached the checkout."""
        return eventually(lambda: (r := self.try_order(shop, offer_id, quantity)).status == 201 and r.body)

    def pay(self, shop: Shop, order: dict[str, Any], **more: Any) -> dict[str, Any]:
        path = f"{shop.path}/orders/{order['id']}/payments"
        paid: dict[str, Any] = shop.site.post(path, {"ticket": order["payment_ticket"]} | more)
        return paid

    def order_is(self, shop: Shop, order_id: str, *states: str) -> dict[str, Any]:
        """The order, once it is in one of `states`."""
        return eventually(lambda: (o := shop.site.get(f"{shop.path}/orders/{order_id}"))["state"] in states and o)

    def deliver(self, shop: Shop, order_id: str) -> None:
        """Let each supplier send its parcel, and the courier deliver it."""
        for shipment in self.shipments(shop, order_id):
            for state in ("dispatched", "delivered"):
                body = {"state": state} | ({"tracking_number": "RR123456785GB"} if state == "dispatched" else {})
                self.supplier.hub.post(f"/v1/shipments/{shipment['id']}/events", body)

    def hand_over(self, shop: Shop, order_id: str) -> None:
        """Let the shopper show the code and take the parcel at the shop's counter."""
        for shipment in self.shipments(shop, order_id):
            path = f"{shop.path}/orders/{order_id}/shipments/{shipment['id']}/events"
            shop.owner.hub.post(path, {"state": "ready_for_pickup"})
            shop.owner.hub.post(path, {"state": "delivered", "pickup_code": shipment["pickup_code"]})

    def shipments(self, shop: Shop, order_id: str) -> list[dict[str, Any]]:
        path = f"{shop.path}/orders/{order_id}/shipments"
        found: list[dict[str, Any]] = eventually(lambda: (r := shop.site.send("GET", path)).status == 200 and r.body["items"])
        return found

    def shares(self, shop: Shop, order_id: str) -> dict[tuple[str, str], int]:
        """Who earned what of an order, once it is settled: (account, kind) → minor units."""
        path = f"{shop.path}/orders/{order_id}/split"
        split = eventually(lambda: (r := shop.owner.hub.send("GET", path)).status == 200 and r.body)
        return {(share["account"], share["kind"]): share["amount"] for share in split["shares"]}

    def trial_balance(self) -> dict[str, int]:
        """Currency → credits − debits of the day, of real and of test money."""
        books = [self.operator.hub.get("/v1/trial-balance", **query)["items"] for query in ({}, {"test": "true"})]
        found: dict[str, int] = {}
        for item in (item for items in books for item in items):
            found[item["currency"]] = found.get(item["currency"], 0) or item["difference"]
        return found

    @staticmethod
    def product(**changes: Any) -> dict[str, Any]:
        return product(**changes)
