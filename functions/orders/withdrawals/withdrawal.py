"""Units of an order that are asked back before they are sent: the question, and what shipping answered. Knows no AWS."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from functions.orders.part import Part
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.shipment_messages import Why

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=6)
"""A question that nobody answered is asked again after FIRST_WAIT, then after twice as long each time, at most LONGEST_WAIT apart."""
OVERDUE = 3
"""Asked so often, a question is shown to staff: half an hour after it was asked first."""
EVERYBODY = ""
"""In place of a supplier, or of a part: the answer is for all of them."""


class Withdrawal(Part):
    """One question. Its id is the key on both sides; a refund that it leads to has the same id."""

    id: str
    why: Why
    units: Mapping[str, int]
    """Offer id → units that are asked for."""
    asked_at: str
    again_at: str = ""
    """When to ask again, if nobody has answered by then."""
    attempt: int = 1
    left: Mapping[str, int] = {}
    """Units that were known to have left when it was asked: they are paid back with what is released."""
    back: Mapping[str, int] = {}
    """Units that were released before, whose refund failed: they are paid back with what is released."""
    shipping: bool = False
    """Whether what is left of the shipping price is paid back too."""
    restock: bool = True
    """Whether what is released goes on sale again."""
    restock_left: bool = False
    """Whether `left` does, once it is paid back: its merchant says that it has returned."""
    reason: str = ""
    fingerprint: str = ""
    """Of the request that asked for it; empty if no request did."""
    released: Mapping[str, int] = {}
    kept: Mapping[str, int] = {}
    """Units that had left before they could be taken back."""
    answered: tuple[str, ...] = ()
    """The parts of the order that have answered (shared.variants.order_part); EVERYBODY: all."""
    settled: bool = False
    """Whether all have answered, and what follows has been done."""
    unpaid: bool = False
    """Settled before the order was paid: the units lowered what is owed, and nothing was paid back for them."""

    @property
    def overdue(self) -> bool:
        return not self.settled and self.attempt >= OVERDUE

    def has_answer(self, part: str) -> bool:
        return part in self.answered or EVERYBODY in self.answered

    def with_answer(self, part: str, **found: Any) -> Self:
        """The question with one more answer: `released` or `kept` units."""
        merged = {name: {**getattr(self, name), **units} for name, units in found.items()}
        return self.model_copy(update={**merged, "answered": (*self.answered, part)})

    def asked_again(self, now: datetime) -> Self:
        wait = min(FIRST_WAIT * 2**self.attempt, LONGEST_WAIT)
        return self.model_copy(update={"attempt": self.attempt + 1, "again_at": rfc3339(now + wait)})

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be asked again; what a supplier declines was never asked for."""
        return not self.settled and bool(self.again_at) and from_rfc3339(self.again_at) <= now
