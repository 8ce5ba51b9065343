"""Who says which products are one thing: two suppliers of one GTIN, and an operator who links, wrongly at times, and undoes it."""

from dataclasses import dataclass
from random import Random
from typing import Any

from simulation.actors.people import People
from simulation.actors.setting import OPERATOR, Goods, Setting
from simulation.world import World

LINKED = 0.08
"""How often it is said which products are one thing."""
VARIANTS = 0.5
"""How often each variant is among what is spoken of."""
WHEN = (1.0, 60.0, 3600.0, 20 * 3600.0)


@dataclass
class Linking:
    people: People
    setting: Setting
    random: Random
    """Its own: what it does changes nobody else's choices."""

    def say(self) -> None:
        """Of a product without variants, or of a variant: that it is alone, that its codes say it, or what an operator thinks."""
        some = [goods for goods in self.setting.goods if self.random.random() < VARIANTS or not goods.variant]
        goods, other = self.random.sample(some, 2)
        if goods.product_id == other.product_id:
            return
        if self.random.random() < 0.5:
            self._put(goods, self.random.choice(({"alone": True}, {})), operator=False)
        else:
            same = {"same_as": {"supplier_id": other.supplier.account_id, "product_id": other.product_id} | _variant(other)}
            self._put(goods, self.random.choice((same, {"alone": True}, {})), operator=True)

    def _put(self, goods: Goods, body: dict[str, Any], *, operator: bool) -> None:
        who, named = (OPERATOR, {"supplier_id": goods.supplier.account_id}) if operator else (goods.supplier, {})
        self.people.ask(who, "PUT", f"/v1/catalog/products/{goods.product_id}/trade-item", body | named | _variant(goods))


def _variant(goods: Goods) -> dict[str, str]:
    return {"offer_id": goods.offer_id} if goods.variant else {}


def say_now_and_then(linking: Linking, world: World) -> None:
    own = linking.random
    for _ in range(own.randint(2, 5)):
        world.spawn("linking", linking.say, own.choice(WHEN) * own.random())
