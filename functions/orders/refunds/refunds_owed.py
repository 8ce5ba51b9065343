"""Refunds that nobody asked for: what a cancelled order was paid, what was released and is not paid back, what was paid too much."""

from functions.orders.order import Order, OrderChange, Payment, Refund
from functions.orders.refunds.held_money import keeps, net_of
from functions.orders.refunds.refund import with_refund
from functions.orders.withdrawals.units import unpaid_back
from shared.ids import derived_id

UNASKED = 3
"""A refund that is owed is tried so often without anybody's asking; then the merchant sees it, and asks for it."""


def next_refund_owed(order: Order) -> OrderChange | None:
    """The next refund that is due without anybody's asking; None if nothing is.

    A cancelled order owes what it was paid; any order owes what was released of it, what it was paid twice or too much; a payment that
    arrives after the cancellation is owed back whole. The change is the same however often it is worked out from the same order.
    """
    if order.state not in ("paid", "cancelled"):
        return None
    refund_id = derived_id("ref", order.id, "owed", str(order.version))
    if order.paid_by and not _given_up(order, order.paid_by):
        owed = _owed_by_order(order, refund_id, order.paid_by)
        if owed.amount:
            return with_refund(order, owed)
    for payment in order.payments:
        amount = _excess(order, payment)
        if amount > 0 and not _given_up(order, payment.id):
            refund = Refund(id=refund_id, payment_id=payment.id, amount=amount, currency=payment.currency, reason="not owed")
            return with_refund(order, refund)
    return None


def _owed_by_order(order: Order, refund_id: str, payment_id: str) -> Refund:
    """All that is left of a cancelled order, in the name of the refund that took its units, if one did.

    Of another order, what was released and is not paid back: a refund of it failed.
    """
    if order.state == "cancelled":
        asked = next((w for w in order.withdrawals if w.why == "refund" and w.settled and not order.refund(w.id)), None)
        said = (
            {"id": asked.id, "fingerprint": asked.fingerprint, "reason": asked.reason}
            if asked
            else {"id": refund_id, "reason": "cancelled"}
        )
        return Refund(**said, payment_id=payment_id, amount=order.worth(order.remaining) + order.shipping_left,
                      currency=order.currency, lines=order.remaining, shipping=order.shipping_left)  # fmt: skip
    found = {line.offer_id: unpaid_back(order, line.offer_id) for line in order.lines}
    lines = {offer_id: units for offer_id, units in found.items() if units > 0}
    return Refund(id=refund_id, payment_id=payment_id, amount=order.worth(lines), currency=order.currency, lines=lines,
                  asked_first=True, reason="taken back")  # fmt: skip


def _excess(order: Order, payment: Payment) -> int:
    """What the provider holds of `payment` beyond what the order keeps."""
    return min(net_of(order, payment.id) - keeps(order, payment.id), order.held_by(payment.id))


def _given_up(order: Order, payment_id: str) -> bool:
    return sum(r.state == "failed" and not r.fingerprint for r in order.refunds if r.payment_id == payment_id) >= UNASKED
