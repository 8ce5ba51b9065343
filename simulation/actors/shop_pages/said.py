"""What pages said to shoppers, and what shoppers did: the truth that the hub's books are held to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.ids import derived_id
from simulation.actors.setting import Shop

Answer = Literal["ordered", "not ordered", "unknown"]
Stand = Literal["paid", "promised", "not paid", "nothing charged", "unknown"]
STANDS: dict[str, Stand] = {
    "Paid. Thank you!": "paid", "Ordered. Thank you!": "promised", "Go on at": "not paid", "The time to pay is over": "nothing charged",
    "This payment was given up": "nothing charged", "The payment was declined": "nothing charged", "cannot be reached": "nothing charged",
}  # fmt: skip
"""What a payment's page says by its heading, or a part of that; all others promise nothing."""


@dataclass
class Checkout:
    """One cart on its way to an order: all forms that would order it by one key."""

    shop: Shop
    key: str
    email: str
    begun: datetime
    asked: list[tuple[dict[str, int], int]] = field(default_factory=list)
    """What the reviews of it said: units by offer, and the sum that was shown."""
    answers: list[tuple[Answer, str]] = field(default_factory=list)
    """What was said each time that it was sent; beside it the order's number, if one was named."""

    @property
    def order_id(self) -> str:
        """Of the one order that its key places."""
        return derived_id("ord", f"{self.shop.owner.account_id} POST {self.shop.path}/orders", self.key)

    @property
    def numbers(self) -> set[str]:
        return {number for _, number in self.answers if number}


@dataclass(frozen=True)
class PaymentSaid:
    """What a payment's page said."""

    payment_id: str
    said: Stand
    asked: datetime


@dataclass
class Shown:
    """All of it."""

    checkouts: dict[str, Checkout] = field(default_factory=dict)
    """By key."""
    payments: list[PaymentSaid] = field(default_factory=list)
    pages: set[tuple[str, str]] = field(default_factory=set)
    """Payment and address of each payment's page that was shown."""
    paid: dict[str, datetime] = field(default_factory=dict)
    """Payment → when its shopper had paid on the processor's page."""
    wrongs: list[str] = field(default_factory=list)
    """What was let in, and must not be, or shown."""


def stand_of(heading: str) -> Stand:
    return next((said for words, said in STANDS.items() if words in heading), "unknown")
