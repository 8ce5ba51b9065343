"""Who does what in one schedule, and about when: drawn from the seed. Every act has a name, so that a failing seed can be shrunk."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from shared.api.caller import Caller
from simulation.actors.console import Console
from simulation.actors.feeds import Feeds, bucket
from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed
from simulation.actors.operator import Operator
from simulation.actors.owners_word import OwnersWord
from simulation.actors.people import People
from simulation.actors.setting import Goods, Setting, Shop
from simulation.actors.shopper import Shopper
from simulation.actors.sites.pushed_site import PushedSite
from simulation.actors.sites.site_plans import planned_site
from simulation.actors.supplier import COURIER, Supplier
from simulation.world import World

SOON = (0.0, 0.05, 1.0, 30.0)
LATER = (1.0, 60.0, 3600.0, 20 * 3600.0)
AS_PACKED = (0.05, 1.0, 2.0, 30.0, 3600.0, 20 * 3600.0)
"""When goods are recalled, and are on sale again: while parcels are made, too, and before an index shows them."""
AS_READ = (1.0, 3.0, 10.0, 60.0, 3600.0)
"""While a feed is read, and audit looks at its rows."""
DAYS = (3600.0, 5 * 3600.0, 20 * 3600.0, 30 * 3600.0)
WHILE = 60.0
"""Seconds until everybody has heard of something."""
ORDERS = (1, 1, 1, 1, 2, 2, 3)
"""Of one schedule: what goes wrong goes wrong between two or three."""
SITES = 0.1
"""How often a client site reads the storefront's feed, or is told what is new."""
AFTER_ALL = 0.3
"""How often an order is cancelled whose parcel its owner has just had labelled."""
SILENCES, SILENT, KEEPING = 0.1, 0.4, 0.9
"""How often a provider has each way of its own; of how many calls it then does not tell, and how many labels it does not take back."""
LATE_ROUND = 3
"""The round of the end in which the courier is back at the latest, and no provider loses any more."""
FORGOTTEN, GIVEN_UP = 0.2, 0.8
"""How often nobody takes the money that is promised; up to where the order is cancelled, if its processor keeps promises."""
Act = Callable[[], None]


