"""Where every schedule begins: two suppliers with products, four storefronts, one of them in test mode, their providers.

Made once, by the hub's own routes.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hubclient.reference.documents import document, load_document
from infra.templates import ROOT
from monsoon_plugin.plugin import Mode
from shared.api.caller import Caller
from shared.aws.objects import S3Objects
from simulation.actors.people import People

REFERENCE = ROOT / "demo" / "reference"
DOCUMENTS = (
    ("taxonomy", "en", "categories.en.txt"), ("taxonomy", "zh", "categories.zh-CN.txt"), ("words", "en", "words.en.txt"),
    ("words", "zh", "words.zh.txt"), ("dangerous-goods", "en", "dangerous-goods.csv"), ("fx", "en", "fx.csv"),
)  # fmt: skip
NAMES = ("Walnut bowl", "Oak tray", "Ash spoon", "Linen towel")
STOCK = (3, 8, 1, 0)
MODES: tuple[dict[str, Any] | None, ...] = (None, None, {"mode": "backorder", "units": 1, "days": 7}, {"mode": "always"})
GTIN = "4006381333931"
OPERATOR = Caller("acc_00000000000000000OPERATOR", frozenset({"operator", "auditor"}), True)
ADDRESS = {"name": "Ada Buyer", "lines": ["1 Harbour Street"], "city": "Bristol", "postal_code": "BS1 5TR", "country": "GB"}
IN_UNION = ({"name": "Bernd Käufer", "lines": ["Hafenstraße 1"], "city": "Berlin", "postal_code": "10115", "country": "DE"},)
"""Where goods go for whose safety somebody must answer."""
IBAN = "GB33BUKB20201555555555"
PAYERS: tuple[tuple[str, Mode], ...] = (("sim_card", "live"), ("sim_later", "live"), ("cash_on_delivery", "live"), ("sim_card", "test"))
SHOP: dict[str, Any] = {
    "name": "A shop", "languages": ["en", "zh"], "selection": {"categories": ["hg"]}, "price_rule": {"margin_per_mille": 250}, "open": True,
}  # fmt: skip
"""What each storefront is."""
PLACES = {"currency": "GBP", "zones": [{"name": "All", "countries": ["*"], "bands": [{"max_weight": 20_000, "prices": [395]}]}]}


@dataclass(frozen=True)
class Shop:
    """A storefront, and how it is paid and sends."""

    storefront_id: str
    owner: Caller
    payer: str
    mode: Mode
    """Of its payments; its courier is live."""
    payment_installation: str = ""

    @property
    def path(self) -> str:
        return f"/v1/storefronts/{self.storefront_id}"

    @property
    def slug(self) -> str:
        """Of its pages."""
        return f"shop-of-{self.owner.account_id[-6:].lower()}"


@dataclass(frozen=True)
class Goods:
    """An offer, its supplier, and its product as the supplier sent it at first."""

    offer_id: str
    product_id: str
    supplier: Caller
    body: dict[str, Any]
    variant: str = ""
    """Its sku, if it is one of several offers of its product."""
    offers: dict[str, str] = field(default_factory=dict)
    """The offers of all the product's variants, by sku."""

    @property
    def mode(self) -> dict[str, Any]:
        """How it is sold beside its stock."""
        return self.body.get("stock_mode") or {"mode": "counted"}

    @property
    def stock(self) -> int:
        """What the supplier counted at first."""
        found = [each["stock"] for each in self.body.get("variants", ()) if each["sku"] == self.variant]
        return int(found[0] if found else self.body["stock"])

    def counted(self, number: int) -> dict[str, Any]:
        """The product's body with so many of this."""
        if not self.variant:
            return {**self.body, "stock": number}
        variants = [each | ({"stock": number} if each["sku"] == self.variant else {}) for each in self.body["variants"]]
        return {**self.body, "variants": variants}

    def left_out(self) -> dict[str, Any]:
        """The product's body without this variant."""
        return {**self.body, "variants": [each for each in self.body["variants"] if each["sku"] != self.variant]}

    def numbers(self, body: dict[str, Any]) -> dict[str, int]:
        """Offer → units that the body counts."""
        if "variants" not in body:
            return {self.offer_id: body["stock"]}
        return {self.offers[each["sku"]]: each["stock"] for each in body["variants"]}


@dataclass
class Setting:
    """Everybody and everything that schedules play with."""

    suppliers: list[Caller] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)


def load_reference() -> None:
    """The operator's data that audit and checkout need."""
    objects = S3Objects("ReferenceBucket")
    for kind, language, name in DOCUMENTS:
        load_document(objects, kind, language, document(kind, [REFERENCE / name]))


