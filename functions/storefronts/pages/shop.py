"""A shop as its pages know it: its name, its look, what its reader chose, and the links between its pages.

All links are relative, so that the same pages serve below /shop/<slug> and at a domain of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from functions.storefronts.configuration.shop_pages import ShopPages
from functions.storefronts.configuration.storefront import Storefront
from functions.storefronts.listings.reader_language import language_of
from shared.pages.interface_language import Interface, interface_of
from shared.pages.style import Style
from shared.pages.visits.own_host import origin


def query_of(told: Mapping[str, object]) -> str:
    """`?a=b`, without what is empty; nothing for nothing."""
    written = urlencode({name: "true" if value is True else str(value) for name, value in told.items() if value not in (None, "", False)})
    return f"?{written}" if written else ""


@dataclass(frozen=True)
class Shop:
    """One reader's view of a shop, on a page at `depth`. It is in one of the shop's own languages, whatever an address asks for: each
    page has as many addresses as the shop has languages."""

    storefront: Storefront
    pages: ShopPages
    language: str
    """What merchants wrote is shown in it."""
    interface: Interface
    wished: Mapping[str, str]
    """The language, the currency and the view, where its reader chose them: they go with each link."""
    address: str
    """The shop's own, absolute: https://hub.example/shop/tea."""
    depth: int
    """How many parts of the path follow the shop's own address: at most 2 on its pages."""
    at_root: bool = False
    """Whether its own address is a host's root."""

    @classmethod
    def of(
        cls, storefront: Storefront, pages: ShopPages, *, wished: Mapping[str, str], accept: str, address: str, depth: int,
        at_root: bool = False,
    ) -> "Shop":  # fmt: skip
        """`accept`: the header Accept-Language. `address`: the shop's own, absolute."""
        preferred = ",".join(tag for tag in (wished.get("language"), accept) if tag)
        language = language_of(None, preferred, storefront.configuration.languages)
        if "language" in wished:
            wished = {**wished, "language": language}
        return cls(
            storefront=storefront, pages=pages, language=language, interface=interface_of(language), wished=wished, address=address,
            depth=depth, at_root=at_root,
        )  # fmt: skip

    @property
    def name(self) -> str:
        return self.storefront.configuration.name

    @property
    def welcome(self) -> str:
        return self.pages.welcome_in(self.language)

    @property
    def currency(self) -> str | None:
        return self.wished.get("currency")

    @property
    def view(self) -> str:
        """How its reader wants it: dense, text (no pictures), or empty for the owner's way."""
        return self.wished.get("view", "")

    @property
    def style(self) -> Style:
        style = self.pages.look.style
        return replace(style, density="dense") if self.view == "dense" else style

    @property
    def languages(self) -> tuple[str, ...]:
        return self.storefront.configuration.languages

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(self.storefront.configuration.price_rule.currencies)

    def link(self, path: str = "", **query: object) -> str:
        """A page of the shop, from the present one; `path`: `products`, say, or nothing for its first page."""
        slug, up = self.pages.slug, "../" * (self.depth - 1)
        if self.at_root:
            at = up + path or "./"
        elif path:
            at = up + path if self.depth else f"{slug}/{path}"
        else:
            at = "../" * self.depth + slug
        return at + query_of({**query, **self.wished})

    def here(self, path: str, query: Mapping[str, object], **other: str) -> str:
        """The present page with another language, currency or view; an empty one is none."""
        return self.link(path).partition("?")[0] + query_of({**query, **self.wished, **other})

    @property
    def told_at(self) -> str:
        """Its address for others: at the host that its owner names, wherever its reader is now."""
        return origin(self.pages.host) if self.pages.host else self.address

    def absolute(self, path: str = "", **query: object) -> str:
        """Where search engines, and those whom a link is sent, find a page."""
        return f"{self.told_at}{'/' if path or self.at_root or self.pages.host else ''}{path}{query_of(query)}"

    def alternates(self, path: str, **query: object) -> list[tuple[str, str]]:
        """hreflang → the page's address in each of the shop's languages, and the one that asks the reader's browser."""
        found = [(tag, self.absolute(path, **query, language=tag)) for tag in self.languages] if len(self.languages) > 1 else []
        return [*found, ("x-default", self.absolute(path, **query))] if found else []

    def canonical(self, path: str = "", **query: object) -> str:
        """The page's one address: in the language that was asked for, or the one of `alternates` that asks the reader's browser."""
        named = len(self.languages) > 1 and self.wished.get("language") == self.language
        return self.absolute(path, **query, language=self.language if named else None)