class Story:
    """One schedule's people and their plans; `without` names the acts that are left out."""

    def __init__(self, world: World, people: People, setting: Setting, observed: Observed, without: frozenset[str]) -> None:
        self.world, self.setting, self.random, self._without = world, setting, world.random, without
        self.shopper = Shopper(people, setting, observed, self.random)
        self.merchant = Merchant(people, observed, self.random)
        self.supplier = Supplier(people, observed, self.random, world, unlabelled=self._have_labelled)
        self.console = Console(people, self.random, world.card, world.bank)
        self.owners_word = OwnersWord(people=people, observed=observed, random=self.random, card=world.card, post=world.post,
                                      away=self._nobody_waits, refused=self.supplier.look_again)  # fmt: skip
        self.operator = Operator(people, self.random)
        self.feeds = Feeds(people=people, setting=setting, observed=observed, random=self.random, put=self._put, tell=self._arrived)
        self.people, self.observed = people, observed
        self.acts: list[str] = []  # that were planned
        self._leaves = self._patient = False
        """Whether the courier goes away once something is ordered, and whether owners wait for it."""
        self._ended = 0
        """Rounds of the end."""

    def begin(self) -> None:
        """Let everybody make their plans."""
        focus = self.random.choice(self.setting.shops)
        for n in range(self.random.choice(ORDERS)):
            shop = focus if self.random.random() < 0.7 else self.random.choice(self.setting.shops)
            self._plan(f"shopper {n}", SOON, self.shopping(f"shopper {n}", shop))
        for n in range(self.random.choice((0, 0, 1, 2))):
            self._plan(f"adjustment {n}", LATER, self._adjustment())
        if self.random.random() < 0.3:
            supplier = self.random.choice(self.setting.suppliers)
            self._plan("decline", LATER, lambda: self.supplier.decline(supplier))
        counted = self.random.choice(self.setting.goods)
        for n in range(self.random.choice((0, 0, 1, 2, 3))):
            self._plan(f"count {n}", LATER, self._count(counted))
        if self.random.random() < 0.15:
            who = self.random.choice(self.setting.suppliers)
            self._plan("feed", LATER, self._feeding(who))
        if self.random.random() < 0.3:
            self._plan("recall", AS_PACKED, self._recalling())
        if self.random.random() < 0.1:
            self._plan("suspension", LATER, self._suspending())
        if self.random.random() < 0.2:
            self._plan("variant leaves", AS_PACKED, self._leave)
        for n in range(self.random.randint(0, 3)):
            self._plan(f"sweeps {n}", LATER, self.world.sweep)
        for n in range(self.random.randint(1, 2)):
            self._plan(f"sending {n}", LATER, self._sending(self.random.choice(self.setting.suppliers)))

    def have_a_site_read(self, own: Random) -> None:
        """In some schedules a client site reads what is new, or is told. By its own choices: all others are played as without it."""
        if self.has("client site", SITES, own):
            self.observed.sites.append(planned_site(self.world, self.people, own.choice(self.setting.shops), own))

    def have_providers_fall_silent(self, own: Random) -> None:
        """In some schedules a provider keeps to itself what it did, or keeps what it sold, or its plug-in is not offered for a while."""
        if self.has("courier is silent", SILENCES, own):
            self.world.post.silence.rate = SILENT
        if self.has("courier keeps labels", SILENCES, own):
            self.world.post.keeping = KEEPING
        if self.has("processor is silent", SILENCES, own):
            self.world.card.silence.rate = SILENT
        if self.has("courier is away", SILENCES, own):
            self._leaves, self._patient = True, own.random() < 0.5
            if own.random() < 0.5:
                self.world.spawn("courier is back", partial(self.world.offer, COURIER), own.choice(DAYS))
        if self.has("processor keeps promises", SILENCES, own):
            self.world.card.keeping = KEEPING

    def end(self) -> None:
        """Let suppliers send and deliver whatever is ready, as they do in the end, and owners say what nobody else does."""
        self._ended += 1
        if self._ended == LATE_ROUND:
            self.world.offer(COURIER)
            self.world.card.silence.loses_more = self.world.post.silence.loses_more = False
        for site in self.observed.sites:
            if isinstance(site, PushedSite) and not site.gone:
                self.world.spawn("client site is looked after", site.look_after)
        if not self.world.card.silence.tells:
            self.world.spawn("owners say", self._saying)
        for supplier in self.setting.suppliers:
            self.world.spawn("supplier sends", self._sending(supplier))
            self.world.spawn("courier delivers", partial(self.supplier.deliver_all, supplier), 3600.0)

    def end_at_the_bank(self) -> bool:
        """Let a payout come back, perhaps. Answers whether anything at the bank is still to be waited for."""
        if self.random.random() < 0.1 and "payout returned" not in self._without:
            self.acts.append("payout returned")
            self.console.return_payout(self.setting.shops[0])
            return True
        return self.world.bank.troubled

    def has(self, name: str, chance: float, own: Random) -> bool:
        """Whether the schedule has what is called so, by the choice of `own`: all others are then played as without it."""
        if own.random() >= chance:
            return False
        self.acts.append(name)
        return name not in self._without

    def _nobody_waits(self) -> bool:
        return not self._patient and not self.world.offers(COURIER)

    def _saying(self) -> None:
        for order_id, storefront_id in self.observed.orders.items():
            shop = next(shop for shop in self.setting.shops if shop.storefront_id == storefront_id)
            if shop.payer != "cash_on_delivery":
                self.owners_word.of_refunds(shop, order_id)

    def _put(self, key: str, body: bytes) -> None:
        self.world.place.s3.objects[bucket(), key] = body

    def _arrived(self, notice: str) -> None:
        for _ in range(self.world.faults.copies()):
            self.world.messages.put("FeedsQueueUrl", notice, self.world.faults.delay())

    def _have_labelled(self, shipment: dict[str, Any]) -> None:
        shop = next(shop for shop in self.setting.shops if shop.storefront_id == shipment["storefront_id"])

        def act() -> None:
            done = self.owners_word.of_label(shop, shipment)
            if done and shipment["state"] == "draft" and self.random.random() < AFTER_ALL:
                self._plan("given up after all", SOON, lambda: self.merchant.cancel(shop, {"id": shipment["order_id"], "lines": []}))

        self.world.spawn("owner sees to a label", act)

    def shopping(self, name: str, shop: Shop, shopper: Shopper | None = None) -> Act:
        who = shopper or self.shopper

        def act() -> None:
            order = who.order(shop)
            if order is None:
                return
            if self._leaves:
                self._leaves = False
                self.world.offer(COURIER, offered=False)
            for n in range(self.random.choice((0, 1, 1, 1, 1, 1, 2))):
                self._plan(f"{name} pays {n}", SOON, lambda: who.pay(shop, order))
            if shop.payer == "sim_later":
                self._plan(f"{name} captured", LATER, lambda: self._due_to_capture(shop, order))
            self._follow_up(name, shop, order)

        return act

    def _follow_up(self, name: str, shop: Shop, order: dict[str, Any]) -> None:
        if self.random.random() < 0.25:
            self._plan(f"{name} cancelled", LATER, lambda: self.merchant.cancel(shop, order))
        for n in range(refunds := self.random.choice((0, 0, 1, 2))):
            self._plan(f"{name} refunded {n}", LATER, lambda: self.merchant.refund(shop, order))
        if refunds and self.random.random() < 0.3:
            self._plan(f"{name} refund comes back", DAYS, self._and_again(lambda: self.console.send_back(shop, order), order["id"]))
        if shop.payer != "cash_on_delivery":
            self._at_the_processor(name, shop, order)
        if self.random.random() < 0.5:
            for n, supplier in enumerate(self.setting.suppliers):
                self._plan(f"{name} sent {n}", LATER, self._sending(supplier))

    def _due_to_capture(self, shop: Shop, order: dict[str, Any]) -> None:
        """Now and then nobody captures in time; where promises are kept, the order is cancelled instead. By a choice of its own."""
        chance = Random(f"forgotten {order['id']}").random()
        if chance < FORGOTTEN:
            self.console.expire(shop, order)
        elif self.world.card.keeping and chance < GIVEN_UP:
            self.merchant.cancel(shop, {**order, "lines": []})
        else:
            self.merchant.capture(shop, order["id"])

    def _at_the_processor(self, name: str, shop: Shop, order: dict[str, Any]) -> None:
        """What happens to the order's money without the hub's asking."""
        if self.random.random() < 0.25:
            self._plan(f"{name} refunded by hand", LATER, lambda: self.console.refund(shop, order))
        if shop.payer == "sim_later" and self.random.random() < 0.15:
            self._plan(f"{name} promise ends", LATER, lambda: self.console.expire(shop, order))
        if self.random.random() < 0.1:
            self._plan(f"{name} capture reversed", DAYS, self._and_again(lambda: self.console.reverse(shop, order), order["id"]))
        if self.random.random() < 0.12:
            self._plan(f"{name} objected to", DAYS, self._objecting(name, shop, order))

    def _objecting(self, name: str, shop: Shop, order: dict[str, Any]) -> Act:
        """An objection, and what becomes of it in the days after."""

        def act() -> None:
            self.console.object(shop, order)
            for n in range(self.random.randint(0, 4)):
                self._plan(f"{name} objection goes on {n}", DAYS, lambda: self.console.decide(shop, order))

        return act

    def _adjustment(self) -> Act:
        goods = self.random.choice(self.setting.goods)
        return lambda: self.supplier.adjust(goods)

    def _count(self, often: Goods) -> Act:
        """A count, mostly of the same goods: one is then later than another, whichever is heard first."""
        goods = often if self.random.random() < 0.7 else self.random.choice(self.setting.goods)
        return self._and_again(lambda: self.supplier.count(goods), f"{goods.offer_id}:monsoon.stock.counted")

    def _and_again(self, act: Act, about: str) -> Act:
        """`act`, and often, once everybody has heard of it, all the news again that it has made old."""
        again = self.random.random() < 0.4

        def both() -> None:
            act()
            if again:
                self.world.scheduler.sleep(WHILE)
                self.world.messages.tell_again(about)

        return both

    def _feeding(self, who: Caller) -> Act:
        """A feed, and often one of its products by itself soon after: audit may not have looked at the feed's row yet."""

        def act() -> None:
            self.feeds.send(who)
            if self.random.random() < 0.6:
                goods = self.random.choice([goods for goods in self.setting.goods if goods.supplier == who])
                self._plan("sent again", AS_READ, lambda: self.supplier.count(goods))

        return act

    def _recalling(self) -> Act:
        goods, again = self.random.choice(self.setting.goods), self.random.random() < 0.6

        def act() -> None:
            self.operator.recall(goods)
            if again:
                self._plan("reinstatement", AS_PACKED, lambda: self.operator.reinstate(goods))

        return act

    def _leave(self) -> None:
        """A product's new version is without one of its variants, and mostly a later one has it again."""
        goods = self.random.choice([goods for goods in self.setting.goods if goods.variant])
        self.supplier.send_anew(goods, goods.left_out())
        if self.random.random() < 0.7:
            self._plan("variant returns", AS_PACKED, lambda: self.supplier.send_anew(goods, goods.body))

    def _suspending(self) -> Act:
        supplier = self.random.choice(self.setting.suppliers)

        def act() -> None:
            self.operator.suspend(supplier)
            self._plan("suspension over", LATER, lambda: self.operator.let_sell(supplier))

        return act

    def _sending(self, supplier: Any) -> Act:
        return lambda: self.supplier.send_all(supplier)

    def _plan(self, name: str, about: tuple[float, ...], act: Act) -> None:
        """Let `act` be done at one of these times, in seconds from now: often exactly, so that people act at the same moment."""
        seconds = self.random.choice(about) * self.random.choice((1.0, 1.0, self.random.random()))
        self.acts.append(name)
        if name not in self._without:
            self.world.spawn(name, act, seconds)