def product(number: int) -> dict[str, Any]:
    """A product's body. The first two, of different suppliers, are one thing by their GTIN."""
    name = NAMES[number]
    return ({"gtin": GTIN} if number < 2 else {}) | {
        "sku": f"sim-{number}", "texts": {"en": {"title": name}, "zh": {"title": f"货物 {number}"}}, "category": "hg",
        "price": {"amount": 1000 + 700 * number, "currency": "GBP"}, "stock": STOCK[number], "weight": 400,
        "size": {"length": 200, "width": 200, "height": 80}, "hs_code": "441990", "origin": "CN",
        **({"stock_mode": MODES[number]} if MODES[number] else {}),
    }  # fmt: skip


def scarf() -> dict[str, Any]:
    """The body of a product with variants: the first keeps its sku, the second is dearer and heavier."""
    red = {"sku": f"sim-{len(NAMES)}", "options": {"colour": "red"}, "stock": 6}
    blue = {"sku": f"sim-{len(NAMES)}-b", "options": {"colour": "blue"}, "stock": 4, "weight": 700}
    blue["price"] = {"amount": 1900, "currency": "GBP"}
    text = {"title": "Silk scarf", "bullets": ["Rolled by hand"]}
    several = {"sku": red["sku"], "texts": {"en": text}, "stock": 0, "options": [{"name": "colour"}]}
    several |= {"brand": "Fern & Field", "categories": ["aa"], "attributes": [{"name": "Material", "values": ["Silk"]}]}
    return product(2) | {"price": product(0)["price"]} | several | {"variants": [red, blue]}


def settle_in(people: People, drain: Any) -> Setting:
    """Let merchants move in. `drain` lets all messages arrive."""
    setting = Setting()
    for number in range(2):
        setting.suppliers.append(Caller(f"acc_0000000000000000000SUPPL{number}", frozenset({"supplier"}), True))
    made = []
    for number, body in enumerate([*map(product, range(len(NAMES))), scarf()]):
        supplier = setting.suppliers[number % 2]
        made.append((supplier, body, people.must(supplier, "POST", "/v1/products", body)["product_id"]))
    for number, (payer, mode) in enumerate(PAYERS):
        owner = Caller(f"acc_0000000000000000000STORE{number}", frozenset({"storefront"}), True)
        shop = people.must(owner, "POST", "/v1/storefronts", SHOP)
        setting.shops.append(_install(people, Shop(shop["id"], owner, payer, mode)))
    _say_where_to_pay(people, setting)
    drain()
    for supplier, body, product_id in made:
        offer = people.must(supplier, "GET", f"/v1/catalog/products/{product_id}")
        offers = {each["sku"]: each["offer_id"] for each in offer.get("variants", ())}
        setting.goods += [Goods(offer_id, product_id, supplier, body, variant=sku, offers=offers) for sku, offer_id in offers.items()]
        if not offers:
            setting.goods.append(Goods(offer["offer_id"], product_id, supplier, body))
    return setting


def _say_where_to_pay(people: People, setting: Setting) -> None:
    """Everybody has an account at the bank; the first storefront pays every day, and the one in test mode would every week."""
    payees = [(who, "/v1/payout-account") for who in (*setting.suppliers, *(shop.owner for shop in setting.shops))]
    for number, (who, path) in enumerate((*payees, (OPERATOR, "/v1/platform/payout-account"))):
        people.must(who, "PUT", path, {"name": f"Payee {number}", "iban": IBAN})
    for shop, every in ((setting.shops[0], {"every": "day"}), (setting.shops[3], {"every": "week", "on": 1})):
        found = people.must(shop.owner, "GET", f"{shop.path}/clearing-installations")["items"]
        schedule = {"installation_id": found[0]["id"], "currencies": [{"currency": "GBP"}], **every}
        people.must(shop.owner, "PUT", f"{shop.path}/payout-schedule", schedule)


def _install(people: People, shop: Shop) -> Shop:
    """The storefront with its providers."""
    config = {"currencies": ["GBP"]} if shop.payer == "cash_on_delivery" else {}
    courier = {"plugin": "sim_post", "config": {}} if shop.payer != "sim_later" else {"plugin": "table_rate", "config": PLACES}
    for kind, body in (
        ("payment", {"plugin": shop.payer, "mode": shop.mode, "config": config}),
        ("courier", {"mode": "live", **courier}),
        ("clearing", {"plugin": "sim_bank", "mode": "live", "config": {}}),
    ):
        people.must(shop.owner, "POST", f"{shop.path}/{kind}-installations", body)
    installed = people.must(shop.owner, "GET", f"{shop.path}/payment-installations")["items"]
    return replace(shop, payment_installation=installed[0]["id"])


FIRST_DAYS = ("2026-12-30T21:40:00+00:00", "2026-03-28T23:30:00+00:00", "2026-10-24T22:50:00+00:00", "2026-06-14T09:00:00+00:00")
"""A year's end, nights of daylight saving, a plain day: where schedules begin."""
SETTLED = timedelta(days=1)


def seeded() -> random.Random:
    """Of the setting itself, the same for every schedule."""
    return random.Random(0)
