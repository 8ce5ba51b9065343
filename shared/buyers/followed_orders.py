"""Links by which whoever has them follows an order: its buyer, to whom its shop sent one, or who found it by number and e-mail.

Orders issues them; orders shows the order by one, shipping its parcels.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.clock import Clock
from shared.api.payload import Query
from shared.api.tickets import Tickets
from shared.bounds.fields import Currency, Id
from shared.errors import NotFound
from shared.pages.visits.visit import ShopLook, Visit

FOLLOWED_ORDER = "followed-order"
FOLLOWED_FOR = timedelta(days=90)
"""How long a link to an order is good: as long as it is sent, used and sent back in."""


class FollowedOrder(BaseModel):
    """An order that whoever has the ticket may look at, as its buyer. Ticket kind: FOLLOWED_ORDER."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    storefront_id: Id
    order_id: Id
    shop: ShopLook | None = None
    """Of an order that was placed, or found, by the shop's own pages: by it they show the order again."""
    currency: Currency = ""

    def visit(self, slug: str, language: str, host: str = "") -> Visit:
        """What pages of /shop/`slug` show around the order. `host`: the shop's own, at which an older name of it may stand for good.

        Raises NotFound for another shop's, and for one that no page knows.
        """
        if self.shop is None or not (host or self.shop.slug == slug):
            raise NotFound("this shop has no such order")
        shop = self.shop.model_copy(update={"slug": slug})
        return Visit(account_id=self.account_id, storefront_id=self.storefront_id, shop=shop, language=language, currency=self.currency)


class Followed(Protocol):
    """An order, as far as its ticket says it."""

    @property
    def id(self) -> str: ...

    @property
    def account_id(self) -> str: ...

    @property
    def storefront_id(self) -> str: ...


class FollowQuery(Query):
    ticket: str = Field(max_length=2048, description="an order's `order_ticket`")


@dataclass(frozen=True, slots=True)
class FollowedOrders:
    tickets: Tickets
    clock: Clock

    def ticket(self, order: Followed, visit: Visit | None = None) -> str:
        """A ticket that shows the order for FOLLOWED_FOR; each call makes a new one. `visit`: for the pages of its shop."""
        followed = FollowedOrder(account_id=order.account_id, storefront_id=order.storefront_id, order_id=order.id)
        if visit is not None:
            followed = followed.model_copy(update={"shop": visit.shop, "currency": visit.currency})
        return self.tickets.issue(FOLLOWED_ORDER, followed, self.clock(), FOLLOWED_FOR)

    def read(self, ticket: str) -> FollowedOrder:
        """What the ticket shows. Raises TicketRefused."""
        return self.tickets.read(FOLLOWED_ORDER, ticket, FollowedOrder, self.clock(), "query/ticket", renew="look the order up again")
