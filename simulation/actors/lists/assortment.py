"""What a supplier has on its list: what goes off sale and comes back, prices, sales, what uploads need not say, who answers for safety."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller
from simulation.actors.observed import DefaultsSet, Moved, Observed, Said, Span, Told
from simulation.actors.people import People
from simulation.actors.setting import Goods
from simulation.actors.supplier import Supplier

FILLED = ("handling_days", "condition")
"""Fields that no upload of the setting says."""
SETS: tuple[tuple[int, str], ...] = ((1, "new"), (2, "used"), (3, "refurbished"))
"""Their values, together: what is filled by two sets at once shows."""
SAFETY = {
    "manufacturer": {
        "name": "Werkstatt Fern GmbH", "lines": ["Werkweg 2"], "city": "Bremen", "postal_code": "28195", "country": "DE",
        "electronic_address": "safety@fern.example",
    }
}  # fmt: skip


@dataclass
class Assortment:
    people: People
    observed: Observed
    random: Random
    """Its own: what it does changes nobody else's choices."""
    supplier: Supplier

    def take_off(self, goods: Goods) -> None:
        self.supplier.send_anew(goods, goods.body | {"status": self.random.choice(("draft", "archived"))})

    def put_back(self, goods: Goods) -> None:
        self.supplier.send_anew(goods, goods.body)

    def answer(self, goods: Goods) -> None:
        """Say who answers for its safety in the EU."""
        self.supplier.send_anew(goods, goods.body | {"safety": SAFETY})

    def change(self, goods: Goods) -> None:
        """Change the price, or the stock, or both, and nothing else."""
        price = goods.body["price"]["amount"] + self.random.choice((10, 120, 250))
        number = self.random.choice((None, 0, goods.stock + 1))
        body: dict[str, Any] = {} if number is not None and self.random.random() < 0.3 else {"price": {"amount": price, "currency": "GBP"}}
        if number is not None:
            body |= {"variants": [{"sku": goods.variant, "stock": number}]} if goods.variant else {"stock": number}
        started = self.people.now()
        reply = self.people.ask(goods.supplier, "PATCH", f"/v1/products/{goods.product_id}", body)
        if reply.status >= 300:
            return
        span, amount = Span(started, self.people.now()), price if "price" in body else None
        self.observed.said.append(Said(product_id=goods.product_id, version=reply.body["version"], span=span, amount=amount))
        if number is not None:
            self.observed.counted.append(Moved(goods.offer_id, number, span))

    def count(self, goods: Goods) -> None:
        """Count it now, and say nothing else of it."""
        number, named = goods.stock + 1, {"variant": goods.variant} if goods.variant else {}
        started = self.people.now()
        body = {"counts": [{"sku": goods.body["sku"], **named, "stock": number}]}
        reply = self.people.ask(goods.supplier, "POST", "/v1/stock-counts", body)
        if reply.status == 202 and reply.body["items"][0]["outcome"] == "counted":
            self.observed.counted.append(Moved(goods.offer_id, number, Span(started, self.people.now())))

    def announce(self, goods: Goods) -> None:
        """Set a sale, of now or of later, for a while or until it is called off."""
        begins = self.people.now() + timedelta(seconds=self.random.choice((-60, 1, 90, 3600, 20 * 3600)))
        lasts = self.random.choice((None, 30, 3600, 24 * 3600))
        amount = goods.body["price"]["amount"] - self.random.choice((50, 300))
        sale: dict[str, Any] = {"price": {"amount": amount, "currency": "GBP"}, "starts_at": rfc3339(begins)}
        if lasts is not None:
            sale["ends_at"] = rfc3339(begins + timedelta(seconds=lasts))
        self.supplier.send_anew(goods, goods.body | {"sale": sale})

    def call_off(self, goods: Goods) -> None:
        """Say that there is no sale, and nothing else."""
        started = self.people.now()
        reply = self.people.ask(goods.supplier, "PATCH", f"/v1/products/{goods.product_id}", {"sale": None})
        if reply.status < 300:
            span = Span(started, self.people.now())
            self.observed.said.append(Said(product_id=goods.product_id, version=reply.body["version"], span=span, sales=()))

    def set_defaults(self, who: Caller) -> None:
        values = self.random.choice(SETS)
        started = self.people.now()
        body = {"items": [{"category": "*", **dict(zip(FILLED, values, strict=True))}]}
        if self.people.ask(who, "PUT", "/v1/product-defaults", body).status < 300:
            self.observed.defaults.append(DefaultsSet(who.account_id, values, Span(started, self.people.now())))

    def answer_archiving(self, who: Caller, feed_id: str, *, archive: bool) -> None:
        """Answer what a complete feed asks; where nothing is asked this is refused, and nothing is done."""
        self.people.ask(who, "PUT", f"/v1/feeds/{feed_id}/archiving", {"archive": archive})

    def answer_when_asked(self, who: Caller, feed_id: str) -> None:
        """Say that what a complete file lacks is to be archived, if it is seen to be asked."""
        archiving = self.people.must(who, "GET", f"/v1/feeds/{feed_id}").get("archiving")
        if archiving and archiving["state"] == "asked":
            self.observed.told.append(Told(feed_id, self.people.now()))
            self.answer_archiving(who, feed_id, archive=True)
