"""What happens at the card processor and not through the hub; each time it sends a notice, again until that is taken."""

from dataclasses import dataclass
from random import Random
from typing import Any

from simulation.people import People
from simulation.providers.card import CardBooks, Charge
from simulation.setting import Shop

NOTICES = 8
"""A notice is sent at most so often; processors go on for days."""


@dataclass
class Console:
    people: People
    random: Random
    card: CardBooks

    def refund(self, shop: Shop, order: dict[str, Any]) -> None:
        """Somebody pays a part of the order back by hand, or all that is left."""
        for charge in self._charges(order):
            amount = self.random.choice((charge.kept, max(1, charge.kept // 3)))
            self._notify(shop, self.card.refund_by_hand(charge.payment_id, amount))

    def expire(self, shop: Shop, order: dict[str, Any]) -> None:
        """A promise that nobody captured in time ends."""
        for charge in self._charges(order):
            self._notify(shop, self.card.let_expire(charge.payment_id))

    def _charges(self, order: dict[str, Any]) -> list[Charge]:
        return [charge for charge in self.card.charges.values() if charge.order_id == order["id"]]

    def _notify(self, shop: Shop, charge: Charge | None) -> None:
        if charge is None:
            return
        charge.told += 1
        body = f"evt_{charge.payment_id}_{charge.told} {charge.payment_id} {charge.order_id}".encode()
        for _ in range(NOTICES):
            reply = self.people.ask(None, "POST", f"/v1/hooks/payments/{shop.payment_installation}", body)
            if reply.status == 200:
                return
            self.people.sleep(600)
