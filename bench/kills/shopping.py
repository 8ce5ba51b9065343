"""Shoppers who order until the hub dies. What it told them, and all that follows from that, must be true after its next start."""

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bench.clients import Checkout
from bench.fair import Fair
from hubclient.hub import Hub

OFFERS = 8
PATIENCE = 240.0
TAKEN = {"cash": "accepted", "card": "paid"}
"""An order's state once its payment is heard of: a courier collects cash at the door."""


@dataclass(frozen=True)
class Shop:
    """A storefront that takes one kind of payment."""

    path: str
    owner: Hub
    site: Hub
    payment: str


class Shopping:
    """A fair's offers at its two shops, and every order that the hub answered with 201, by the shop that took it."""

    def __init__(self, fair: Fair) -> None:
        self.supplier = fair.supplier
        sites = {"cash": (fair.path, fair.site), "card": (fair.card_path, fair.card_site)}
        self.shops = [Shop(path, fair.owner.hub, site, payment) for payment, (path, site) in sites.items()]
        self.offers = [listing["offer_id"] for listing in fair.listings]
        self.stock = self._left()
        self.acknowledged: dict[str, Shop] = {}
        self.paid = set[str]()
        """Those whose payment was answered as done, too."""

    @contextmanager
    def under_way(self, clients: int) -> Iterator[None]:
        """So many shoppers order as fast as they are answered; what is answered after the end counts too."""
        over = threading.Event()
        with ThreadPoolExecutor(clients) as pool:
            for number in range(clients):
                pool.submit(self._shopper, number, over)
            try:
                yield
            finally:
                over.set()

    def _shopper(self, number: int, over: threading.Event) -> None:
        shop = self.shops[number % len(self.shops)]
        while not over.is_set():
            with suppress(OSError, http.client.HTTPException, ValueError):  # the hub is dead, or dies now: nobody was told anything
                self.checkout(shop, self.offers[number % len(self.offers)])

    def checkout(self, shop: Shop, offer_id: str) -> None:
        """Quote, order, pay: what is answered is remembered."""
        method = "pm_card_visa" if shop.payment == "card" else ""
        answers = Checkout(shop.site.api, shop.site.token, shop.path, (offer_id,), method).answers(shop.site)
        _quote, order = next(answers), next(answers, None)
        if order is not None and order.status == 201:
            self.acknowledged[order.body["id"]] = shop
            if next(answers).status in (200, 201):
                self.paid.add(order.body["id"])

    def lost(self) -> list[str]:
        """Acknowledged orders that the hub does not know."""
        return [order for order, shop in self.acknowledged.items() if shop.site.send("GET", f"{shop.path}/orders/{order}").status != 200]

    def missing(self) -> dict[str, str]:
        """Of paid orders, what has not followed: the order knows of its payment, has a parcel, and money that was paid is split."""
        found = {order: self._missing(order, self.acknowledged[order]) for order in self.paid}
        return {order: what for order, what in found.items() if what}

    @staticmethod
    def _missing(order: str, shop: Shop) -> str:
        path = f"{shop.path}/orders/{order}"
        if (state := shop.site.get(path)["state"]) != TAKEN[shop.payment]:
            return f"it is {state}"
        parcels = shop.site.send("GET", f"{path}/shipments")
        if parcels.status != 200 or not parcels.body["items"]:
            return "it has no parcel"
        split = shop.owner.send("GET", f"{path}/split")
        return "it is not split" if shop.payment == "card" and split.status != 200 else ""

    def arrived(self, seconds: float = PATIENCE) -> dict[str, str]:
        """What is missing still once nothing is, or after so long."""
        until = time.monotonic() + seconds
        while (found := self.missing()) and time.monotonic() < until:
            time.sleep(0.5)
        return found

    def miscounted(self) -> int:
        """Units that are neither on sale nor ordered: each order took its unit once, whether its shopper was told or not."""
        return self.stock - self._left() - sum(len(shop.owner.all(f"{shop.path}/orders", limit=100)) for shop in self.shops)

    def _left(self) -> int:
        return sum(self.supplier.hub.get(f"/v1/offers/{offer}/stock")["quantity"] for offer in self.offers)
