"""A visit: what pages of other services must know of the shop that a shopper is in, signed, in a hidden field of each form.

It gives a page its shop's name and look without a read, and its tenant without a word of the request's being trusted. Storefronts issues
the first one, with the cart; each page that is shown on the way issues a new one. It is no secret: whoever looks at a shop has one.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.clock import Clock
from shared.api.caller import Caller
from shared.api.tickets import ON_TIME, TicketRefused, Tickets
from shared.bounds.fields import Currency, Id
from shared.errors import FieldError, Invalid
from shared.pages.interface_language import Interface, interface_of
from shared.pictures.shown_picture import Side

VISIT = "visit"
VISITED_FOR = timedelta(hours=12)
"""So long a page may lie open before its form is refused; what it says of its shop is as old as that at most."""
MAX_VISIT = 2048
MOST_NAME = 60
"""Characters of a shop's name that a visit, and a link to an order, is issued with: with more of some letters it is over MAX_VISIT."""


MOST_ADDRESS = 160
"""Characters of a logo's address."""


class VisitOver(Invalid):
    code, title = "visit-over", "This page was left open for too long, or is not of this shop: begin with the cart again"

    @property
    def is_of_order(self) -> bool:
        """Whether it is of an order that stands: its page is where its reader goes on."""
        return str(self.more.get("back", "")).startswith("order?")


class ShopLogo(BaseModel):
    """A picture of the hub's own that stands in place of a shop's name. Storefronts, which knows where pictures lie, made its address."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    address: str = Field(max_length=MOST_ADDRESS)
    width: Side
    height: Side


class ShopLook(BaseModel):
    """What a page shows of its shop."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    slug: str = Field(max_length=40)
    name: str = Field(max_length=200)
    accent: str = Field(max_length=7)
    style: str | None = Field(default=None, max_length=40)
    """Its owner's words (Style.words); None: as every page is."""
    logo: ShopLogo | None = None


class Visit(BaseModel):
    """Ticket kind: VISIT."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    storefront_id: Id
    shop: ShopLook
    language: str = Field(max_length=35)
    """BCP 47: in which the shopper reads what merchants wrote."""
    currency: Currency
    """In which the shopper pays; empty where nothing is being bought, of a shop that sells each product in its supplier's."""
    once: str = Field(default="", max_length=64)
    """Of what is being bought, the cart's own: by it one order is placed, from however many reviews; empty of a visit that buys nothing."""

    @property
    def caller(self) -> Caller:
        """As who its shopper's forms are served: the shop's own site, which sells, and does what is paid for no more."""
        return Caller(self.account_id, frozenset({"client_site"}), verified=True, storefront_id=self.storefront_id, scope="sell")

    @property
    def interface(self) -> Interface:
        return interface_of(self.language)

    def link(self, path: str = "", **query: str) -> str:
        """A page of the shop from one that lies right below its address (`pay`, `order`): `cart`; or, of no path, its first page.

        `home` leads to it below /shop/<slug> and at a host of its own."""
        wished = urlencode({**query, "language": self.language, **({"currency": self.currency} if self.currency else {})})
        return f"{path or 'home'}?{wished}"


@dataclass(frozen=True, slots=True)
class Visits:
    tickets: Tickets
    clock: Clock

    def ticket(self, visit: Visit) -> str:
        """What a page's forms carry on: good for VISITED_FOR from now."""
        return self.tickets.issue(VISIT, visit, self.clock(), VISITED_FOR)

    def read(self, ticket: str, slug: str, late: timedelta = ON_TIME) -> Visit:
        """The visit of a form that came to /shop/`slug`. `late`: so long after its end it is read still, to say what became of it.

        Raises VisitOver for one that is forged, old, or another shop's."""
        try:
            visit = self.tickets.read(VISIT, ticket[:MAX_VISIT], Visit, self.clock(), "/visit", longest=VISITED_FOR, late=late)
        except TicketRefused as refused:
            raise VisitOver(refused.detail, refused.errors, back="cart") from refused
        if visit.shop.slug != slug:
            raise VisitOver("it is of another shop", [FieldError("/visit", "it is of another shop")], back="cart")
        return visit
