"""Who says who they are when they buy: they follow their order as guests, and have themselves erased."""

from dataclasses import dataclass
from functools import partial
from random import Random
from urllib.parse import quote

from simulation.actors.merchant import Merchant
from simulation.actors.observed import Bought, Observed
from simulation.actors.people import People
from simulation.actors.setting import ADDRESS, Setting, Shop
from simulation.actors.shopper import Shopper
from simulation.world import World

KNOWN = 0.06
"""How often there are any."""
SOON, LATER = (0.05, 1.0, 60.0), (1.0, 60.0, 3600.0, 20 * 3600.0)
NAME, PHONE, NOTE = "Grace Hopper-Murray", "+44 20 7946 0018", "Leave it with Mr Babbage"
SECRETS = (NAME, "7946 0018", "Babbage", "@buyers.example", "Analytical Row")
"""What says who bought, or where they live, of these orders and no others."""
STREET = ["7 Analytical Row"]


@dataclass
class Buyers:
    people: People
    setting: Setting
    observed: Observed
    random: Random
    """Its own: what they do changes nobody else's choices."""
    world: World

    def buy(self, shop: Shop, email: str) -> None:
        """Order, mostly pay, and plan what follows."""
        who = {"type": "consumer", "name": NAME, "email": email, "phone": PHONE, "language": "en"}
        says = {"buyer": who, "note": NOTE, "gift": self.random.random() < 0.5}
        goes = {**ADDRESS, "name": NAME, "lines": STREET}
        shopper = Shopper(self.people, self.setting, self.observed, self.random, address=goes, says=says)
        order = shopper.order(shop)
        if order is None:
            return
        bought = Bought(shop, order["id"], order["number"], order["order_ticket"], email)
        self.observed.bought.append(bought)
        self.observed.emails[bought.order_id] = email
        if self.random.random() < 0.7:
            self.world.spawn("buyer pays", partial(shopper.pay, shop, order), self.random.choice(SOON))
        merchant = Merchant(self.people, self.observed, self.random)
        if self.random.random() < 0.6:
            self.world.spawn("buyer's order is cancelled", partial(merchant.cancel, shop, order), self.random.choice(LATER))
        for _ in range(self.random.randint(1, 3)):
            self.world.spawn("guest looks", partial(self.look, bought), self._when())
        for _ in range(self.random.randint(1, 4)):
            self.world.spawn("buyer is erased", partial(self.erase, bought), self._when())

    def _when(self) -> float:
        return self.random.choice(LATER) * self.random.choice((1.0, self.random.random()))

    def erase(self, bought: Bought) -> None:
        """Ask for it; refused while the order may be sent."""
        bought.asked = bought.asked or self.people.now()
        reply = self.people.ask(bought.shop.owner, "DELETE", f"{bought.shop.path}/orders/{bought.order_id}/buyer")
        if reply.status == 200:
            bought.erased = bought.erased or self.people.now()
            self._read(bought, reply.body)

    def look(self, bought: Bought) -> None:
        """Find the order by its number and e-mail, by a stranger's, and by its link."""
        started = self.people.now()
        found = self._found(bought, f" {bought.email.upper()}")
        if found == 404 and bought.asked is None:
            self.observed.misled.append(f"order {bought.order_id} was not found by its buyer's e-mail")
        if found == 200 and bought.erased and bought.erased < started:
            self.observed.misled.append(f"order {bought.order_id} was found by the e-mail of its buyer, who was erased")
        if self._found(bought, "eve@buyers.example") == 200:
            self.observed.misled.append(f"order {bought.order_id} was found by another's e-mail")
        link = self.people.ask(None, "GET", f"/v1/followed-order?ticket={quote(bought.ticket)}")
        if link.status == 200:
            self._read(bought, link.body)

    def _found(self, bought: Bought, email: str) -> int:
        path = f"{bought.shop.path}/order-lookups"
        return self.people.ask(bought.shop.owner, "POST", path, {"number": bought.number, "email": email}, most=1).status

    def _read(self, bought: Bought, shown: object) -> None:
        """What is shown by a link, or of who is erased, says of nobody who they are."""
        if any(secret in str(shown) for secret in SECRETS):
            self.observed.misled.append(f"of order {bought.order_id} was shown who bought it: {shown}")


def buy_now_and_then(buyers: Buyers) -> None:
    own = buyers.random
    for n in range(own.randint(1, 3)):
        buyers.world.spawn("buyer", partial(buyers.buy, own.choice(buyers.setting.shops), f"grace{n}@buyers.example"), own.random())
