"""The running stack under load: orders/s, list pages/s, and products/s from a feed's PUT until the last is listed."""

import csv
import http.client
import io
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.clients import Ask, Pace, crew, paced
from bench.report import Say
from bench.scenarios import ADDRESS, PAGE, TABLE_RATE, product
from hubclient.hub import Hub
from hubclient.people import Person
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack

CLIENTS = (1, 8)
WARM_UP = 5.0
WARM_UP_ROWS = 100
ROWS = 2000
PATIENCE = 300.0
PRODUCTS = 48


class Fair:
    """A running hub with a supplier, its products, and a storefront that sells them for cash on delivery."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        people = stack.people()
        self.supplier: Person = people.merchant("supplier@bench.example", "supplier")
        self.owner: Person = people.merchant("owner@bench.example", "storefront")
        self.storefront_id = self._open()
        self.path = f"/v1/storefronts/{self.storefront_id}"
        key = self.owner.hub.post("/v1/keys", {"storefront_id": self.storefront_id, "name": "site"})["key"]
        self.site: Hub = self.owner.hub.as_(key)
        for number in range(PRODUCTS):
            self.supplier.hub.post("/v1/products", product(number + 1))
        self.listings: list[dict[str, Any]] = self._listed(PRODUCTS)

    def _open(self) -> str:
        rules = {"selection": {"suppliers": [self.supplier.account_id]}, "price_rule": {"margin_per_mille": 250}, "open": True}
        made: str = self.owner.hub.post("/v1/storefronts", {"name": "A shop", "languages": ["en", "zh"], **rules})["id"]
        installed = {"plugin": "table_rate", "mode": "live", "config": TABLE_RATE}
        self.owner.hub.post(f"/v1/storefronts/{made}/courier-installations", installed)
        return made

    def _listed(self, wanted: int) -> list[dict[str, Any]]:
        """Every listing, once there are `wanted`; each look asks for pages of another length, which no function remembers."""
        until, limit = time.monotonic() + PATIENCE, 100
        while len(found := self.site.all(f"{self.path}/listings", limit=limit)) < wanted:
            if time.monotonic() > until:
                raise RuntimeError(f"{len(found)} of {wanted} products are listed after {PATIENCE} s")
            limit = limit - 1 if limit > 50 else 100
        return found

    def pages(self, clients: int) -> list[Ask]:
        return [Ask(self.stack.api, self.site.token, "GET", f"{self.path}/listings?limit={PAGE}")] * clients

    def orders(self, clients: int) -> list[Ask]:
        """Each client orders another offer; its quote is asked here, outside the clock."""
        return [self._order(self.listings[i % len(self.listings)]["offer_id"]) for i in range(clients)]

    def _order(self, offer_id: str) -> Ask:
        lines = [{"offer_id": offer_id, "quantity": 1}]
        body = {"lines": lines, "address": ADDRESS, "currency": "GBP"}
        ticket = self.site.ask("POST", f"{self.path}/shipping-quotes", body)["items"][0]["ticket"]
        order = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": ticket}
        return Ask(self.stack.api, self.site.token, "POST", f"{self.path}/orders", order)

    def feed(self, rows: int) -> dict[str, float]:
        """Put a feed of `rows` new products; seconds from its PUT until the last is approved, and until the last is listed."""
        body, before = _csv(rows), len(self.listings)
        opened = self.supplier.hub.post("/v1/feeds", {"format": "csv", "name": "bench.csv", "bytes": len(body)})
        started = time.monotonic()
        _put(opened["upload"], body)
        while (view := self.supplier.hub.get(f"/v1/feeds/{opened['feed_id']}"))["rows"]["approved"] < rows:
            told = view["rows"]
            if view["state"] == "refused" or told["failed"] or told["refused"] or told["held"] or time.monotonic() > started + PATIENCE:
                raise RuntimeError(f"not every row was approved: {view}")
            time.sleep(0.5)
        approved = time.monotonic() - started
        self.listings = self._listed(before + rows)
        return {"rows": rows, "approved_s": round(approved, 1), "listed_s": round(time.monotonic() - started, 1)}


def _csv(rows: int) -> bytes:
    out = io.StringIO()
    heads = ["sku", "title_en", "description_en", "title_zh", "category", "price", "currency", "stock", "weight_g", "length_mm", "width_mm",
             "height_mm", "hs_code", "origin"]  # fmt: skip
    writer = csv.writer(out)
    writer.writerow(heads)
    for number in range(rows):
        p = product(number + 1)
        texts, price, size = p["texts"], p["price"], p["size"]
        writer.writerow([p["sku"], texts["en"]["title"], texts["en"]["description"], texts["zh"]["title"], p["category"],
                         f"{price['amount'] / 100:.2f}", price["currency"], p["stock"], p["weight"], *size.values(), p["hs_code"],
                         p["origin"]])  # fmt: skip
    return out.getvalue().encode()


def _put(upload: dict[str, Any], body: bytes) -> None:
    """PUT to the presigned place. Raises RuntimeError if it is not taken."""
    place = urlsplit(upload["url"])
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("PUT", f"{place.path}?{place.query}", body, upload["headers"])
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the feed was not taken: {answer.status} {answer.read().decode(errors='replace')[:300]}")
    connection.close()


def load(folder: Path, seconds: float, rows: int, say: Say) -> dict[str, Any]:
    """List pages/s and orders/s with each number of clients, products/s of one feed; latencies in ms."""
    found: dict[str, Any] = {"pages": {}, "orders": {}}
    with Stack(free_port(), free_port(), folder, say=say) as stack:
        load_reference(stack)
        fair = Fair(stack)
        with crew() as pool:
            for kind, asks in (("pages", fair.pages), ("orders", fair.orders)):
                paced(pool, asks(max(CLIENTS)), WARM_UP)
                for clients in CLIENTS:
                    pace = paced(pool, asks(clients), seconds)
                    say(f"{kind}, {clients} client(s): {told(pace)}")
                    found[kind][str(clients)] = asdict(pace)
                    stack.quiet(60)
        say(f"warming up with a feed: {fair.feed(WARM_UP_ROWS)}")
        found["feed"] = fair.feed(rows)
        found["feed"]["per_second"] = round(rows / found["feed"]["listed_s"], 1)
        found["dead_letters"] = stack.dead_letters()
    return found


def told(pace: Pace) -> str:
    return f"{pace.per_second}/s, p50 {pace.p50} ms, p95 {pace.p95} ms, {pace.failed} failed"
