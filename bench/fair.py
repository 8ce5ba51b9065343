"""A running hub made busy: a supplier with its products, and two storefronts that sell them, for cash on delivery and by card."""

import time
from typing import Any

from bench.clients import Ask, Checkout
from bench.scenarios import ADDRESS, PAGE, STRIPE, TABLE_RATE, product
from hubclient.hub import Hub, Refused
from hubclient.people import People, Person
from monsoon_plugin.money import MAX_AMOUNT

PATIENCE = 300.0
LOOK_S = 0.5
UNAVAILABLE = 503
PRODUCTS = 48
CASH = {"plugin": "cash_on_delivery", "mode": "live", "config": {"currencies": ["GBP"]}}
CARD = {"plugin": "stripe", "mode": "live", "config": STRIPE}


class Fair:
    """The hub at `api`, whose reference data is loaded, with so many `products`. The cash storefront's site is `site`, the other's
    `card_site`."""

    def __init__(self, people: People, api: str, products: int = PRODUCTS) -> None:
        self.api = api
        self.supplier: Person = people.merchant("supplier@bench.example", "supplier")
        self.owner: Person = people.merchant("owner@bench.example", "storefront")
        self.path, self.site = self._open("A shop", CASH)
        self.card_path, self.card_site = self._open("A card shop", CARD)
        for number in range(products):
            self.supplier.hub.post("/v1/products", product(number + 1))
        self.listings: list[dict[str, Any]] = self.listed(products)

    def _open(self, name: str, payment: dict[str, Any]) -> tuple[str, Hub]:
        """A storefront's path, and its site."""
        made: str = self.owner.hub.post("/v1/storefronts", self._configuration(name))["id"]
        for kind, installed in (("courier", {"plugin": "table_rate", "mode": "live", "config": TABLE_RATE}), ("payment", payment)):
            self.owner.hub.post(f"/v1/storefronts/{made}/{kind}-installations", installed)
        key = self.owner.hub.post("/v1/keys", {"storefront_id": made, "name": "site"})["key"]
        return f"/v1/storefronts/{made}", self.owner.hub.as_(key)

    def _configuration(self, name: str) -> dict[str, Any]:
        rules = {"selection": {"suppliers": [self.supplier.account_id]}, "price_rule": {"margin_per_mille": 250}, "open": True}
        return {"name": name, "languages": ["en", "zh"], **rules}

    def listed(self, wanted: int) -> list[dict[str, Any]]:
        """Every listing, once there are `wanted`; each look asks for pages of another length, which no function remembers."""
        until, limit = time.monotonic() + PATIENCE, 100
        while len(found := self.site.all(f"{self.path}/listings", limit=limit)) < wanted:
            if time.monotonic() > until:
                raise RuntimeError(f"{len(found)} of {wanted} products are listed after {PATIENCE} s")
            limit = limit - 1 if limit > 50 else 100
        return found

    def wait_until_listed(self, wanted: int, seconds: float) -> None:
        """Until so many products are counted at the cash storefront; a count is one look, however many there are. Raises RuntimeError.

        Each look asks for prices up to another height that nothing reaches: counts of one question are answered from memory for a while.
        """
        until, dearest = time.monotonic() + seconds, MAX_AMOUNT
        while (total := self._counted(dearest)) < wanted:
            if time.monotonic() > until:
                raise RuntimeError(f"{total} of {wanted} products are counted after {seconds:.0f} s")
            dearest -= 1
            time.sleep(LOOK_S)

    def _counted(self, dearest: int) -> int:
        """0 while the index is being read anew, as by a process that has just begun among many products (503)."""
        try:
            total: int = self.site.get(f"{self.path}/facets", currency="GBP", max_price=dearest)["total"]
        except Refused as refused:
            if refused.status != UNAVAILABLE:
                raise
            return 0
        return total

    def pages(self, clients: int) -> list[Ask]:
        return [Ask(self.api, self.site.token, "GET", f"{self.path}/listings?limit={PAGE}")] * clients

    def product_pages(self, clients: int) -> list[Ask]:
        """Each client looks at another product."""
        products = [self.listings[i % len(self.listings)]["product_id"] for i in range(clients)]
        return [Ask(self.api, self.site.token, "GET", f"{self.path}/listings/{product_id}") for product_id in products]

    def shop_pages(self, clients: int) -> dict[str, list[Ask]]:
        """A category's page and products' pages of the cash storefront, as browsers get them; none of a hub that has no pages yet."""
        slug = f"bench-{self.path[-8:].lower()}"
        version = self.owner.hub.get(self.path)["version"]
        opened = self.owner.hub.send("PUT", self.path, {"version": version, **self._configuration("A shop"), "pages": {"slug": slug}})
        if opened.status >= 300:
            return {}
        products = [f"/shop/{slug}/products/{self.listings[i % len(self.listings)]['product_id']}" for i in range(clients)]
        return {
            "shop's list page": [Ask(self.api, "", "GET", f"/shop/{slug}/products?language=en")] * clients,
            "shop's product page": [Ask(self.api, "", "GET", f"{path}?language=en") for path in products],
        }

    def orders(self, clients: int) -> list[Ask]:
        """Each client orders another offer; its quote is asked here, outside the clock."""
        return [self._order(self.listings[i % len(self.listings)]["offer_id"]) for i in range(clients)]

    def _order(self, offer_id: str) -> Ask:
        lines = [{"offer_id": offer_id, "quantity": 1}]
        body = {"lines": lines, "address": ADDRESS, "currency": "GBP"}
        ticket = self.site.ask("POST", f"{self.path}/shipping-quotes", body)["items"][0]["ticket"]
        order = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": ticket}
        return Ask(self.api, self.site.token, "POST", f"{self.path}/orders", order)

    def cash_checkouts(self, clients: int) -> list[Checkout]:
        """Each client buys two other offers."""
        return [Checkout(self.api, self.site.token, self.path, self._pair(i)) for i in range(clients)]

    def card_checkouts(self, clients: int) -> list[Checkout]:
        return [Checkout(self.api, self.card_site.token, self.card_path, self._pair(i), "pm_card_visa") for i in range(clients)]

    def _pair(self, client: int) -> tuple[str, str]:
        offers = [listing["offer_id"] for listing in self.listings]
        return offers[2 * client % len(offers)], offers[(2 * client + 1) % len(offers)]
