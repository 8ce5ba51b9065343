"""What a client site sends up: a product was looked at, stock was found to differ, a shopper ordered; and how each row fared."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from functions.orders.checkout.basket import Basket
from functions.orders.inventory.adjustment import TooFew
from shared.api.idempotency import KeyReused
from shared.errors import FieldError, NotFound, Problem

Status = Literal["done", "repeated", "refused", "later"]


@dataclass(frozen=True, slots=True)
class ProductView:
    """Somebody looked at a product. Who it was is not told."""

    product_id: str
    at: datetime

    @property
    def day(self) -> str:
        """In UTC."""
        return self.at.astimezone(UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class StockCorrection:
    offer_id: str
    delta: int
    reason: str


@dataclass(frozen=True, slots=True)
class SiteEvent:
    """A well-formed row."""

    id: str
    fingerprint: str
    what: ProductView | StockCorrection | Basket


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a row fared. The pointers of `problem` are within the row. `later`: nothing was done, send it again."""

    id: str | None
    status: Status
    order_id: str | None = None
    problem: Problem | None = None


def located(problem: Problem, event: SiteEvent) -> Problem:
    """The same problem, naming the row's field that it is about if it names none."""
    if not problem.errors:
        stock = {NotFound: "/offer_id", TooFew: "/delta"} if isinstance(event.what, StockCorrection) else {}
        pointer = next((at for kind, at in {KeyReused: "/id", **stock}.items() if isinstance(problem, kind)), "")
        problem.errors = (FieldError(pointer, problem.detail or problem.title),)
    return problem
