"""Which event gives which merchant which notice. What comes in crowds, of a feed say, is told together (outbox/digest.py)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from functions.notices.causes.cause import Cause
from functions.notices.causes.kinds import MerchantsKind
from shared.messages import OfferAvailabilityChanged, ProductHeld, ProductRefused, StockOwed, SubscriptionDisabled
from shared.order_messages import OrderAccepted, OrderLine, OrderPaid
from shared.trade.payment_messages import PayoutFailed

MOST_TOLD = 50
"""Lines of an order: as many as it has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of a notice that tells several events together. `key`: what it is of, so that an event that comes twice is one line."""

    kind: MerchantsKind
    account_id: str
    key: str
    name: str
    what: str


def new_order(event: OrderAccepted | OrderPaid) -> Iterator[Cause]:
    """To the shop's owner, of all lines, and to each other supplier, of its own."""
    yield _order(event, event.account_id, event.lines)
    for supplier in dict.fromkeys(line.supplier_id for line in event.lines if line.supplier_id != event.account_id):
        yield _order(event, supplier, [line for line in event.lines if line.supplier_id == supplier])


def _order(event: OrderAccepted | OrderPaid, account_id: str, lines: Iterable[OrderLine]) -> Cause:
    """A supplier is told what it gets, its owner what the shopper pays."""
    own = account_id == event.account_id
    told = [[line.title, line.quantity, line.unit_price if own else line.unit_cost] for line in lines][:MOST_TOLD]
    facts = {"order_id": event.order_id, "currency": event.currency, "lines": told}
    return Cause(kind="new_order", about=account_id, key=event.order_id, account_id=account_id, facts=facts, test=event.test)


def sold_out(event: OfferAvailabilityChanged) -> Listed | None:
    """None where units are there again, or may be ordered beyond what is there again."""
    return None if event.in_stock or event.backorder == "open" else _of_offer(event, "sold_out")


def owed(event: StockOwed) -> Listed | None:
    """None where what was owed is there by now."""
    return _of_offer(event, "owed") if event.owed else None


def _of_offer(event: OfferAvailabilityChanged | StockOwed, what: str) -> Listed:
    name, key = event.title or event.product_id, f"{event.offer_id}:{what}"
    return Listed(kind="low_stock", account_id=event.supplier_id, key=key, name=name, what=what)


def verdict(event: ProductRefused | ProductHeld) -> Listed:
    refused = isinstance(event, ProductRefused)
    what = f"refused: {event.remedy or event.evidence}"[:300] if isinstance(event, ProductRefused) else "held"
    key = f"{event.product_id}:{event.version}:{refused}"
    return Listed(kind="verdict", account_id=event.supplier_id, key=key, name=event.title or event.product_id, what=what)


def payout_failed(event: PayoutFailed) -> Cause:
    """To whom it was to be paid."""
    facts: dict[str, Any] = {"amount": event.amount.amount, "currency": event.amount.currency, "reason": event.reason[:300]}
    return Cause(kind="payout_failed", about=event.payee_id, key=f"{event.payout_id}:{event.state}", account_id=event.payee_id, facts=facts)


def webhook_disabled(event: SubscriptionDisabled) -> Cause:
    """Once for each time that it was disabled."""
    key, facts = f"{event.subscription_id}:{event.version}", {"reason": event.reason[:300]}
    return Cause(kind="webhook_disabled", about=event.account_id, key=key, account_id=event.account_id, facts=facts)
