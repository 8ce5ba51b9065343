"""A shopper in a browser: cart, address, delivery, review, order; twice, in two tabs, after Back, and with what is not theirs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed
from simulation.actors.people import People
from simulation.actors.setting import Setting, Shop
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.cart_walk import CartWalk
from simulation.actors.shop_pages.page_payer import PagePayer
from simulation.actors.shop_pages.reading import PageForm
from simulation.actors.shop_pages.said import Answer, Checkout

SOON, LATER = (0.05, 1.0, 30.0), (1.0, 60.0, 3600.0, 20 * 3600.0)
ORDER = "Order "
"""How the heading of an order's page begins."""
Later = Callable[[str, Callable[[], None], float], None]


@dataclass(kw_only=True)
class PageShopper:
    people: People
    setting: Setting
    observed: Observed
    random: Random
    """Its own: what it does changes nobody else's choices."""
    shop: Shop
    email: str
    browser: Browser
    payer: PagePayer
    later: Later
    """Lets something be done in so many seconds, by another actor."""
    followed: set[str] = field(default_factory=set)
    """Numbers of orders that were paid, or left, and are not begun with again."""

    def buy(self) -> None:
        """Fill a cart, go to the review, and send it, however often."""
        walk = CartWalk(shop=self.shop, goods=self.setting.goods, random=self.random, shown=self.observed.shown)
        walk.fill(self.browser)
        if self.random.random() < 0.3:
            self.later("other tab", partial(self._review_in, walk, self.browser.tab()), self.random.choice((0.0, 0.05, 1.0, 30.0)))
        self._review_in(walk, self.browser)

    def _review_in(self, walk: CartWalk, tab: Browser) -> None:
        if not walk.to_review(tab):
            return
        form = tab.page.form("place")
        assert form is not None
        typed = form.fields | {"buyer_email": self.email, "buyer_name": "Ada Buyer"}
        for _ in range(self.random.choice((0, 0, 0, 1))):
            self.later("clicks twice", partial(self.place, form, typed, tab.tab()), 0.0)
        if self.random.random() < 0.3:
            anew = typed | {"note": "ring twice"} if self.random.random() < 0.5 else typed
            self.later("goes back", partial(self.place, form, anew, tab.tab()), self.random.choice(LATER))
        self.place(form, typed, tab)

    def place(self, form: PageForm, typed: dict[str, str], tab: Browser) -> None:
        """Send the review, and note what was said; the sum may have changed, then it is sent at the new one."""
        checkout = self._checkout(typed)
        for _ in range(3):
            tab.send(form.action, typed)
            answer, number = _answer(tab)
            checkout.answers.append((answer, number))
            again = tab.page.form("place") if answer == "not ordered" else None
            if again is None:
                break
            typed = typed | {"total": again.fields["total"], "key": again.fields["key"]}
            checkout = self._checkout(typed)
        if number and number not in self.followed:
            self.followed.add(number)
            self._follow(number, tab)

    def _checkout(self, typed: dict[str, str]) -> Checkout:
        made = Checkout(self.shop, typed["key"], self.email, self.people.now())
        checkout = self.observed.shown.checkouts.setdefault(typed["key"], made)
        lines = {offer_id: int(units) for offer_id, _, units in (line.partition(":") for line in typed["lines"].split())}
        checkout.asked.append((lines, int(typed["total"])))
        self.observed.emails[checkout.order_id] = self.email
        return checkout

    def _follow(self, number: str, tab: Browser) -> None:
        """Pay what was ordered, mostly; and let its merchant do what merchants do."""
        order = self._order(number)
        if order is None:
            return
        self.observed.orders[order["id"]] = self.shop.storefront_id
        if self.random.random() < 0.25:
            merchant = Merchant(self.people, self.observed, self.random)
            self.later("page's order is cancelled", partial(merchant.cancel, self.shop, order), self.random.choice(LATER))
        if self.random.random() < 0.85:
            self.payer.pay(tab, order)

    def _order(self, number: str) -> dict[str, Any] | None:
        """As its merchant sees it."""
        found = self.people.must(self.shop.owner, "GET", f"{self.shop.path}/orders?limit=100")["items"]
        return next((order for order in found if order["number"] == number), None)


def _answer(tab: Browser) -> tuple[Answer, str]:
    """What was said to a review that was sent."""
    if tab.status >= 500 or tab.status == 429:
        return "unknown", ""
    heading = tab.page.heading
    if heading.startswith(ORDER):
        return "ordered", heading.removeprefix(ORDER)
    return "not ordered", ""
