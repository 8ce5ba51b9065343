"""Refunds, each a small machine of its own: sent → accepted → succeeded, or failed; a paid one may come back. Pure.

A failed refund counts for nothing and keeps no other back.
"""

from dataclasses import replace

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind, PaymentView, RefundView

EXCEEDS = PluginError(ErrorKind.INVALID, "more than is left of the captured money", "exceeds_captured")


def refunds_to_resolve(payment: Payment, view: PaymentView) -> list[Operation]:
    """Our refunds to look at after `view`: those whose outcome is not known, and the paid ones that it says have failed since."""
    failed = {refund.op_key for refund in view.refunds if refund.state == "failed"}
    refunds = (o for o in payment.operations if o.kind is OperationKind.REFUND)
    return [o for o in refunds if not o.settled or o.resendable or (o.phase is Phase.SUCCEEDED and o.key(payment.id) in failed)]


def own_refund(payment: Payment, operation: Operation, view: PaymentView) -> RefundView | None:
    """What `view` tells of one of our refunds. Of several with its key the provider has paid one for it, the same each time."""
    told = [refund for refund in view.refunds if refund.op_key == operation.key(payment.id)]
    return next((refund for refund in told if operation.ref and refund.provider_ref == operation.ref), told[-1] if told else None)


def with_refund_outcome(payment: Payment, operation: Operation, view: PaymentView, untold: Operation) -> Payment:
    """`payment` with a refund settled by what the provider tells of it, else as `untold`: what not being told makes of it."""
    told = own_refund(payment, operation, view)
    if told is not None:
        return with_refund_view(payment, operation, told)
    unheard = payment.operation(operation.id) == operation and not operation.settled
    return payment.with_operation(untold) if unheard else payment


def with_refund_view(payment: Payment, operation: Operation, told: RefundView) -> Payment:
    """`payment` after the provider's word on one refund, as it now stands; the amount paid must be the one that was asked for."""
    now = payment.operation(operation.id) or operation
    if now.phase is Phase.FAILED and not now.resendable:
        return payment
    if told.state == "failed":
        return _with_refund_failed(payment, now, told)
    if now.phase is Phase.SUCCEEDED:
        return payment
    if told.amount != Money(now.amount, payment.amount.currency):
        differs = PluginError(ErrorKind.PROTOCOL, f"another amount was refunded: {told.amount}", "amount_differs")
        return payment.with_operation(now.ended(differs))
    named = replace(now, ref=told.provider_ref or now.ref)
    return payment.with_operation(named.accepted()) if told.state == "pending" else with_refund_paid(payment, named)


def with_refund_paid(payment: Payment, operation: Operation) -> Payment:
    """`payment` with a refund paid; the total is at least what the refunds that we know of come to."""
    after = payment.with_operation(operation.succeeded())
    return replace(after, refunded=max(after.refunded, counted_refunds(after)))


def counted_refunds(payment: Payment) -> int:
    """What the refunds come to that we know of: ours that are paid, and those made elsewhere."""
    ours = sum(o.amount for o in payment.operations if o.kind is OperationKind.REFUND and o.phase is Phase.SUCCEEDED)
    return ours + sum(e.amount for e in payment.elsewhere if e.kind == "refund" and not e.failed)


def refundable(payment: Payment) -> int:
    """What can still be paid back, minor units: what is captured without what is paid back, on its way, or may have been paid."""
    again = sum(o.amount for o in payment.resendable if o.kind is OperationKind.REFUND)
    under_way = sum(o.amount for o in payment.operations if o.counts_meanwhile)
    return payment.captured - max(payment.refunded, counted_refunds(payment) + under_way) - again


def _with_refund_failed(payment: Payment, operation: Operation, told: RefundView) -> Payment:
    refusal = PluginError(ErrorKind.DECLINED, "the provider could not pay this back", told.reason)
    after = payment.with_operation(replace(operation.ended(refusal), ref=told.provider_ref or operation.ref))
    if operation.phase is not Phase.SUCCEEDED:
        return after
    return replace(after, refunded=max(payment.refunded - operation.amount, counted_refunds(after)))
