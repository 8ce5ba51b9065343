"""From a shop's goods to the review of an order, page by page; forms are sent as they stand there."""

from dataclasses import dataclass
from random import Random

from simulation.actors.setting import ADDRESS, Goods, Shop
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.said import Shown

TYPED = {"name": "Ada Buyer", "line1": "1 Harbour Street", **{part: str(ADDRESS[part]) for part in ("city", "postal_code", "country")}}


@dataclass(kw_only=True)
class CartWalk:
    shop: Shop
    goods: list[Goods]
    random: Random
    shown: Shown

    def fill(self, browser: Browser) -> None:
        """Put one to three kinds of things in the cart, or what of them is for sale."""
        for goods in self.random.sample(self.goods, self.random.randint(1, 3)):
            browser.open(f"/shop/{self.shop.slug}/products/{goods.product_id}")
            form = browser.page.form("cart") if browser.status == 200 else None
            if form is not None:
                offers = [one for one in form.choices.get("offer", ()) if one]
                form.fields |= {"offer": self.random.choice(offers)} if offers else {}
                browser.send(form.action, form.fields | {"units": str(self.random.choice((1, 1, 2)))})

    def to_review(self, browser: Browser) -> bool:
        """Whether the review is shown in the end."""
        if not self._to_address(browser):
            return False
        form = browser.page.form("rates")
        if form is None:
            return False
        browser.send(form.action, form.fields | {name: text for name, text in TYPED.items() if name in form.fields})
        form = browser.page.form("review")
        if form is None:
            return False
        chosen = {name: self.random.choice(rates) for name, rates in form.choices.items() if name == "ticket"}
        browser.send(form.action, form.fields | chosen)
        return browser.page.form("place") is not None

    def _to_address(self, browser: Browser) -> bool:
        """Take out of the cart what it marks, mostly, and go on to the address. A cart that marks something leads no further."""
        browser.open(f"/shop/{self.shop.slug}/cart")
        if browser.page.flaws and self.random.random() < 0.8:
            for form in browser.page.forms_to("cart"):
                browser.send(form.action, form.fields | {"act": "remove"})
                break
        marked, seen = browser.page.flaws, browser.text
        browser.open(f"/shop/{self.shop.slug}/address")
        forward = browser.page.form("rates") is not None
        if forward and marked:
            self._look_back(browser, seen)
        return forward

    def _look_back(self, browser: Browser, seen: str) -> None:
        """It led on: unless what was marked is right by now, that is wrong."""
        again = browser.tab()
        again.open(f"/shop/{self.shop.slug}/cart")
        if again.text == seen:
            self.shown.wrongs.append(f"a cart of {self.shop.slug} led on to the address though it was marked")
