"""What happens at the card processor and the bank, and not through the hub; each time they send a notice, again until that is taken."""

from dataclasses import dataclass
from random import Random
from typing import Any

from simulation.actors.people import People
from simulation.actors.setting import Shop
from simulation.providers.bank import BankBooks
from simulation.providers.card_books import CardBooks, Charge

LOST = 0.5
"""How often the notice of a promise's end never comes."""
NOTICES = 8
"""A notice is sent at most so often; processors go on for days."""


@dataclass
class Console:
    people: People
    random: Random
    card: CardBooks
    bank: BankBooks

    def refund(self, shop: Shop, order: dict[str, Any]) -> None:
        """Somebody pays a part of the order back by hand, or all that is left."""
        for charge in self._charges(order):
            amount = self.random.choice((charge.kept, max(1, charge.kept // 3)))
            self.notify(shop, self.card.refund_by_hand(charge.payment_id, amount))

    def expire(self, shop: Shop, order: dict[str, Any]) -> None:
        """A promise that nobody captured in time ends; its notice may be lost for good."""
        for charge in self._charges(order):
            ended = self.card.let_expire(charge.payment_id)
            lost = Random(f"lost {charge.payment_id}").random() < LOST
            self.notify(shop, None if lost else ended)

    def send_back(self, shop: Shop, order: dict[str, Any]) -> None:
        """A refund that was paid comes back: the card's account is closed."""
        for charge in self._charges(order):
            self.notify(shop, self.card.send_back(charge.payment_id))

    def reverse(self, shop: Shop, order: dict[str, Any]) -> None:
        """The scheme takes back what was captured."""
        for charge in self._charges(order):
            self.notify(shop, self.card.reverse(charge.payment_id))

    def object(self, shop: Shop, order: dict[str, Any]) -> None:
        """The shopper objects with its bank to all of a payment, or a part; often the bank only asks at first."""
        for charge in self._charges(order):
            amount, warning = self.random.choice((charge.kept, charge.kept // 2)), self.random.random() < 0.4
            self.notify(shop, self.card.object(charge.payment_id, amount, warning=warning))

    def decide(self, shop: Shop, order: dict[str, Any]) -> None:
        """The bank goes on with an objection."""
        for charge in self._charges(order):
            self.notify(shop, self.card.decide(charge.payment_id, won=self.random.random() < 0.6))

    def return_payout(self, shop: Shop) -> None:
        """A payout that the bank made comes back; the bank says so."""
        key = self.bank.send_back()
        if key is not None:
            installed = self.people.must(shop.owner, "GET", f"{shop.path}/clearing-installations")["items"]
            self._say(f"/v1/hooks/clearing/{installed[0]['id']}", f"evt_{key} {key}")

    def _charges(self, order: dict[str, Any]) -> list[Charge]:
        return [charge for charge in self.card.charges.values() if charge.order_id == order["id"]]

    def notify(self, shop: Shop, charge: Charge | None) -> None:
        """Tell the hub of a charge, until it listens; of none nothing."""
        if charge is None:
            return
        charge.told += 1
        told = f"evt_{charge.payment_id}_{charge.told} {charge.payment_id} {charge.order_id}"
        self._say(f"/v1/hooks/payments/{shop.payment_installation}", told)

    def _say(self, path: str, told: str) -> None:
        """Send a notice until it is taken."""
        for _ in range(NOTICES):
            if self.people.ask(None, "POST", path, told.encode()).status in (200, 204):
                return
            self.people.sleep(600)
