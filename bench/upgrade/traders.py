"""Who trades at the hub that is upgraded: two suppliers, three shops of different providers, and what they do, each by the API alone."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from functions.shipping.plugins.karrio.ups.trial import TRIAL as UPS
from hubclient.hub import Hub, Refused
from hubclient.people import People, Person

T = TypeVar("T")
PATIENCE = 240.0
COUNTED = 100
"""What a supplier counts of each of its things."""
ADDRESS = {"name": "Ada Buyer", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB",
           "phone": "+44 117 496 0000"}  # fmt: skip
ZONES = [{"name": "All", "countries": ["*"], "bands": [{"max_weight": 200_000, "prices": [395]}]}]
TABLE_RATE = {"plugin": "table_rate", "mode": "live", "config": {"currency": "GBP", "zones": ZONES}}
CARD = {"plugin": "stripe", "mode": "live", "config": {
    "secret_key": "sk_live_upgrade", "publishable_key": "pk_live_upgrade", "webhook_secret": "whsec_upgrade", "currencies": ["GBP", "USD"],
}}  # fmt: skip
CASH = {"plugin": "cash_on_delivery", "mode": "live", "config": {"currencies": ["GBP"]}}
LABELS = {"plugin": "ups", "mode": "live", "config": dict(UPS.config)}


class NeverCame(RuntimeError):
    """The hub did not bring about what follows from what it had taken on."""


def awaited(what: str, look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first answer of `look` that is true. Raises NeverCame."""
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            raise NeverCame(f"{what}: not within {seconds:.0f} s, the last look answered {str(found)[:400]}")
        time.sleep(0.2)
    return found


def answered(what: str, hub: Hub, asked: tuple[str, str], *, body: Any = None, part: str = "", key: str | None = None) -> Any:
    """What is answered to `asked`, a method and a path, once it is no refusal, and its `part`, where one is named, is not empty.

    Raises NeverCame, with the last answer.
    """
    until, (method, path) = time.monotonic() + PATIENCE, asked
    while True:
        reply = hub.send(method, path, body, key=key)
        if reply.status < 300 and (not part or reply.body[part]):
            return reply.body[part] if part else reply.body
        if time.monotonic() > until:
            raise NeverCame(f"{what}: not within {PATIENCE:.0f} s, {method} {path} is answered {reply.status} {str(reply.body)[:600]}")
        time.sleep(0.2)


@dataclass(frozen=True)
class Shop:
    """A storefront, its owner, the key of its site, and the currency that it sells in."""

    path: str
    owner: Hub
    site: Hub
    currency: str
    pays: dict[str, Any] = field(default_factory=dict)

    def order(self, offers: dict[str, int], buyer: dict[str, str] | None = None) -> dict[str, Any]:
        """An order of so many units of each offer, unpaid; `buyer`: what it says of who buys, which hubs of before do not know."""
        lines = [{"offer_id": offer, "quantity": units} for offer, units in offers.items()]
        asked = {"lines": lines, "address": ADDRESS, "currency": self.currency}
        quotes, key = f"{self.path}/shipping-quotes", str(uuid.uuid4())
        ticket = answered("a quote", self.site, ("POST", quotes), body=asked, part="items")[0]["ticket"]
        who = {"type": "consumer"} | (buyer or {})
        body = {"lines": lines, "buyer": who, "address": ADDRESS, "shipping_ticket": ticket, "currency": self.currency}
        return dict(answered("an order", self.site, ("POST", f"{self.path}/orders"), body=body, key=key))

    def pay(self, order: dict[str, Any]) -> None:
        self.site.post(f"{self.path}/orders/{order['id']}/payments", {"ticket": order["payment_ticket"]} | self.pays)

    def seen(self, order_id: str) -> dict[str, Any]:
        return dict(self.owner.get(f"{self.path}/orders/{order_id}"))

    def state_of(self, order_id: str) -> str:
        return str(self.seen(order_id)["state"])

    def shipments(self, order_id: str) -> list[dict[str, Any]]:
        reply = self.site.send("GET", f"{self.path}/orders/{order_id}/shipments")
        return list(reply.body["items"]) if reply.status == 200 else []

    def refund(self, order: dict[str, Any], units: int) -> None:
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]
        self.owner.post(f"{self.path}/orders/{order['id']}/refunds", {"lines": lines, "reason": "one too many"})

    def cancel(self, order_id: str, **more: str) -> int:
        """The answer's status."""
        return self.owner.send("POST", f"{self.path}/orders/{order_id}/cancellation", {"reason": "merchant"} | more).status


class Traders:
    """Everybody, of the hub that `people` speak to. Made again after a start, it finds who was there."""

    def __init__(self, people: People) -> None:
        self.operator: Person = people.operator()
        self.suppliers = [people.merchant(f"{name}@upgrade.example", "supplier") for name in ("north", "south")]
        self.owner = people.merchant("owner@upgrade.example", "storefront")

    def open(self, name: str, currency: str, payment: dict[str, Any], courier: dict[str, Any]) -> Shop:
        hub, sold = self.owner.hub, [supplier.account_id for supplier in self.suppliers]
        rule = {"margin_per_mille": 250, "currencies": [currency]}
        body = {"name": name, "languages": ["en"], "selection": {"suppliers": sold}, "price_rule": rule, "open": True}
        made: str = hub.post("/v1/storefronts", body)["id"]
        for kind, installed in (("payment", payment), ("courier", courier)):
            hub.post(f"/v1/storefronts/{made}/{kind}-installations", installed)
        key = hub.post("/v1/keys", {"storefront_id": made, "name": "site"})["key"]
        pays = {"data": {"payment_method": "pm_card_visa"}} if payment is CARD else {}
        return Shop(f"/v1/storefronts/{made}", hub, hub.as_(key), currency, pays)

    def publish_variants(self, shop: Shop, supplier: Person, sku: str) -> dict[str, Any]:
        """As `publish`, of a red and a blue one; of the one thing that a hub sells which knows no variants."""
        try:
            return self.publish(shop, supplier, sku, **variants(sku))
        except Refused as refused:
            if refused.status != 422 or "/variants" not in str(refused.body):
                raise
            return self.publish(shop, supplier, sku)

    def publish(self, shop: Shop, supplier: Person, sku: str, **more: Any) -> dict[str, Any]:
        """The product's listing at the shop, once it is there."""
        made: str = supplier.hub.post("/v1/products", product(sku) | more)["product_id"]
        path = f"{shop.path}/listings/{made}"
        return dict(answered(f"{sku} on sale", shop.site, ("GET", path)))


def product(sku: str) -> dict[str, Any]:
    return {
        "sku": sku, "texts": {"en": {"title": f"Walnut bowl {sku}"}}, "category": "hg", "price": {"amount": 1000, "currency": "GBP"},
        "stock": COUNTED, "weight": 400, "size": {"length": 200, "width": 200, "height": 80}, "hs_code": "441990", "origin": "US",
    }  # fmt: skip


def variants(sku: str) -> dict[str, Any]:
    """What makes a product one with a red and a blue variant, each counted by itself."""
    made = [{"sku": f"{sku}-{colour}", "options": {"colour": colour}, "stock": COUNTED} for colour in ("red", "blue")]
    return {"stock": 0, "options": [{"name": "colour"}], "variants": made}
