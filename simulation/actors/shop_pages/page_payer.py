"""A shopper pays an order on pages: chooses a way, pays on the processor's page or does not, comes back or does not, twice or too early."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlsplit

from simulation.actors.console import Console
from simulation.actors.merchant import Merchant
from simulation.actors.observed import Observed
from simulation.actors.people import PAUSE
from simulation.actors.setting import Shop
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.reading import PageForm, in_query
from simulation.actors.shop_pages.said import PaymentSaid, stand_of
from simulation.providers.card_books import PAGE, CardBooks

ID = 26
"""Characters of a payment's id in its page's address."""
PAYS, DECLINED = 0.75, 0.5
"""How often somebody pays on the processor's page; how often who does not is declined there, or lets it close."""
TYPING = 20.0
"""Seconds that it takes there at least."""


@dataclass(kw_only=True)
class PagePayer:
    shop: Shop
    observed: Observed
    random: Random
    books: CardBooks
    console: Console
    merchant: Merchant
    later: Callable[[str, Callable[[], None], float], None]

    def pay(self, tab: Browser, order: dict[str, Any]) -> None:
        """From the order's page to the payment's, and on."""
        form = tab.page.form("pay")
        if form is None:
            return
        if self.random.random() < 0.2:
            self.later("pays in another tab", partial(self._choose, tab.tab(), form, order), self.random.choice((0.0, 0.05, 30.0)))
        self._choose(tab, form, order)

    def _choose(self, tab: Browser, form: PageForm, order: dict[str, Any]) -> None:
        """Ask for the ways to pay, and choose one: mostly once."""
        tab.send(form.action, form.fields)
        ways = [way for way in tab.page.forms_to("pay") if way.fields.get("method")]
        if not ways:
            self._read(tab, order)
            return
        way = self.random.choice(ways)
        if self.random.random() < 0.25:
            self.later("chooses twice", partial(self._begin, tab.tab(), way, order), self.random.choice((0.0, 0.05, 30.0, 3600.0)))
        self._begin(tab, way, order)

    def _begin(self, tab: Browser, way: PageForm, order: dict[str, Any]) -> None:
        tab.send(way.action, way.fields, most=3)
        self._read(tab, order)

    def _read(self, tab: Browser, order: dict[str, Any]) -> None:
        """Read what the payment's page says, and go where it leads."""
        payment_id = self._note(tab)
        there = tab.page.link(urlsplit(PAGE).hostname or "")
        if not payment_id or not there:
            return
        self.later("at the processor's page", partial(self._at_the_processor, tab, there.removeprefix(PAGE), order), TYPING)

    def _note(self, tab: Browser) -> str:
        """The payment of the page that is open; empty if it is none."""
        token = in_query(tab.address, "t")
        if not token or tab.status != 200:
            return ""
        payment_id = f"pay_{token[:ID]}"
        self.observed.shown.pages.add((payment_id, tab.address))
        assert tab.asked is not None
        self.observed.shown.payments.append(PaymentSaid(payment_id, stand_of(tab.page.heading), tab.asked))
        return payment_id

    def _at_the_processor(self, tab: Browser, payment_id: str, order: dict[str, Any]) -> None:
        """Pay there, be declined, or go away; the processor says so by a notice, and leads back."""
        charge, after = self.books.charges[payment_id], self.random.choice((0.0, 1.0, 3600.0))
        if self.random.random() < PAYS:
            if self.books.pay_on_page(payment_id):
                self.observed.shown.paid[payment_id] = tab.now()
                self._follow_payment(charge.order_id, order)
        elif self.random.random() < DECLINED:
            self.books.close_page(payment_id)
        if self.random.random() < 0.8:
            self.later("processor's notice", lambda: self.console.notify(self.shop, charge), after)
        for _ in range(self.random.choice((0, 1, 1, 1, 2))):
            self.later("comes back", partial(self._back, tab.tab(), charge.return_url), self.random.choice((0.0, 0.05, PAUSE, 3600.0)))

    def _follow_payment(self, order_id: str, order: dict[str, Any]) -> None:
        if self.shop.payer == "sim_later":
            self.later("page's payment is captured", partial(self.merchant.capture, self.shop, order_id), 3600.0)
        if self.random.random() < 0.15:
            self.later("page's order is refunded", partial(self.merchant.refund, self.shop, order), 7200.0)

    def _back(self, tab: Browser, address: str) -> None:
        """What the payment's page says now, and when it is looked at again."""
        for _ in range(self.random.randint(1, 3)):
            tab.open(address)
            self._note(tab)
            tab.sleep(5.0)
