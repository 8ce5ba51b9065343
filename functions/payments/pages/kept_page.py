"""What a payment's page shows beside the payment itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.pages.visits.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPage:
    payment_id: str
    order_id: str
    visit: Visit
    """The shop under whose look it is shown."""
    order: str = field(repr=False)
    """The ticket by which the shopper follows the order."""
    ticket: str = field(repr=False)
    """The order's payment ticket: while it is good, another way to pay is chosen on the page itself."""
    method: str

    @property
    def tenant(self) -> str:
        return f"{self.visit.account_id}#{self.visit.storefront_id}"


class KeptPages(Protocol):
    """What they are kept in."""

    def keep(self, page: PaymentPage, now: datetime) -> None: ...
    def find(self, payment_id: str) -> PaymentPage: ...
