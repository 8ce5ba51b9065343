"""An e-book beside what is sent: a supplier of parcels offers it, shoppers order it alone or with them, and it is delivered by a text."""

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from shared.ids import offer_id_of
from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed, Placing, Span
from simulation.actors.people import People
from simulation.actors.setting import ADDRESS, Setting, Shop, product
from simulation.actors.shopper import Shopper
from simulation.world import World

SOLD = 0.05
"""How often there is one."""
READ, ORDERED, LATER = 600.0, (1200.0, 1260.0, 3600.0), (0.05, 1.0, 60.0, 3600.0)
UNSENT = ("gtin", "weight", "size", "hs_code", "origin")


@dataclass
class EBooks:
    people: People
    setting: Setting
    observed: Observed
    random: Random
    """Its own: schedules without it are played as if there were none."""
    offer_id: str = ""

    def offer(self) -> None:
        """By the first supplier, whose other goods travel."""
        body = {name: value for name, value in product(0).items() if name not in UNSENT}
        text = {"en": {"title": "Turning bowls, an e-book"}}
        body |= {"sku": "sim-e-book", "texts": text, "requires_shipping": False, "stock": 9}
        reply = self.people.ask(self.setting.suppliers[0], "POST", "/v1/products", body)
        if reply.status < 300:
            self.offer_id = offer_id_of(reply.body["product_id"])

    def order(self, shop: Shop) -> dict[str, Any] | None:
        """Alone with a country, or with one of the goods that travel. None if the hub refuses it."""
        lines = [{"offer_id": self.offer_id, "quantity": self.random.choice((1, 2))}]
        body: dict[str, Any] = {"lines": lines, "buyer": {"type": "consumer"}}
        if self.random.random() < 0.4:
            return self._placed(shop, body | {"country": ADDRESS["country"]})
        lines.append({"offer_id": self.random.choice(self.setting.goods).offer_id, "quantity": 1})
        ask = {"lines": lines, "address": ADDRESS, "currency": "GBP"}
        quote = self.people.ask(shop.owner, "POST", f"{shop.path}/shipping-quotes", ask)
        if quote.status != 200 or not quote.body["items"]:
            return None
        return self._placed(shop, body | {"address": ADDRESS, "shipping_ticket": quote.body["items"][0]["ticket"]})

    def _placed(self, shop: Shop, body: dict[str, Any]) -> dict[str, Any] | None:
        key, started = self.people.key(), self.people.now()
        reply = self.people.ask(shop.owner, "POST", f"{shop.path}/orders", body, key)
        if reply.status != 201:
            self.observed.short.update(reply.body.get("left", {}))
            return None
        order: dict[str, Any] = reply.body
        self.observed.orders[order["id"]] = shop.storefront_id
        self.observed.placings.append(Placing(shop, key, body, order["id"], Span(started, self.people.now())))
        return order


def sell_now_and_then(books: EBooks, world: World, send: Any) -> None:
    """Offer it, and let it be ordered, paid, delivered, refunded and cancelled. `send`: what a supplier does who looks at its orders."""
    own, people, observed = books.random, books.people, books.observed
    shopper, merchant = Shopper(people, books.setting, observed, own), Merchant(people, observed, own)

    def shopping(shop: Shop) -> None:
        order = books.order(shop) if books.offer_id else None
        if order is None:
            return
        world.spawn("e-book is paid", partial(shopper.pay, shop, order), own.choice(LATER))
        if shop.payer == "sim_later":
            world.spawn("e-book is captured", partial(merchant.capture, shop, order["id"]), 3600.0 + own.choice(LATER))
        for name, act, chance in (("refunded", merchant.refund, 0.6), ("cancelled", merchant.cancel, 0.3)):
            if own.random() < chance:
                world.spawn(f"e-book is {name}", partial(act, shop, order), 60.0 + own.choice(LATER))
        world.spawn("e-book is delivered", partial(send, books.setting.suppliers[0]), 60.0 + own.choice(LATER))

    world.spawn("e-book is offered", books.offer, READ * own.random())
    for _ in range(own.randint(1, 4)):
        world.spawn("e-book is ordered", partial(shopping, own.choice(books.setting.shops)), own.choice(ORDERED))
