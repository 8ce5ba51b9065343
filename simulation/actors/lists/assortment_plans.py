"""When suppliers change what they have on their lists: each story in some schedules, by choices of its own."""

import os
from collections.abc import Callable
from functools import partial
from random import Random

from simulation.actors.lists.assortment import Assortment
from simulation.actors.people import People
from simulation.actors.setting import IN_UNION, Setting
from simulation.actors.shopper import Shopper
from simulation.actors.story import Act, Story

SOON = (0.0, 0.05, 1.0, 30.0)
LATER = (1.0, 60.0, 3600.0, 20 * 3600.0)
AS_READ = (0.0, 1.0, 3.0, 6.0, 10.0, 60.0)
"""While a feed is read, and what it lacks is archived."""
ASKED = (30.0, 3600.0)
AFTER, ANSWERED = (1.0, 10.0, 60.0, 240.0), (60.0, 240.0, 300.0, 3600.0)
"""After a file has arrived, and when its supplier answers what is asked of it."""


class Plans:
    """Of one schedule. All choices are `own`'s."""

    def __init__(self, story: Story, assortment: Assortment, setting: Setting, own: Random) -> None:
        self._story, self._assortment, self._setting, self._own = story, assortment, setting, own

    def delist(self) -> None:
        """A product or two, often more than once, and often at the moment of an order."""
        for goods in self._own.sample(self._setting.goods, self._own.randint(1, 2)):
            for _ in range(self._own.randint(1, 3)):
                self._plan("goods leave the list", SOON + LATER, partial(self._assortment.take_off, goods))
                if self._own.random() < 0.6:
                    self._plan("goods are back", LATER, partial(self._assortment.put_back, goods))

    def patch(self) -> None:
        """Often at the moment of a whole upload of the same product."""
        goods = self._own.choice(self._setting.goods)
        for _ in range(self._own.randint(1, 4)):
            self._plan("a price changes", SOON + LATER, partial(self._assortment.change, goods))
        for _ in range(self._own.randint(0, 2)):
            self._plan("the same goods are counted", SOON + LATER, partial(self._story.supplier.count, goods))

    def reduce(self) -> None:
        """A sale or several of one product, while it is ordered; some are called off."""
        goods = self._own.choice(self._setting.goods)
        for _ in range(self._own.randint(1, 3)):
            self._plan("a sale is set", SOON + LATER, partial(self._assortment.announce, goods))
            if self._own.random() < 0.4:
                self._plan("a sale is called off", SOON + LATER, partial(self._assortment.call_off, goods))
        shopper = Shopper(self._assortment.people, self._setting, self._story.observed, self._own)
        for _ in range(self._own.randint(0, 3)):
            shop = self._own.choice(self._setting.shops)
            self._plan("a shopper in a sale", SOON + LATER, self._story.shopping("shopper in a sale", shop, shopper))

    def fill(self) -> None:
        """Now and then while a feed is read that leaves out what they fill."""
        who = self._own.choice(self._setting.suppliers)
        for _ in range(self._own.randint(1, 4)):
            self._plan("defaults are others", AS_READ, partial(self._assortment.set_defaults, who))
        if self._own.random() < 0.6:
            self._plan("a feed is filled", AS_READ, partial(self._story.feeds.send, who))
        for goods in (goods for goods in self._setting.goods if goods.supplier == who and self._own.random() < 0.4):
            self._plan("goods are filled", AS_READ, partial(self._assortment.put_back, goods))

    def complete(self) -> None:
        """One file or two, and meanwhile what they lack is sent, or counted, by itself."""
        who = self._own.choice(self._setting.suppliers)
        mine = [goods for goods in self._setting.goods if goods.supplier == who]
        for _ in range(self._own.choice((1, 1, 2))):
            lacks = self._own.choice([goods for goods in mine if not goods.variant])
            leaves_out = "" if len(mine) > 2 and self._own.random() < 0.6 else lacks.product_id
            self._plan("a complete file", AS_READ, partial(self._story.feeds.send_complete, who, leaves_out))
            if self._own.random() < 0.5:
                goods = lacks if leaves_out else next(goods for goods in mine if goods.variant)
                act = self._own.choice((self._assortment.put_back, self._story.supplier.count))
                self._plan("what it lacks is sent", AS_READ, partial(act, goods))
        self._plan("archiving is answered", ASKED, self._answer)

    def lack(self) -> None:
        """A file that lacks so much that its supplier is asked; what it lacks is sent or counted by itself, then it is answered."""
        who = self._setting.suppliers[0]
        lacks = self._own.choice([goods for goods in self._setting.goods if goods.supplier == who and not goods.variant])
        started = len(self._story.observed.complete)

        def answer() -> None:
            for feed in self._story.observed.complete[started:]:
                self._assortment.answer_when_asked(feed.who, feed.feed_id)

        self._plan("a file lacks much", (0.0,), partial(self._story.feeds.send_complete, who, lacks.product_id))
        acts = (self._assortment.put_back, self._assortment.count, self._assortment.count, self._assortment.change)
        for goods in self._own.sample([goods for goods in self._setting.goods if goods.supplier == who], 2):
            self._plan("what it lacks is sent after it", AFTER, partial(self._own.choice(acts), goods))
        for _ in range(2):
            self._plan("what it lacks goes", ANSWERED, answer)

    def meet(self) -> None:
        """Prices change alone at the very moment at which the whole product is sent otherwise."""
        goods = self._own.choice(self._setting.goods)
        for _ in range(self._own.randint(2, 4)):
            moment = self._own.choice(LATER) * self._own.random()
            whole = self._own.choice((self._assortment.take_off, self._assortment.put_back, self._assortment.answer))
            for act in (whole, self._assortment.change):
                self._story.world.spawn("two send one product", partial(act, goods), moment)

    def demand(self) -> None:
        """Shoppers in the EU, and suppliers who answer for some goods, in time or not."""
        os.environ["PRODUCT_SAFETY"] = "require"
        self._story.observed.safety_demanded = True
        for goods in (goods for goods in self._setting.goods if self._own.random() < 0.7):
            self._plan("safety is answered for", SOON, partial(self._assortment.answer, goods))
        shopper = Shopper(self._assortment.people, self._setting, self._story.observed, self._own, IN_UNION[0])
        for _ in range(self._own.randint(1, 4)):
            shop = self._own.choice(self._setting.shops)
            self._plan("a shopper in the EU", SOON + LATER, self._story.shopping("shopper in the EU", shop, shopper))

    def _answer(self) -> None:
        archive = self._own.random() < 0.7
        for feed in self._story.observed.complete:
            self._assortment.answer_archiving(feed.who, feed.feed_id, archive=archive)

    def _plan(self, name: str, about: tuple[float, ...], act: Act) -> None:
        seconds = self._own.choice(about) * self._own.choice((1.0, 1.0, self._own.random()))
        self._story.world.spawn(name, act, seconds)


STORIES: dict[str, tuple[float, Callable[[Plans], None]]] = {
    "goods go off sale": (0.06, Plans.delist), "prices change alone": (0.06, Plans.patch), "defaults change": (0.06, Plans.fill),
    "a file is complete": (0.06, Plans.complete), "safety is demanded": (0.06, Plans.demand),
    "goods are reduced": (0.06, Plans.reduce), "a file lacks much": (0.06, Plans.lack), "two send one product": (0.06, Plans.meet),
}  # fmt: skip
"""How often each is part of a schedule."""


def have_assortment_change(story: Story, people: People, setting: Setting, seed: int) -> None:
    """Let each story happen, or not, by choices of its own. A schedule in which none does is played as if there were none."""
    os.environ["PRODUCT_SAFETY"] = "ask"
    for name, (chance, plan) in STORIES.items():
        own = Random(f"{name} {seed}")
        if story.has(name, chance, own):
            plan(Plans(story, Assortment(people, story.observed, own, story.supplier), setting, own))
