"""The hub of the browser's tests: the demo's shops, and what their merchants and suppliers do meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from hubclient.hub import Hub
from local.demo import Demo
from local.mendings.mail.mailbox import Mailbox
from local.stack import Stack
from tests.flow.market import eventually

LOOKED_AT = {"lantern-street": "RK-SET-TEA", "papier-tee": "RK-POT-FAM", "jiejiao-xiaopu": "RK-MUG-CEL"}
"""Slug → the product of which pictures are made there."""


@dataclass(frozen=True)
class DemoHub:
    stack: Stack
    demo: Demo

    def home(self, slug: str) -> str:
        """A shop's address below the API's."""
        return f"{self.stack.api}/shop/{slug}/"

    def own_home(self, slug: str) -> str:
        """The same shop's at a host of its own."""
        return f"http://{slug}.localhost:{urlsplit(self.stack.api).port}/"

    def product(self, sku: str) -> str:
        return next(str(product["product_id"]) for product in self.demo["products"] if product["sku"] == sku)

    def wait_for_pictures(self) -> None:
        """Pages look as they stay once each product's picture is read."""
        lists = [f"{self.home(shop['shop'])}products" for shop in self.demo["storefronts"]]
        some = [f"{self.home(slug)}products/{self.product(sku)}" for slug, sku in LOOKED_AT.items()]
        eventually(lambda: all('class="pic" aria-hidden' not in _text(page) for page in (*lists, *some)), 420)

    def order(self, slug: str, number: str) -> dict[str, Any]:
        """An order as its shop's site sees it."""
        site, path = self._site(slug)
        (found,) = site.get(f"{path}/orders", number=number)["items"]
        return dict(found)

    def payments(self, slug: str, number: str) -> list[dict[str, Any]]:
        site, path = self._site(slug)
        return list(site.get(f"{path}/orders/{self.order(slug, number)['id']}/payments")["items"])

    def orders(self, slug: str) -> list[dict[str, Any]]:
        site, path = self._site(slug)
        return list(site.get(f"{path}/orders")["items"])

    def send(self, slug: str, number: str, state: str) -> None:
        """Let each supplier say of its parcel of an order that it is `dispatched` or `delivered`."""
        site, path = self._site(slug)
        path = f"{path}/orders/{self.order(slug, number)['id']}/shipments"
        for shipment in eventually(lambda: (r := site.send("GET", path)).status == 200 and r.body["items"]):
            supplier = next(email for email, account in self.demo["accounts"].items() if account == shipment["supplier_id"])
            told = {"state": state} | ({"tracking_number": "RR123456785GB"} if state == "dispatched" else {})
            self._as(supplier).post(f"/v1/shipments/{shipment['id']}/events", told)

    def install(self, slug: str, plugin: str, config: Mapping[str, Any]) -> None:
        """Let a shop take payments by one provider more."""
        shop = self._shop(slug)
        path = f"/v1/storefronts/{shop['storefront_id']}/payment-installations"
        self._as(shop["owner"]).post(path, {"plugin": plugin, "mode": "test", "config": dict(config)})

    def mails(self, email: str, number: str) -> list[str]:
        """The subjects of what was written to a buyer of an order."""
        box = Mailbox(Path(self.stack.data.path) / "mail")
        mails = [mail for mail in map(box.mail, box.names()) if mail and email in mail.to]
        return [mail.subject for mail in mails if number in mail.subject]

    def _site(self, slug: str) -> tuple[Hub, str]:
        shop = self._shop(slug)
        return self._as(f"site of {shop['name']}"), f"/v1/storefronts/{shop['storefront_id']}"

    def _shop(self, slug: str) -> dict[str, Any]:
        return next(shop for shop in self.demo["storefronts"] if shop["shop"] == slug)

    def _as(self, who: str) -> Hub:
        return self.stack.hub.as_(self.demo["keys"][who])


def _text(address: str) -> str:
    with urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())
