"""A refund that a merchant asks for. Money and stock go back once, because a refund is a change of the order's one state."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.orders.order import Order, OrderChange, Refund
from shared.errors import Conflict, FieldError, Invalid
from shared.order_messages import RefundRequested

MAX_REFUNDS = 50
"""An order carries at most this many refunds that a merchant asked for."""


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


def refund_on_request(order: Order, refund_id: str, fingerprint: str, ask: RefundAsk) -> OrderChange:
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
    return with_refund(order, refund, ask.lines if ask.restock else {})


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


def with_refund(order: Order, refund: Refund, returned: Mapping[str, int] | None = None) -> OrderChange:
    """The order with one more refund, which payments are asked to pay; `returned`: units that go on sale again."""
    after = order.next(refunds=(*order.refunds, refund))
    event = RefundRequested(**after.refund_fields(refund), refund_id=refund.id, payment_id=refund.payment_id, amount=refund.amount)
    return OrderChange(after, event, returned or {})
