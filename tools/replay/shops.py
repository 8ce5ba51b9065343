"""The two storefronts of the replay, with different providers and margins, and which invoice goes to which."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hubclient.hub import Hub
from hubclient.people import People, Person
from tools.replay.retailer.sales_file import Part

COUNTER = {"name": "Retail counter", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB"}
TARIFF = {2_000: 395, 20_000: 895, 1_000_000: 9_500}
"""Parcels up to so many grams, in pence; three times that abroad."""


def _zone(name: str, country: str, times: int) -> dict[str, Any]:
    bands = [{"max_weight": grams, "prices": [times * pence]} for grams, pence in TARIFF.items()]
    return {"name": name, "countries": [country], "bands": bands}


ZONES = [_zone("Domestic", "GB", 1), _zone("Abroad", "*", 3)]
STRIPE = {"secret_key": "sk_test_retail", "publishable_key": "pk_test_retail", "webhook_secret": "whsec_retail", "currencies": ["GBP"]}


@dataclass(frozen=True)
class Plan:
    """How a storefront is opened: its price rule, how it is paid, how it ships, and what a shopper's payment says."""

    name: str
    price_rule: dict[str, int]
    payment: dict[str, Any]
    courier: dict[str, Any]
    data: dict[str, Any] | None = None


CARDS = Plan(
    "cards", {"margin_per_mille": 300, "round_to": 5}, {"plugin": "stripe", "mode": "test", "config": STRIPE},
    {"plugin": "table_rate", "mode": "live", "config": {"currency": "GBP", "zones": ZONES}}, {"payment_method": "pm_card_visa"},
)  # fmt: skip
PICKUP = Plan(
    "counter", {"margin_per_mille": 200}, {"plugin": "cash_on_delivery", "mode": "live", "config": {"currencies": ["GBP"]}},
    {"plugin": "local_pickup", "mode": "live", "config": {"location": COUNTER, "currency": "GBP"}},
)  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """An open storefront: its owner, and the key of its site."""

    plan: Plan
    storefront_id: str
    owner: Person
    site: Hub

    @property
    def orders(self) -> str:
        return f"/v1/storefronts/{self.storefront_id}/orders"


@contextmanager
def open_shops(people: People, supplier_id: str) -> Iterator[dict[str, Shop]]:
    """Both storefronts by plan name, each selling all that the supplier has. Their sites' keys are of this replay, and revoked after it."""
    shops: dict[str, Shop] = {}
    keys: list[tuple[Hub, str]] = []
    try:
        for plan in (CARDS, PICKUP):
            owner, storefront_id = _opened(people, plan, supplier_id)
            key = owner.hub.post("/v1/keys", {"storefront_id": storefront_id, "name": "replay"})
            keys.append((owner.hub, key["key_id"]))
            shops[plan.name] = Shop(plan, storefront_id, owner, owner.hub.as_(key["key"]))
        yield shops
    finally:
        for hub, key_id in keys:
            hub.ask("DELETE", f"/v1/keys/{key_id}")


def _opened(people: People, plan: Plan, supplier_id: str) -> tuple[Person, str]:
    """The plan's owner and storefront, made if they are not there."""
    owner = people.merchant(f"{plan.name}@retail.example", "storefront")
    key = f"retail-{plan.name}"
    body = {"name": f"Retail {plan.name}", "languages": ["en"], "selection": {"suppliers": [supplier_id]}, "price_rule": plan.price_rule}
    storefront_id: str = owner.hub.post("/v1/storefronts", body | {"open": True}, key=key)["id"]
    for family, installation in (("payment", plan.payment), ("courier", plan.courier)):
        owner.hub.post(f"/v1/storefronts/{storefront_id}/{family}-installations", installation, key=key)
    return owner, storefront_id


def shop_of(part: Part) -> str:
    """The name of the plan whose storefront takes the order: a customer always goes to the same one; abroad nobody comes to the counter."""
    if part.invoice.country != COUNTER["country"]:
        return CARDS.name
    digest = hashlib.sha256(part.buyer.encode()).digest()
    return (CARDS, PICKUP)[digest[0] % 2].name
