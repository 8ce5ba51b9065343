"""What is counted: publish a product, list and show it, order, pay and split it; all by the services' own routes and messages."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.laboratory import Laboratory, Run
from hubclient.hub import Hub
from shared.api.caller import Caller

ADDRESS = {"name": "Ada Buyer", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB"}
BANDS = [{"max_weight": 20_000, "prices": [395]}]
TABLE_RATE = {"currency": "GBP", "zones": [{"name": "All", "countries": ["*"], "bands": BANDS}]}
STRIPE = {"secret_key": "sk_live_bench", "publishable_key": "pk_live_bench", "webhook_secret": "whsec_bench", "currencies": ["GBP"]}
PAGE = 24
PRODUCTS = 60
MATERIALS = ("Walnut", "Oak", "Ash", "Cherry", "Maple", "Birch", "Elm", "Beech")
SHAPES = ("bowl", "tray", "spoon", "box", "board", "frame", "stool", "shelf")


def product(number: int | None = None) -> dict[str, Any]:
    """A product's body, of the size that a shop with two languages writes; no two are alike."""
    mark = uuid.uuid4().hex[:8]
    name = f"{MATERIALS[int(mark[0], 16) % 8]} {SHAPES[int(mark[1], 16) % 8]} {number or mark}"
    zh = {"title": f"木器 {mark}", "description": f"手工车制，上油两遍。{mark}"}
    words = "Turned by hand from one piece of wood, oiled twice, and good for another generation. " * 3
    return {
        "sku": f"bench-{mark}",
        "texts": {"en": {"title": name, "description": words + mark}, "zh": zh},
        "category": "hg",
        "price": {"amount": 1000, "currency": "GBP"},
        "stock": 1_000_000,
        "weight": 400,
        "size": {"length": 200, "width": 200, "height": 80},
        "hs_code": "441990",
        "origin": "CN",
    }


@dataclass(frozen=True)
class Shop:
    """A storefront and whoever calls for it: its owner, and its site with the key that it was given."""

    storefront_id: str
    owner: Caller
    site: Hub


