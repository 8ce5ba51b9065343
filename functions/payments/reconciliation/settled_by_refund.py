"""A dispute that ends by a refund, which its provider lists among the payment's refunds too: one movement, booked once. Pure.

PayPal does so: a claim in the shopper's favour, an offer that was accepted, and a refund by which the merchant answers a dispute are
refunds of the capture as well. Its notices of the two come in any order, and name no common reference, so the amount says that they are
one. What is heard first is booked; the other is noted, and takes nothing.
"""

from dataclasses import replace

from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.payment import DisputeView, RefundView

BOOKED = "="
"""Before a dispute's reference in a refund's `of`: the refund was booked, and the dispute took nothing more. Without it: the other way."""
TAKES = ("open", "lost")


def settled_dispute(payment: Payment, refund: RefundView) -> str:
    """The reference of the dispute that took already what this refund, made elsewhere, is of; empty if there is none."""
    amount, used = refund.amount.amount, {e.of for e in payment.elsewhere if e.kind == "refund"}
    known = payment.known_elsewhere("refund", refund.provider_ref)
    if known:
        return known.of
    own = (d for d in payment.disputes if d.state in TAKES and d.amount.amount == amount)
    return next((d.provider_ref for d in own if not {d.provider_ref, BOOKED + d.provider_ref} & used), "")


def without_refunded(payment: Payment, told: DisputeView) -> tuple[Payment, DisputeView]:
    """The payment and the dispute, which took nothing by itself where a refund of what it lost was booked before: noted in the payment."""
    known = next((d for d in payment.disputes if d.provider_ref == told.provider_ref), None)
    if told.state != "lost" or (known and known.state == "lost" and known.amount == told.amount):
        return payment, told
    free = ("", BOOKED + told.provider_ref)
    same = [e for e in payment.elsewhere if e.kind == "refund" and not e.failed and e.of in free and e.amount == told.amount.amount]
    if not same:
        return payment, told
    noted = replace(same[0], of=BOOKED + told.provider_ref)
    took_before = known is not None and known.state != "warning"
    after = replace(payment, elsewhere=tuple(noted if e is same[0] else e for e in payment.elsewhere))
    return after, replace(told, state="won" if took_before else "warning")
