"""What is known of an order whose buyer is written to: what its placement told, the buyer sealed as there."""

from datetime import datetime
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict

from shared.order_messages import BoughtLine, OrderPlaced
from shared.pages.theme import DEFAULT_ACCENT
from shared.pages.visits.visit import MOST_NAME, ShopLook, Visit
from shared.sealing.sealed_text import SealedText


class KnownShop(BaseModel):
    """A storefront as mails name it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: str
    slug: str = ""
    """Of its pages; empty: it has none."""
    accent: str = ""
    style: str = ""
    host: str = ""
    """Of its own; empty: its pages lie below the hub's address."""


NO_SHOP = KnownShop(name="")
"""A storefront that nothing was heard of since mails are sent."""


class KnownOrder(BaseModel):
    """An order that has a buyer with an e-mail. Amounts in minor units of `currency`."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    order_id: str
    account_id: str
    storefront_id: str
    currency: str
    language: str
    total: int
    shipping: int = 0
    pay_by: str = ""
    lines: list[BoughtLine]
    sealed_buyer: SealedText

    @classmethod
    def of(cls, event: OrderPlaced) -> Self | None:
        """None of an order without an e-mail."""
        if event.sealed_buyer is None:
            return None
        return cls(
            order_id=event.order_id, account_id=event.account_id, storefront_id=event.storefront_id, currency=event.currency,
            language=event.language, total=event.total, shipping=event.shipping, pay_by=event.pay_by, lines=event.lines,
            sealed_buyer=event.sealed_buyer,
        )  # fmt: skip

    @property
    def id(self) -> str:
        """As whoever issues links to orders calls it."""
        return self.order_id

    def visit(self, shop: KnownShop) -> Visit:
        """What the shop's own pages show around the order."""
        look = ShopLook(slug=shop.slug, name=shop.name[:MOST_NAME], accent=shop.accent or DEFAULT_ACCENT, style=shop.style or None)
        return Visit(
            account_id=self.account_id, storefront_id=self.storefront_id, shop=look, language=self.language, currency=self.currency
        )

    @property
    def tenant(self) -> str:
        """Whose texts are sealed."""
        return f"{self.account_id}#{self.storefront_id}"


class Known(Protocol):
    """Where orders and shops are known."""

    def add_order(self, order: KnownOrder, now: datetime) -> None:
        """Keep it. What stands of it stays."""

    def add_silent(self, order_id: str, now: datetime) -> None:
        """Know that an order has no e-mail."""

    def order(self, order_id: str) -> KnownOrder | None:
        """As last written; None of one without an e-mail, and of one whose placement was not heard of yet."""

    def is_silent(self, order_id: str) -> bool:
        """Whether an order is known to have no e-mail."""

    def keep_shop(self, tenant: str, shop: KnownShop, version: int) -> None:
        """Keep it unless a newer version stands."""

    def shop(self, tenant: str) -> KnownShop:
        """NO_SHOP where nothing is known."""
