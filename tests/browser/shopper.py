"""A shopper at a browser: opens, reads, types, presses. What it sees is what the page says, never how it is built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Error, Locator, Page

from tests.flow.market import eventually

EMAIL = "ada@buyers.example"
ADDRESS = {"name": "Ada Buyer", "line1": "1 Harbour Street", "city": "Bristol", "postal_code": "BS1 5TR", "email": EMAIL}
IN_CHINA = {"name": "李伟", "line1": "建国西路 88 号", "city": "上海", "region": "上海市", "postal_code": "200031", "email": EMAIL}
ADDRESSES: Mapping[str, Mapping[str, str]] = {"GB": ADDRESS, "CN": IN_CHINA}
NUMBER = re.compile(r"Order (\S+)")


@dataclass(frozen=True)
class Shopper:
    page: Page

    def open(self, address: str) -> int:
        """The status of the page at `address`, which may be said relative to the one that is open."""
        answer = self.page.goto(urljoin(self.page.url, address))
        return answer.status if answer else 0

    def press(self, words: str) -> None:
        """A button."""
        self.page.get_by_role("button", name=words).first.click()

    def follow(self, words: str) -> None:
        """A link."""
        self.page.get_by_role("link", name=words).first.click()

    def leads_to(self, words: str) -> str:
        """The address behind a link."""
        return self.page.get_by_role("link", name=words).first.get_attribute("href") or ""

    def fill(self, **typed: str) -> None:
        """Fields by their names; those that the page's form has not are left out."""
        for name, value in typed.items():
            found = self._field(name)
            if found.count() and found.evaluate("field => field.localName") == "select":
                found.select_option(value)
            elif found.count():
                found.fill(value)

    def says(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()

    def waits_for(self, words: str) -> None:
        """Loads the page again until it says so: events need a moment to get about."""
        eventually(lambda: self.says(words) or self.load_again())

    def load_again(self) -> bool:
        """As a browser's own button does. While what was pressed still leads on there is no page yet that could be: it is asked once more.

        False: nothing is said of the page."""
        try:
            self.page.reload()
        except Error as error:
            if "Not attached to an active page" not in error.message:
                raise
            self.page.wait_for_load_state()
            self.page.reload()
        return False

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def put_into_cart(self, product: str, units: int = 1) -> None:
        """`product`: the address of its page."""
        assert self.open(product) == 200, self.page.url
        self.fill(units=str(units))
        self.press("Add to cart")

    def to_review(self, country: str = "GB") -> None:
        """From the cart, by the address and the delivery."""
        self.to_address()
        self.page.locator("main [name=country]").select_option(country)
        self.press("Show its form")
        self.fill(**ADDRESSES[country])
        self.press("See delivery prices")
        self.press("Go on to review")

    def to_address(self) -> None:
        self.follow("Go to checkout")

    def order(self) -> str:
        """Places what is reviewed; answers the order's number."""
        self.press("Order, and pay")
        found = NUMBER.fullmatch(self.heading)
        assert found, self.page.locator("main").inner_text()
        return found[1]

    def buy(self, product: str, country: str = "GB") -> str:
        """Orders one; answers the order's number."""
        self.put_into_cart(product)
        self.to_review(country)
        return self.order()

    def _field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name}]:not([type=hidden])")
