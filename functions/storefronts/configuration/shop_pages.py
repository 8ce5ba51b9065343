"""What a storefront's own pages are: the name in their address, their accent, their owner's words."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from functions.storefronts.configuration.shop_look import ShopLook
from functions.storefronts.configuration.shop_texts import ShopTexts
from monsoon_plugin.value import Value
from shared.buyers.seller import Seller
from shared.goods.texts import LanguageTag

MOST_SLUGS = 5
"""So many a storefront has in its life: each leads to it for ever, so that no link dies and no name passes to a stranger."""
FORM = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,39}")
RESERVED = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "api",
        "app",
        "assets",
        "audit",
        "auth",
        "billing",
        "blog",
        "cart",
        "catalog",
        "cdn",
        "checkout",
        "console",
        "courier",
        "dashboard",
        "demo",
        "docs",
        "download",
        "feed",
        "help",
        "home",
        "hub",
        "imprint",
        "info",
        "insights",
        "install",
        "legal",
        "login",
        "logout",
        "mail",
        "media",
        "monsoon",
        "new",
        "news",
        "notices",
        "null",
        "official",
        "operator",
        "order",
        "orders",
        "password",
        "pay",
        "payment",
        "payments",
        "pictures",
        "policy",
        "privacy",
        "product",
        "products",
        "register",
        "robots",
        "root",
        "search",
        "security",
        "seller",
        "settings",
        "settlement",
        "shipping",
        "shop",
        "shops",
        "signin",
        "signup",
        "sitemap",
        "static",
        "status",
        "store",
        "stores",
        "support",
        "system",
        "team",
        "terms",
        "test",
        "undefined",
        "upload",
        "uploads",
        "user",
        "users",
        "verify",
        "webhook",
        "webhooks",
        "well-known",
        "www",
    ]
)
"""Names that a hub's own pages have, or that would pass for them."""
LOOKALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "2": "z", "8": "b", "6": "b", "9": "g", "q": "g", "-": None})
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(slug: str) -> str:
    """What the eye sees of a slug (after Unicode's UTS 39, 4, for the letters that a slug may have): names that look alike have one.

    Nothing beside ASCII is ever a slug, so that letters of other scripts that look like Latin ones have no way in.
    """
    seen = slug
    for pair, one in PAIRS:
        seen = seen.replace(pair, one)
    return seen.translate(LOOKALIKE)


RESERVED_SKELETONS = frozenset(map(skeleton, RESERVED))


def slug_of(text: str) -> str:
    """The text, if it can be a slug. Raises ValueError, which says what to write."""
    if FORM.fullmatch(text) is None:
        raise ValueError(
            "write 3 to 40 letters from a to z, digits and single hyphens between them, such as harbour-tea; a name in another script is "
            "written as it is spoken (cha-guan for 茶馆)"
        )
    if text.isdigit():
        raise ValueError("a number alone is taken for something else: add a letter")
    if skeleton(text) in RESERVED_SKELETONS:
        raise ValueError("this name is kept for the hub's own pages, or looks like one that is: choose another")
    return text


Slug = Annotated[str, StringConstraints(min_length=3, max_length=40), AfterValidator(slug_of)]
Accent = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{4,253}}$)(?:{LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{2,59}})|{LABEL}\.localhost(?::\d{{1,5}})?")


def host_of(text: str) -> str:
    """The text, if it can be a shop's host. Raises ValueError, which says what to write."""
    if text and HOST.fullmatch(text) is None:
        raise ValueError("write a domain in small letters, without https:// and without a path, such as tea.example")
    return text


def unsaid(value: object) -> bool:
    """What was not asked before stays out of a request's fingerprint where it is not said: sent again after an upgrade, it is one."""
    return not value


Host = Annotated[str, StringConstraints(max_length=253), AfterValidator(host_of)]
Welcome = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ShopPages(Value):
    """Pages that the hub shows to anybody, without a key: /shop/<slug>."""

    slug: Slug = Field(
        description="the name in the address; a storefront may have five in its life, and each leads to it for ever",
        examples=["harbour-tea"],
    )
    accent: Accent = Field(
        default="#0f6b5c", description="the colour of links and buttons; made readable on light and dark grounds", examples=["#0f6b5c"]
    )
    host: Host = Field(
        default="",
        exclude_if=unsaid,
        description="a domain of its own at whose root the pages lie, once it leads here: mails, shared links and searches name it",
        examples=["tea.example"],
    )
    welcome: dict[LanguageTag, Welcome] = Field(
        default={}, max_length=20, description="what the first page says below the shop's name, plain text by BCP 47 language tag"
    )

    look: ShopLook = Field(default=ShopLook(), description="its style, logo and large picture")

    seller: Seller | None = Field(
        default=None,
        exclude_if=unsaid,
        description="who sells here, with a postal address: orders, receipts and the imprint name them; absent: they name nobody",
    )
    texts: ShopTexts = Field(
        default=ShopTexts(),
        description="who runs the shop, and its terms, each at /shop/<slug>/about/<topic>: plain text by language tag, 24 KB together",
    )

    @property
    def missing(self) -> list[tuple[str, str]]:
        """What buyers are owed and nobody has said yet: the field, and what to write. For the owner alone; a shop is open without."""
        unsaid_ = (
            (self.seller, "/pages/seller", "say who sells, with a postal address: orders and receipts name nobody yet"),
            (self.texts.imprint, "/pages/texts/imprint", "say who runs the shop and how they are reached: its page says that you have not"),
        )
        return [(field, what) for said, field, what in unsaid_ if not said]

    def welcome_in(self, language: str) -> str:
        """In `language`, else in its base language; empty where its owner has said nothing in it."""
        return self.welcome.get(language) or self.welcome.get(language.split("-")[0]) or ""