@dataclass
class Bench:
    """A laboratory with people, products and two storefronts in it."""

    lab: Laboratory
    supplier: Caller = field(init=False)
    carded: Shop = field(init=False)
    cash: Shop = field(init=False)
    products: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = self.lab.stack.people()
        supplier = people.merchant("supplier@bench.example", "supplier")
        self.supplier = Caller(supplier.account_id, frozenset({"supplier"}), True)
        self.carded = self._open(people.merchant("carded@bench.example", "storefront"), "stripe", "live", STRIPE)
        self.cash = self._open(people.merchant("cash@bench.example", "storefront"), "cash_on_delivery", "live", {"currencies": ["GBP"]})
        for number in range(PRODUCTS):
            self.publish(Run(), number + 1)

    def _open(self, person: Any, payment: str, mode: str, config: dict[str, Any]) -> Shop:
        owner = Caller(person.account_id, frozenset({"storefront"}), True)
        made = self.configure(owner)
        for kind, plugin, mode_, filled in (("payment", payment, mode, config), ("courier", "table_rate", "live", TABLE_RATE)):
            route = f"/v1/storefronts/{{storefront_id}}/{kind}-installations"
            body = {"plugin": plugin, "mode": mode_, "config": filled, "rank": 1}
            self.lab.http(Run(), owner, "POST", route, body, key=fresh(), storefront_id=made)
        key = person.hub.post("/v1/keys", {"storefront_id": made, "name": "site"})["key"]
        return Shop(made, owner, person.hub.as_(key))

    def configure(self, owner: Caller) -> str:
        """Open one more storefront, and let everybody know."""
        body = {"name": "A shop", "languages": ["en", "zh"], "selection": {"categories": ["hg"]}, "price_rule": {"margin_per_mille": 250}}
        run = Run()
        made: str = self.lab.http(run, owner, "POST", "/v1/storefronts", body | {"open": True}, key=fresh())["id"]
        self.lab.deliver(run)
        return made

    def publish(self, run: Run, number: int | None = None) -> None:
        """POST /v1/products, and all that follows until it is visible and its supplier has been told."""
        made = self.lab.http(run, self.supplier, "POST", "/v1/products", product(number), key=fresh())
        self.lab.deliver(run)
        self.products.append(made["product_id"])

    def forget(self) -> None:
        """Let the storefronts' memory of what they read go, as after three seconds without a shopper."""
        parts = self.lab.handlers["storefronts"].services()
        vars(parts).pop("reader", None)
        parts.reader  # noqa: B018 (made before what is measured)

    def list_page(self, run: Run) -> list[dict[str, Any]]:
        caller = self.lab.door(run, self.carded.site)
        route = "/v1/storefronts/{storefront_id}/listings"
        found: list[dict[str, Any]] = self.lab.http(
            run, caller, "GET", route, query=f"?limit={PAGE}", storefront_id=self.carded.storefront_id
        )["items"]  # fmt: skip
        if len(found) != PAGE:
            raise RuntimeError(f"a page of {PAGE} had {len(found)}")
        return found

    def cold_list_page(self, run: Run) -> None:
        self.forget()
        self.list_page(run)

    def product_page(self, run: Run) -> None:
        self.forget()
        caller, path = self.lab.door(run, self.carded.site), "/v1/storefronts/{storefront_id}/listings/{product_id}"
        self.lab.http(run, caller, "GET", path, storefront_id=self.carded.storefront_id, product_id=self.products[0])

    def place(self, run: Run, shop: Shop, quoted: Run) -> tuple[Caller, dict[str, Any]]:
        """Place an order of one line; its quote is asked in `quoted`."""
        caller = self.lab.door(Run(), shop.site)
        lines = [{"offer_id": self.list_page(Run())[0]["offer_id"], "quantity": 1}]
        ask = {"lines": lines, "address": ADDRESS, "currency": "GBP"}
        path = "/v1/storefronts/{storefront_id}"
        asked = self.lab.http(quoted, caller, "POST", path + "/shipping-quotes", ask, storefront_id=shop.storefront_id)
        quote = asked["items"][0]
        body = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": quote["ticket"]}
        self.lab.door(run, shop.site)
        return caller, self.lab.http(run, caller, "POST", path + "/orders", body, key=fresh(), storefront_id=shop.storefront_id)

    def place_order(self, run: Run) -> None:
        self.place(run, self.carded, Run())
        self.lab.meter.records.clear()

    def card_order(self, run: Run) -> None:
        """Placed, paid through Stripe, split."""
        self._card_order(run, Run())

    def checkout(self, run: Run) -> None:
        """Quoted, placed, paid through Stripe, split."""
        self._card_order(run, run)

    def _card_order(self, run: Run, quoted: Run) -> None:
        caller, order = self.place(run, self.carded, quoted)
        self._pay(run, caller, order, {"data": {"payment_method": "pm_card_visa"}})
        self._expect("paid", caller, order)

    def cash_order(self, run: Run) -> None:
        """Placed, promised, dispatched and delivered by its supplier, so paid, and split."""
        caller, order = self.place(run, self.cash, Run())
        self._pay(run, caller, order, {})
        path = {"storefront_id": order["storefront_id"], "order_id": order["id"]}
        route = "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments"
        shipment = self.lab.http(Run(), caller, "GET", route, **path)["items"][0]["id"]
        for told in ({"state": "dispatched", "tracking_number": "RR123456785GB"}, {"state": "delivered"}):
            self.lab.http(run, self.supplier, "POST", "/v1/shipments/{shipment_id}/events", told, key=fresh(), shipment_id=shipment)
            self.lab.deliver(run)
        self._expect("paid", caller, order)

    def _pay(self, run: Run, caller: Caller, order: dict[str, Any], more: dict[str, Any]) -> None:
        self.lab.deliver(run)
        route, body = "/v1/storefronts/{storefront_id}/orders/{order_id}/payments", {"ticket": order["payment_ticket"], **more}
        self.lab.http(run, caller, "POST", route, body, key=fresh(), storefront_id=order["storefront_id"], order_id=order["id"])
        self.lab.deliver(run)

    def _expect(self, state: str, caller: Caller, order: dict[str, Any]) -> None:
        """Raises RuntimeError unless the order has come to `state`, and is split if that is `paid`."""
        owner = Caller(caller.account_id, frozenset({"storefront"}), True)
        path = {"storefront_id": order["storefront_id"], "order_id": order["id"]}
        found = self.lab.http(Run(), owner, "GET", "/v1/storefronts/{storefront_id}/orders/{order_id}", **path)["state"]
        shares = self.lab.http(Run(), owner, "GET", "/v1/storefronts/{storefront_id}/orders/{order_id}/split", **path)["shares"]
        if found != state or not shares:
            raise RuntimeError(f"the order is {found}, split: {json.dumps(shares)}")


def fresh() -> str:
    """An Idempotency-Key."""
    return str(uuid.uuid4())


SCENARIOS: dict[str, Callable[[Bench, Run], Any]] = {
    "publish a product": Bench.publish,
    "list page of 24, read before": Bench.list_page,
    "list page of 24, nothing read before": Bench.cold_list_page,
    "product page, nothing read before": Bench.product_page,
    "place an order": Bench.place_order,
    "order placed → paid → split, Stripe": Bench.card_order,
    "order placed → paid → split, cash on delivery": Bench.cash_order,
    "checkout: quoted → placed → paid → split, Stripe": Bench.checkout,
}
