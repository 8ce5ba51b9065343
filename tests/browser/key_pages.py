"""The pages that matter of a shop, one after another, as a shopper comes to them; found by what forms do, so that any language walks."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.shopper import ADDRESSES, Shopper

WIDTHS = (360, 1280)
"""CSS pixels: a small phone, a laptop."""
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Walk:
    """A walk through one shop. Each of its methods answers the names of pages, each while it is open."""

    page: Page
    home: str
    product: str
    """The id of one that is sold there."""
    language: str
    country: str = "GB"
    """To which it is sent."""

    def public(self) -> Iterator[str]:
        """What anybody may find: it is indexed."""
        for name, path in (("home", ""), ("list", "products"), ("product", f"products/{self.product}")):
            self.page.goto(f"{self.home}{path}?language={self.language}")
            yield name

    def whole(self) -> Iterator[str]:
        """From the first page to an order and the ways to pay it."""
        yield from self.public()
        yield from self._after("cart", "form[action*=cart] button")
        yield from self._after("address", "a.button[href*=address]")
        self.page.locator("main [name=country]").select_option(self.country)
        self.page.locator("main button[formaction=address]").click()
        Shopper(self.page).fill(**ADDRESSES[self.country])
        yield from self._after("delivery", "form[action=rates] button:not([formaction])")
        yield from self._after("review", "form[action=review] button")
        yield from self._after("order", "form[action=place] button")
        yield from self._after("pay", "form[action=pay] button")

    def _after(self, name: str, pressed: str) -> Iterator[str]:
        self.page.locator(f"main {pressed}").first.click()
        self.page.wait_for_load_state()
        yield name


def looks(page: Page) -> Iterator[tuple[int, str]]:
    """The open page at each width, light and dark."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield width, scheme
