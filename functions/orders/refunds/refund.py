"""Taking back: cancellation, expiry and refunds. Stock and money go back once, because each is a change of the order's one state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.orders.order import CancelReason, Change, Order, Payment, Refund
from monsoon_plugin.clock import rfc3339
from shared.errors import Conflict, FieldError, Invalid
from shared.ids import derived_id
from shared.order_messages import OrderCancelled, RefundRequested

UNASKED = 3
"""A refund that is owed is tried so often without anybody's asking; then the merchant sees it, and asks for it."""
MAX_REFUNDS = 50
"""An order carries at most this many refunds that a merchant asked for."""


class AlreadyDispatched(Conflict):
    code, title = "already-dispatched", "A parcel of this order is under way: refund it instead"


class NotPaid(Conflict):
    code, title = "not-paid", "Only an order that is paid can be refunded"


class TooManyRefunds(Conflict):
    code, title = "too-many-refunds", f"An order can have at most {MAX_REFUNDS} refunds"


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """What a merchant wants to pay back. `lines`: offer id → units, in the order of the request's lines."""

    lines: Mapping[str, int]
    shipping: bool
    """Whether to pay back what is left of the shipping price."""
    restock: bool
    """Whether the units go on sale again."""
    reason: str


def expired(order: Order, now: datetime) -> Change | None:
    """The order, cancelled because nobody paid in time; None if it may still be paid, or no longer need be."""
    if order.state != "unpaid" or order.pay_by > rfc3339(now):
        return None
    return _cancelled(order, "expired")


def cancelled(order: Order, reason: CancelReason) -> Change | None:
    """The order, cancelled by its shopper or merchant; None if it already is. Raises AlreadyDispatched.

    What was captured is owed back from then on: see `owed`.
    """
    if order.state == "cancelled":
        return None
    if order.fulfilment != "waiting":
        raise AlreadyDispatched
    return _cancelled(order, reason)


def _cancelled(order: Order, reason: CancelReason) -> Change:
    after = order.next(state="cancelled", reason=reason)
    promised = next((p.id for p in order.payments if not p.captured), None)
    return Change(after, OrderCancelled(**after.told(), reason=reason, payment_id=promised), order.remaining)


def requested(order: Order, refund_id: str, fingerprint: str, ask: RefundAsk) -> Change:
    """A refund that the merchant asks for.

    Raises NotPaid, TooManyRefunds, and Invalid naming what exceeds what was bought and not yet refunded.
    """
    if order.state not in ("paid", "cancelled") or order.paid_by is None:
        raise NotPaid
    if len(order.refunds) >= MAX_REFUNDS:
        raise TooManyRefunds
    _within_what_is_left(order, ask)
    back = order.shipping_left if ask.shipping else 0
    amount = order.worth(ask.lines) + back
    if amount == 0:
        raise Invalid.field("/lines", "this refund would pay nothing back: name lines or shipping that were paid for")
    refund = Refund(id=refund_id, payment_id=order.paid_by, amount=amount, currency=order.currency, lines=dict(ask.lines),
                    shipping=back, reason=ask.reason, fingerprint=fingerprint)  # fmt: skip
    return _requested(order, refund, ask.lines if ask.restock else {})


def _within_what_is_left(order: Order, ask: RefundAsk) -> None:
    left = order.remaining
    errors = [
        FieldError(f"/lines/{i}/quantity", f"at most {left.get(offer_id, 0)} units of {offer_id} can be refunded")
        for i, (offer_id, units) in enumerate(ask.lines.items())
        if units > left.get(offer_id, 0)
    ]
    if ask.shipping and not order.shipping_left:
        errors.append(FieldError("/shipping", "no shipping price is left to pay back"))
    if errors:
        raise Invalid("more than was bought and not yet refunded", errors)


def owed(order: Order) -> Change | None:
    """The next refund that is due without anybody's asking; None if nothing is.

    A cancelled order owes what it was paid; any order owes what it was paid twice or too much; a payment that arrives after
    the cancellation is owed back whole. The change is the same however often it is worked out from the same order.
    """
    if order.state not in ("paid", "cancelled"):
        return None
    refund_id = derived_id("ref", order.id, "owed", str(order.version))
    if order.state == "cancelled" and order.paid_by and not _given_up(order, order.paid_by):
        amount = order.worth(order.remaining) + order.shipping_left
        if amount:
            return _requested(
                order,
                Refund(id=refund_id, payment_id=order.paid_by, amount=amount, currency=order.currency, lines=order.remaining,
                       shipping=order.shipping_left, reason="cancelled"),
            )  # fmt: skip
    for payment in order.payments:
        amount = _excess(order, payment)
        if amount > 0 and not _given_up(order, payment.id):
            refund = Refund(id=refund_id, payment_id=payment.id, amount=amount, currency=payment.currency, reason="not owed")
            return _requested(order, refund)
    return None


def _excess(order: Order, payment: Payment) -> int:
    """What `payment` captured beyond the order's total and was not requested back."""
    kept = order.total if payment.id == order.paid_by else 0
    back = sum(r.amount for r in order.standing if r.payment_id == payment.id and not r.lines and not r.shipping)
    return payment.captured - kept - back


def _given_up(order: Order, payment_id: str) -> bool:
    return sum(r.state == "failed" and not r.fingerprint for r in order.refunds if r.payment_id == payment_id) >= UNASKED


def _requested(order: Order, refund: Refund, returned: Mapping[str, int] | None = None) -> Change:
    after = order.next(refunds=(*order.refunds, refund))
    told = after.told() | {"currency": refund.currency}
    return Change(after, RefundRequested(**told, refund_id=refund.id, payment_id=refund.payment_id, amount=refund.amount), returned or {})


def due(order: Order) -> str | None:
    """From when the sweep has something to do with this order (RFC 3339): it expires, or a refund is owed; None: nothing."""
    if order.state == "unpaid":
        return order.pay_by
    return order.placed_at if owed(order) else None
