"""Who wants an order back at the very moment at which it is sent: one side wins, and whoever follows the order is told which."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from shared.api.caller import Caller
from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import Setting, Shop
from simulation.actors.shopper import Shopper
from simulation.world import World

TOO_LATE = 0.05
"""How often."""
PACKED = (900.0, 3600.0, 20 * 3600.0)
"""Seconds after which an order that is paid is ready to be sent."""


@dataclass
class TakenBack:
    people: People
    setting: Setting
    observed: Observed
    random: Random
    """Its own: what it does changes nobody else's choices."""
    world: World
    send: Callable[[Caller], None]
    """What a supplier does who looks at its orders."""

    def play(self, shop: Shop) -> None:
        """Order, pay, and have everybody act at once when it is packed."""
        shopper, merchant = (
            Shopper(self.people, self.setting, self.observed, self.random),
            Merchant(self.people, self.observed, self.random),
        )
        order = shopper.order(shop)
        if order is None:
            return
        shopper.pay(shop, order)
        if shop.payer == "sim_later":
            merchant.capture(shop, order["id"])
        packed = self.random.choice(PACKED)
        for supplier in self.setting.suppliers:
            self.world.spawn("sent at the last moment", partial(self.send, supplier), packed)
        act = self.random.choice((merchant.cancel, merchant.cancel, merchant.refund))
        self.world.spawn("taken back at the last moment", partial(act, shop, order), packed + self.random.uniform(0.0, 4.0))


def take_back_now_and_then(taken_back: TakenBack) -> None:
    own = taken_back.random
    for _ in range(own.randint(1, 3)):
        taken_back.world.spawn("order at the last moment", partial(taken_back.play, own.choice(taken_back.setting.shops[:3])), own.random())
