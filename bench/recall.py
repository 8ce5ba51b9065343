"""How soon a decision reaches every checkout, listing, feed and webhook of the running stack. Seconds from the operator's request."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bench.report import Say
from bench.scenarios import ADDRESS, TABLE_RATE, product
from hubclient.hub import Hub, Reply
from hubclient.people import Person
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack
from tools.receiver import Receiver

SHOPS = 4
PATIENCE = 60.0
CALM = 8.0
"""Seconds without a sale after which a recall is taken to have reached a checkout."""
STOCK = 100_000


@dataclass
class Shop:
    """A storefront whose site orders one product over and over."""

    storefront_id: str
    owner: Person
    site: Hub
    order: dict[str, Any] = field(default_factory=dict)
    sales: list[float] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/v1/storefronts/{self.storefront_id}"

    def place(self) -> Reply:
        """One order, under a key of its own."""
        return self.site.send("POST", f"{self.path}/orders", self.order, key=str(uuid.uuid4()))

    def buy(self, stop: threading.Event) -> None:
        """Order until `stop`; keeps when each order that succeeded was answered."""
        site = Hub(self.site.api, self.site.token)
        while not stop.is_set():
            if site.send("POST", f"{self.path}/orders", self.order, key=str(uuid.uuid4())).status == 201:
                self.sales.append(time.time())


class Street:
    """Some shops that sell the same product, and one follower of the first by feed and webhook."""

    def __init__(self, stack: Stack, receiver: Receiver) -> None:
        self.people, self.receiver = stack.people(), receiver
        self.operator = self.people.operator()
        self.supplier = self.people.merchant("supplier@street.example", "supplier")
        self.shops = [self._shop(n) for n in range(SHOPS)]
        endpoint = {"storefront_id": self.shops[0].storefront_id, "url": receiver.url, "types": ["product.changed"]}
        self.shops[0].owner.hub.post("/v1/webhooks", endpoint)

    def _shop(self, number: int) -> Shop:
        owner = self.people.merchant(f"owner{number}@street.example", "storefront")
        rules = {"selection": {"suppliers": [self.supplier.account_id]}, "price_rule": {"margin_per_mille": 250}, "open": True}
        made = owner.hub.post("/v1/storefronts", {"name": f"Shop {number}", "languages": ["en"], **rules})["id"]
        owner.hub.post(f"/v1/storefronts/{made}/courier-installations", {"plugin": "table_rate", "mode": "live", "config": TABLE_RATE})
        key = owner.hub.post("/v1/keys", {"storefront_id": made, "name": "site"})["key"]
        return Shop(made, owner, owner.hub.as_(key))

    def publish(self, number: int) -> str:
        """Put a product on sale at every shop, and let each site have a quote in hand; answers its id."""
        made: str = self.supplier.hub.post("/v1/products", product(number) | {"stock": STOCK})["product_id"]
        for shop in self.shops:
            listing = self._until(partial(shop.site.send, "GET", f"{shop.path}/listings/{made}"), 200).body
            lines = [{"offer_id": listing["offer_id"], "quantity": 1}]
            body = {"lines": lines, "address": ADDRESS, "currency": "GBP"}
            quote = self._until(partial(shop.site.send, "POST", f"{shop.path}/shipping-quotes", body), 200).body
            shop.order = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": quote["items"][0]["ticket"]}
            self._until(shop.place, 201)
            shop.sales.clear()
        self._wait(lambda: any(c["product_id"] == made and c["type"] == "upsert" for _, c in self.receiver.changes()))
        return made

    def timed(self, made: str, decide: Callable[[], Any], shops: list[Shop]) -> dict[str, float | int]:
        """Let every site of `shops` order while `decide` is carried out; seconds until each way of seeing the product ended."""
        stop, first = threading.Event(), shops[0]
        with ThreadPoolExecutor(len(shops)) as pool:
            buying = [pool.submit(shop.buy, stop) for shop in shops]
            self._wait(lambda: all(len(shop.sales) >= 3 for shop in shops))
            decided = time.time()
            decide()
            listed = self._gone(lambda: first.site.send("GET", f"{first.path}/listings/{made}").status != 200)
            self._wait(lambda: time.time() - max(s for shop in shops for s in shop.sales) > CALM)
            stop.set()
            for one in buying:
                one.result()
        last = max(s for shop in shops for s in shop.sales)
        pushed = self._pushed(made, decided)
        pulled = self._gone(lambda: made not in self._held(first))
        sales = sum(len(shop.sales) for shop in shops)
        return {
            "orders": sales, "last_order_s": round(last - decided, 2), "listing_s": round(listed - decided, 2),
            "webhook_s": round(pushed - decided, 2), "feed_s": round(pulled - decided, 2),
        }  # fmt: skip

    def _held(self, shop: Shop) -> set[str]:
        """What a site holds that reads the feed from its start."""
        held: dict[str, bool] = {}
        cursor, more = None, True
        while more:
            page = shop.site.get("/v1/feed", cursor=cursor, limit=100)
            held |= {change["product_id"]: change["type"] == "upsert" for change in page["changes"]}
            cursor, more = page["next"], page["more"]
        return {product_id for product_id, sold in held.items() if sold}

    def _pushed(self, made: str, since: float) -> float:
        def removals() -> list[float]:
            return [at for at, c in self.receiver.changes() if at >= since and (c["product_id"], c["type"]) == (made, "removal")]

        self._wait(lambda: bool(removals()))
        return min(removals())

    def _gone(self, is_gone: Callable[[], bool]) -> float:
        self._wait(is_gone)
        return time.time()

    def _until(self, ask: Callable[[], Reply], status: int) -> Reply:
        found: list[Reply] = []

        def answered() -> bool:
            found.append(ask())
            return found[-1].status == status

        self._wait(answered)
        return found[-1]

    @staticmethod
    def _wait(look: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not look():
            if time.monotonic() > until:
                raise RuntimeError(f"not within {PATIENCE} s")
            time.sleep(0.05)


def recall(folder: Path, say: Say) -> dict[str, Any]:
    """The times of a product's recall, a supplier's suspension and a storefront's, on one stack."""
    found: dict[str, Any] = {}
    with Stack(free_port(), free_port(), folder, say=say) as stack, Receiver() as receiver:
        load_reference(stack)
        street = Street(stack, receiver)
        first, operator = street.shops[0], street.operator.hub
        supplier_id, account_id = street.supplier.account_id, first.owner.account_id
        reason = {"reason": "the handle comes off"}
        decisions: dict[str, tuple[Callable[[str], Any], list[Shop]]] = {
            "product recalled": (
                lambda made: operator.post(f"/v1/catalog/products/{made}/recall", reason | {"supplier_id": supplier_id}), street.shops,
            ),
            "storefront suspended": (
                lambda _: operator.post(f"{first.path}/suspension", reason | {"account_id": account_id}), [first],
            ),
            "supplier suspended": (
                lambda _: operator.post(f"/v1/suppliers/{supplier_id}/suspension", reason), street.shops,
            ),
        }  # fmt: skip
        for number, (name, (decide, shops)) in enumerate(decisions.items()):
            made = street.publish(number + 1)
            found[name] = street.timed(made, partial(decide, made), shops)
            say(f"{name}: {told(found[name])}")
            if name == "storefront suspended":
                operator.post(f"{first.path}/reinstatement", {"account_id": account_id})
                street._until(lambda: first.site.send("GET", f"{first.path}/listings"), 200)
    return found


def told(times: dict[str, float | int]) -> str:
    return ", ".join(f"{name.removesuffix('_s').replace('_', ' ')} {value}" for name, value in times.items())
