"""Shoppers who order while the drill goes on, at a shop that takes cards and at one that is paid at its counter."""

import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from types import TracebackType
from typing import Any, Self

from hubclient.people import People, Person
from tools.replay.calls import awaited, sent
from tools.replay.shops import COUNTER, Shop
from tools.restore_drill.comparison import Acknowledged

PRODUCT = {
    "sku": "drill", "texts": {"en": {"title": "Walnut bowl"}}, "category": "hg", "price": {"amount": 1000, "currency": "GBP"},
    "stock": 100_000, "weight": 400, "size": {"length": 200, "width": 200, "height": 80}, "hs_code": "441990", "origin": "CN",
}  # fmt: skip


def publish(people: People) -> tuple[Person, str]:
    """A supplier with a product on sale; answers its id."""
    supplier = people.merchant("supplier@drill.example", "supplier")
    product_id: str = supplier.hub.post("/v1/products", PRODUCT)["product_id"]
    path = f"/v1/products/{product_id}"
    awaited(lambda: str(supplier.hub.get(path)["status"]), lambda status: status == "approved", "the product is approved", pause=0.2)
    return supplier, product_id


@dataclass
class Trade:
    """Orders of one product, one after another and the shops in turn. As a context manager it goes on by itself until the end."""

    shops: Sequence[Shop]
    product_id: str
    acknowledged: list[Acknowledged] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _failed: list[Exception] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def place(self, number: int) -> None:
        """Order, and pay, at each shop in turn, until `number` orders are acknowledged."""
        for shop, _ in zip(cycle(self.shops), range(number), strict=False):
            self._place(shop)

    def _place(self, shop: Shop) -> None:
        """Raises Declined."""
        path = f"/v1/storefronts/{shop.storefront_id}"
        lines = [{"offer_id": self._listed(shop)["offer_id"], "quantity": 1}]
        quote = {"lines": lines, "address": COUNTER, "currency": "GBP"}
        rates = awaited(lambda: _items(shop, f"{path}/shipping-quotes", quote), bool, "the shop has a courier", pause=0.2)
        body = {"lines": lines, "buyer": {"type": "consumer"}, "address": COUNTER, "shipping_ticket": rates[0]["ticket"]}
        order = sent(shop.site, "POST", shop.orders, body, str(uuid.uuid4()))
        data = {"data": shop.plan.data} if shop.plan.data else {}
        sent(shop.site, "POST", f"{shop.orders}/{order['id']}/payments", {"ticket": order["payment_ticket"]} | data, order["id"])
        total = order["totals"]["total"]
        online = shop.plan.payment["plugin"] == "stripe"
        self.acknowledged.append(Acknowledged(order["id"], time.time(), total["amount"], total["currency"], online))

    def _listed(self, shop: Shop) -> dict[str, Any]:
        path = f"/v1/storefronts/{shop.storefront_id}/listings/{self.product_id}"

        def look() -> dict[str, Any]:
            reply = shop.site.send("GET", path)
            return reply.body if reply.status == 200 else {}

        return awaited(look, bool, "the product is listed", pause=0.2)

    def until(self, number: int) -> None:
        """Wait until `number` more orders came in. Raises what stopped the trade."""
        there = len(self.acknowledged)
        while len(self.acknowledged) < there + number:
            if self._failed:
                raise self._failed[0]
            time.sleep(0.1)

    def _go_on(self) -> None:
        for shop in cycle(self.shops):
            if self._over.is_set():
                return
            try:
                self._place(shop)
            except Exception as error:  # it is raised where the drill waits for orders, and at the end
                self._failed.append(error)
                return

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join()
        if self._failed and error is None:
            raise self._failed[0]


def _items(shop: Shop, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    reply = shop.site.send("POST", path, body)
    return list(reply.body["items"]) if reply.status == 200 else []
