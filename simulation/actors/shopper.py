"""A shopper: asks what sending costs, orders, pays or does not."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from simulation.actors.observed import Observed, Placing, Span
from simulation.actors.people import MOST_SENT, People
from simulation.actors.setting import ADDRESS, IN_UNION, Setting, Shop

OWN = "GBP"
"""The currency in which suppliers ask, and shops sell unless another is said."""


@dataclass
class Shopper:
    people: People
    setting: Setting
    observed: Observed
    random: Random
    address: dict[str, Any] = field(default_factory=lambda: ADDRESS)
    """Where what is ordered goes."""
    says: dict[str, Any] = field(default_factory=lambda: {"buyer": {"type": "consumer"}})
    """Of who buys."""
    currency: str = OWN
    """In which it is paid."""

    def order(self, shop: Shop) -> dict[str, Any] | None:
        """Place an order of one to three lines. None if the hub refuses it, say for want of stock."""
        chosen = self.random.sample(self.setting.goods, self.random.randint(1, 3))
        lines = [{"offer_id": goods.offer_id, "quantity": self.random.choice((1, 1, 2, 3))} for goods in chosen]
        ask = {"lines": lines, "address": self.address, "currency": self.currency}
        quote = self.people.ask(shop.owner, "POST", f"{shop.path}/shipping-quotes", ask)
        if quote.status != 200 or not quote.body["items"]:
            return None
        body = {"lines": lines, **self.says, "address": self.address, "shipping_ticket": quote.body["items"][0]["ticket"]}
        body |= {"currency": self.currency} if self.currency != OWN else {}
        key, path = self.people.key(), f"{shop.path}/orders"
        started = self.people.now()
        reply = self.people.ask(shop.owner, "POST", path, body, key)
        if reply.status != 201:
            self.observed.short.update(reply.body.get("left", {}))
            return None
        order: dict[str, Any] = reply.body
        self.observed.orders[order["id"]] = shop.storefront_id
        placing = Placing(shop, key, body, order["id"], Span(started, self.people.now()))
        self.observed.placings.append(placing)
        if self.observed.safety_demanded and self.address in IN_UNION:
            self.observed.in_union.append(placing)
        return order

    def pay(self, shop: Shop, order: dict[str, Any]) -> None:
        """Pay with the ticket at hand; if that is refused, with a fresh one of the order as it now is. Some go away at the first error."""
        path, ticket = f"{shop.path}/orders/{order['id']}", order.get("payment_ticket")
        patience = self.random.choice((MOST_SENT, MOST_SENT, 1))
        for _ in range(3):
            if ticket:
                reply = self.people.ask(shop.owner, "POST", f"{path}/payments", {"ticket": ticket}, most=patience)
                if reply.status not in {400, 422}:
                    return
            ticket = self.people.must(shop.owner, "GET", path).get("payment_ticket")
            if not ticket:
                return
