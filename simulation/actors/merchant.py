"""A storefront's owner: captures, cancels, refunds."""

from dataclasses import dataclass
from random import Random
from typing import Any

from simulation.actors.observed import Observed, RefundAsked
from simulation.actors.people import People
from simulation.actors.setting import Shop


@dataclass
class Merchant:
    people: People
    observed: Observed
    random: Random

    def cancel(self, shop: Shop, order: dict[str, Any]) -> None:
        """Cancel the order, or one supplier's part of it."""
        order_id, supplier = order["id"], self.random.choice((None, None, *(line["supplier_id"] for line in order["lines"][:1])))
        body = {"reason": "merchant"} | ({"supplier_id": supplier} if supplier else {})
        reply = self.people.ask(shop.owner, "POST", f"{shop.path}/orders/{order_id}/cancellation", body)
        if reply.status == 200 and reply.body["state"] == "cancelled":
            self.observed.cancelled.add(order_id)

    def refund(self, shop: Shop, order: dict[str, Any]) -> None:
        """Pay some units back, or the shipping."""
        units = {line["offer_id"]: self.random.randint(1, line["quantity"]) for line in order["lines"] if self.random.random() < 0.7}
        restock, shipping = self.random.choice((True, False, None)), not units or self.random.random() < 0.2
        lines = [{"offer_id": offer_id, "quantity": quantity} for offer_id, quantity in units.items()]
        body = {"lines": lines, "shipping": shipping, "reason": "broken"} | ({} if restock is None else {"restock": restock})
        reply = self.people.ask(shop.owner, "POST", f"{shop.path}/orders/{order['id']}/refunds", body)
        if reply.status == 201:
            self.observed.refunds.append(RefundAsked(order["id"], restock is True))

    def capture(self, shop: Shop, order_id: str) -> None:
        """Take the money that the order's payment promises."""
        path = f"{shop.path}/orders/{order_id}/payments"
        for payment in self.people.must(shop.owner, "GET", path)["items"]:
            if payment["state"] == "authorized":
                self.people.ask(shop.owner, "POST", f"{path}/{payment['id']}/capture", {})
