"""A refund that a merchant asks for. Money and stock go back once, because a refund is a change of the order's one state.

Units that have not left are asked back first, and paid back when shipping has released them. A refund of what has left is a return or
a gift: it is paid at once, says so, and puts nothing on sale again unless the merchant says that the units are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.orders.order import Order, OrderChange, Refund
from functions.orders.refunds.held_money import order_part
from functions.orders.withdrawals.questions import with_question
from functions.orders.withdrawals.units import has_left, left_units, parts, refundable, unpaid_back
from shared.errors import Conflict, FieldError, Invalid
from shared.order_messages import OrderRefunded, RefundRequested

MAX_REFUNDS = 50
"""An order carries at most this many refunds that a merchant asked for."""
MOST_NAMED = 200
"""Lines that all of an order's refunds name together: an order with all that becomes of it fits into an item."""


class NotPaid(Conflict):
    code, title = "not-paid", "Only an order that is paid can be refunded"


class NotPaidYet(Conflict):
    code, title = "not-paid-yet", "These units have left, and nobody has paid them yet: refund them once the order is paid"


class TooManyRefunds(Conflict):
    code, title = "too-many-refunds", f"An order can have at most {MAX_REFUNDS} refunds"


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """What a merchant wants to pay back. `lines`: offer id → units, in the order of the request's lines."""

    lines: Mapping[str, int]
    shipping: bool
    """Whether to pay back what is left of the shipping price."""
    restock: bool | None
    """Whether the units go on sale again; None: those that have not left do."""
    reason: str


def refund_on_request(order: Order, refund_id: str, fingerprint: str, ask: RefundAsk, now: datetime) -> OrderChange:
    """A refund that the merchant asks for: requested at once, or once shipping has released the units that may not have left.

    Raises NotPaid, NotPaidYet, TooManyRefunds, and Invalid naming what exceeds what was bought and not yet refunded.
    """
    if not (order.state == "accepted" or (order.state in ("paid", "cancelled") and order.paid_by)):
        raise NotPaid
    named = {r.id: len(r.lines) for r in order.refunds} | {w.id: len(w.units) + len(w.left) + len(w.back) for w in order.withdrawals}
    if len(named) >= MAX_REFUNDS or sum(named.values()) >= MOST_NAMED:
        most = f"at most {MAX_REFUNDS} refunds, which name {MOST_NAMED} lines in all"
        raise TooManyRefunds(f"{most}; what is left goes back if the order is cancelled")
    _within_what_is_left(order, ask)
    if order.worth(ask.lines) + (order.shipping_left if ask.shipping else 0) == 0:
        raise Invalid.field("/lines", "this refund would pay nothing back: name lines or shipping that were paid for")
    left, to_ask = _by_place(order, ask.lines)
    if order.paid_by is None and left:
        raise NotPaidYet
    if order.paid_by is None and not to_ask:
        raise NotPaid
    if to_ask:
        said = {"left": left, "back": _rest(ask.lines, to_ask, left), "shipping": ask.shipping, "reason": ask.reason}
        restock = {"restock": ask.restock is not False, "restock_left": ask.restock is True}
        return with_question(order, refund_id, "refund", to_ask, now, **said, **restock, fingerprint=fingerprint)
    return _at_once(order, refund_id, fingerprint, ask, left)


def _at_once(order: Order, refund_id: str, fingerprint: str, ask: RefundAsk, left: Mapping[str, int]) -> OrderChange:
    """Nobody need be asked: the units have left, or came back before."""
    back = order.shipping_left if ask.shipping else 0
    refund = Refund(id=refund_id, payment_id=order.paid_by or "", amount=order.worth(ask.lines) + back, currency=order.currency,
                    lines=dict(ask.lines), left=left, asked_first=order.state != "cancelled", shipping=back, reason=ask.reason,
                    fingerprint=fingerprint)  # fmt: skip
    return with_refund(order, refund, left if ask.restock else {})


def _by_place(order: Order, lines: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Of the lines' units, those known to have left, and those to ask shipping for; the others were released before."""
    if order.state == "cancelled":
        return {}, {}
    held = parts(order)
    out = {offer_id: units - min(units, unpaid_back(order, offer_id)) for offer_id, units in lines.items()}
    gone = {offer_id: min(units, left_units(order, offer_id)) for offer_id, units in out.items() if has_left(order, held[offer_id])}
    left = {offer_id: units for offer_id, units in gone.items() if units}
    return left, _rest(out, left)


def _rest(lines: Mapping[str, int], *without: Mapping[str, int]) -> dict[str, int]:
    rest = {offer_id: units - sum(some.get(offer_id, 0) for some in without) for offer_id, units in lines.items()}
    return {offer_id: units for offer_id, units in rest.items() if units}


def _within_what_is_left(order: Order, ask: RefundAsk) -> None:
    left = refundable(order)
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
    """The order with one more refund, which payments are asked to pay; `returned`: units that go on sale again.

    No more goes back than the provider still holds: what a refund made elsewhere, or a capture taken back, leaves out is `covered`.
    One that is covered whole is paid at once.
    """
    pays = min(refund.amount, order.held_by(refund.payment_id))
    refund = refund.model_copy(update={"amount": pays, "covered": refund.amount - pays})
    refund = refund.model_copy(update={"borne": order_part(order, refund)})
    if not pays:
        refund = refund.model_copy(update={"state": "paid"})
        after = order.next(refunds=(*order.refunds, refund))
        return OrderChange(after, refunded(after, refund), returned or {})
    after = order.next(refunds=(*order.refunds, refund))
    event = RefundRequested(**after.refund_fields(refund), refund_id=refund.id, payment_id=refund.payment_id, amount=refund.amount)
    return OrderChange(after, event, returned or {})


def refunded(after: Order, refund: Refund) -> OrderRefunded:
    """What is told of a refund that is paid."""
    payment = after.payment(refund.payment_id)
    return OrderRefunded(
        **after.refund_fields(refund), refund_id=refund.id, payment_id=refund.payment_id, payment_plugin=payment.plugin if payment else "",
        lines=after.units(refund.lines), shipping=refund.shipping, amount=refund.amount, covered=refund.covered, borne=refund.borne,
    )  # fmt: skip
