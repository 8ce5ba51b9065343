"""Who does what in one schedule, and about when: drawn from the seed."""

from random import Random
from typing import Any

from simulation.actors.merchant import Merchant
from simulation.actors.shopper import Shopper
from simulation.actors.supplier import Supplier
from simulation.observed import Observed
from simulation.people import People
from simulation.setting import OPERATOR, Setting, Shop
from simulation.world import World

SOON = (0.0, 0.05, 1.0, 30.0)
LATER = (1.0, 60.0, 3600.0, 20 * 3600.0)
MOST_ORDERS = 4


class Story:
    """One schedule's people and their plans."""

    def __init__(self, world: World, people: People, setting: Setting, observed: Observed) -> None:
        self.world, self.setting, self.random = world, setting, world.random
        self.shopper = Shopper(people, setting, observed, self.random)
        self.merchant = Merchant(people, observed, self.random)
        self.supplier = Supplier(people, observed, self.random, world.clock)
        self.people, self.observed = people, observed

    def begin(self) -> None:
        """Let everybody begin."""
        focus = self.random.choice(self.setting.shops)
        for number in range(self.random.randint(1, MOST_ORDERS)):
            shop = focus if self.random.random() < 0.7 else self.random.choice(self.setting.shops)
            self._soon(f"shopper {number}", lambda shop=shop: self._shop(shop))  # type: ignore[misc]
        for _ in range(self.random.choice((0, 0, 1, 2))):
            goods = self.random.choice(self.setting.goods)
            self._later("supplier adjusts", lambda goods=goods: self.supplier.adjust(goods))  # type: ignore[misc]
        if self.random.random() < 0.3:
            self._later("recall", self._recall)
        for _ in range(self.random.randint(0, 3)):
            self.world.spawn("sweeps", self.world.sweep, self._after(LATER))
        for _ in range(self.random.randint(1, 4)):
            supplier = self.random.choice(self.setting.suppliers)
            self._later("supplier sends", lambda supplier=supplier: self.supplier.send_all(supplier))  # type: ignore[misc]

    def end(self) -> None:
        """Let suppliers send and deliver whatever is ready, as they do in the end."""
        for supplier in self.setting.suppliers:
            self.world.spawn("supplier sends", lambda supplier=supplier: self.supplier.send_all(supplier))  # type: ignore[misc]
            self.world.spawn("courier delivers", lambda supplier=supplier: self.supplier.deliver_all(supplier), 3600.0)  # type: ignore[misc]

    def _shop(self, shop: Shop) -> None:
        order = self.shopper.order(shop)
        if order is None:
            return
        if self.random.random() < 0.9:
            for _ in range(2 if self.random.random() < 0.15 else 1):
                self.world.spawn("shopper pays", lambda: self.shopper.pay(shop, order), self._after(SOON))
        if shop.payer == "sim_later":
            self._later("merchant captures", lambda: self.merchant.capture(shop, order["id"]))
        self._follow_up(shop, order)

    def _follow_up(self, shop: Shop, order: dict[str, Any]) -> None:
        if self.random.random() < 0.25:
            self._later("merchant cancels", lambda: self.merchant.cancel(shop, order["id"]))
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self._later("merchant refunds", lambda: self.merchant.refund(shop, order))
        if self.random.random() < 0.5:
            for supplier in self.setting.suppliers:
                self._later("supplier sends", lambda supplier=supplier: self.supplier.send_all(supplier))  # type: ignore[misc]

    def _recall(self) -> None:
        goods = self.random.choice(self.setting.goods)
        body = {"reason": "unsafe", "supplier_id": goods.supplier.account_id}
        self.people.ask(OPERATOR, "POST", f"/v1/catalog/products/{goods.product_id}/recall", body)
        if self.random.random() < 0.6:
            self.world.scheduler.sleep(self._after(LATER))
            body = {"supplier_id": goods.supplier.account_id}
            self.people.ask(OPERATOR, "POST", f"/v1/catalog/products/{goods.product_id}/reinstatement", body)

    def _soon(self, name: str, act: Any) -> None:
        self.world.spawn(name, act, self._after(SOON))

    def _later(self, name: str, act: Any) -> None:
        self.world.spawn(name, act, self._after(LATER))

    def _after(self, choices: tuple[float, ...]) -> float:
        """Seconds: often exactly the same, so that people act at the same moment."""
        return self.random.choice(choices) * self.random.choice((1.0, 1.0, self.random.random()))
