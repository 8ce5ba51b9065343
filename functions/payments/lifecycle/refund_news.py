"""Refunds as single notices tell them, of whenever: paid, failed after that, paid again by the provider itself. Pure.

Each has a reference of the provider's. By one reference a failure is the last word, whichever was heard first; what is paid under
another is counted by itself (elsewhere.py). A refund that the provider made once more (AGAIN) makes up for a failure and moves nothing
by itself: until a failure is heard it waits, kept as one that counts for nothing.
"""

from dataclasses import replace

from functions.payments.lifecycle.elsewhere import fits, with_entries
from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.payment import AGAIN, OperationKind, PaymentView, RefundView


def own_refunds(payment: Payment, view: PaymentView) -> PaymentView:
    """`view` with only what settles refunds of ours: outcomes that are awaited, and failures of what was paid."""
    return replace(view, refunds=tuple(own for told in view.refunds for own in _as_own(payment, told)))


def _as_own(payment: Payment, told: RefundView) -> list[RefundView]:
    ours = _operation(payment, told)
    if ours is None:
        return []
    if _awaits(payment, ours, told):
        return [replace(told, provider_ref="") if _again(told) else told]
    failed = ours.phase is Phase.SUCCEEDED and told.state == "failed" and ours.ref in ("", told.provider_ref)
    return [told] if failed else []


def _awaits(payment: Payment, ours: Operation, told: RefundView) -> bool:
    """Whether this may be the outcome that a refund of ours waits for; a failure of another reference is another's."""
    another = told.state == "failed" and ours.ref not in ("", told.provider_ref)
    known = payment.known_elsewhere("refund", told.provider_ref or told.op_key)
    return (not ours.settled or ours.resendable) and not another and known is None


def with_made_good(payment: Payment, told: RefundView) -> Payment:
    """`payment` before a failure of our refund is written: one that was made once more to make up for it counts from now on."""
    ours = _operation(payment, told)
    if ours is None or told.state != "failed" or ours.phase is not Phase.SUCCEEDED or ours.ref not in ("", told.provider_ref):
        return payment
    again, failures = _again_of(payment, told.op_key), _failures(payment, ours, told.op_key)
    waiting = [e for e in again if e.failed]
    return with_entries(payment, replace(waiting[0], failed=False)) if waiting and len(again) > failures else payment


def with_told_refund(payment: Payment, refund: RefundView) -> Payment:
    """`payment` after news of a refund for which, as it was told, no operation of ours stands."""
    ours = _operation(payment, refund)
    if refund.state == "pending" or not (refund.provider_ref or refund.op_key) or not fits(payment, refund):
        return payment
    if ours is None:
        return _in_the_console(payment, refund)
    return payment if _awaits(payment, ours, refund) else _beside(payment, ours, refund)


def _in_the_console(payment: Payment, told: RefundView) -> Payment:
    new = _entry(told)
    base = payment.known_elsewhere("refund", new.ref.removesuffix(AGAIN))
    if _again(told):
        if payment.known_elsewhere("refund", new.ref):
            return payment
        first = [] if base else [replace(new, ref=new.ref.removesuffix(AGAIN))]
        return with_entries(payment, *first, replace(new, failed=base is None or not base.failed))
    made_good = payment.known_elsewhere("refund", new.ref + AGAIN)
    came_back = base is not None and new.failed and not base.failed and not made_good
    return with_entries(payment, replace(new, amount=base.amount if base else new.amount)) if base is None or came_back else payment


def _beside(payment: Payment, ours: Operation, told: RefundView) -> Payment:
    """One with the key of a refund of ours that is settled: known, paid besides, or the next of its failures."""
    new, known = _entry(told), payment.known_elsewhere("refund", told.provider_ref or told.op_key)
    if known is not None:
        return with_entries(payment, replace(known, failed=True)) if new.failed and not known.failed else payment
    again, failures = _again_of(payment, told.op_key), _failures(payment, ours, told.op_key)
    counted = [e for e in again if not e.failed]
    if _again(told):
        waits = ours.phase is Phase.SUCCEEDED or bool(counted) or len(again) + 1 < failures
        return with_entries(payment, replace(new, failed=waits))
    if _is_old(ours, told):
        return payment
    if new.failed and counted and len(again) <= failures:
        return with_entries(payment, replace(counted[0], failed=True), new)
    return with_entries(payment, new)


def _is_old(ours: Operation, told: RefundView) -> bool:
    """Whether our refund ended with this very reference, one way or the other; what differs in its amount is another."""
    if ours.phase is Phase.SUCCEEDED and told.state == "succeeded":
        return ours.ref in ("", told.provider_ref)
    return ours.ref == told.provider_ref and told.amount.amount == ours.amount


def _operation(payment: Payment, told: RefundView) -> Operation | None:
    refunds = (o for o in payment.operations if o.kind is OperationKind.REFUND)
    return next((o for o in refunds if told.op_key and o.key(payment.id) == told.op_key), None)


def _again(told: RefundView) -> bool:
    return told.state == "succeeded" and told.provider_ref.endswith(AGAIN)


def _again_of(payment: Payment, key: str) -> list[Elsewhere]:
    return [e for e in payment.elsewhere if e.kind == "refund" and e.of == key and e.ref.endswith(AGAIN)]


def _failures(payment: Payment, ours: Operation, key: str) -> int:
    told = [e for e in payment.elsewhere if e.kind == "refund" and e.of == key and e.failed and not e.ref.endswith(AGAIN)]
    return len(told) + (ours.phase is Phase.FAILED and ours.ref != "")


def _entry(told: RefundView) -> Elsewhere:
    return Elsewhere(told.provider_ref or told.op_key, "refund", told.amount.amount, told.state == "failed", told.op_key)
