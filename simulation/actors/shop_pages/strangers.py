"""Who tries what is not theirs: a cart that they wrote themselves, another shop's visit or order, a form of another site's."""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from simulation.actors.setting import Shop
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.cart_walk import CartWalk
from simulation.actors.shop_pages.said import Shown

REFUSED = range(400, 500)


@dataclass(kw_only=True)
class Stranger:
    walk: CartWalk
    other: Shop
    browser: Browser
    random: Random
    shown: Shown

    def try_all(self) -> None:
        """Each once, with a cart and a review of their own."""
        self.walk.fill(self.browser)
        reviewed = self.walk.to_review(self.browser)
        form = self.browser.page.form("place") if reviewed else None
        if form is not None:
            typed = form.fields | {"buyer_email": "eve@buyers.example"}
            elsewhere = urlsplit(self.browser.address)._replace(path=f"/shop/{self.other.slug}/place", query="").geturl()
            self._refused("another shop's visit", elsewhere, typed)
            self._refused("another site's form", form.action, typed, site="cross-site")
            forged = typed | {"visit": _changed(typed["visit"], self.random)}
            self._refused("a forged visit", form.action, forged)
        self._forge_cart()

    def _refused(self, what: str, action: str, fields: dict[str, str], site: str = "same-origin") -> None:
        tab = self.browser.tab()
        status = tab.send(action, fields, site=site)
        if status not in REFUSED and status < 500:
            self.shown.wrongs.append(f"{what} was taken: {tab.address} → {status}")

    def _forge_cart(self) -> None:
        """A cart with a letter changed, and one of another shop's, are empty, and lead no further."""
        cart = self.browser.cookies.get("cart", "")
        if not cart:
            return
        for value, shop in ((_changed(cart, self.random), self.walk.shop), (cart, self.other)):
            tab = self.browser.tab()
            tab.cookies = {"cart": value}
            tab.open(f"/shop/{shop.slug}/address")
            if tab.page.form("rates") is not None:
                self.shown.wrongs.append(f"a cart that is not {shop.slug}'s was read")


def _changed(ticket: str, random: Random) -> str:
    """One letter of it is another."""
    at = random.randrange(len(ticket) - 4)
    return f"{ticket[:at]}{'A' if ticket[at] != 'A' else 'B'}{ticket[at + 1 :]}"
