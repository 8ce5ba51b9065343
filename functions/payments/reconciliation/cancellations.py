"""A cancellation that failed for good: what the payment promises stays held at its provider until it ends by itself. Pure.

The provider is asked first what became of the payment: one that refuses may have ended, or taken, it before. Told once of each failure.
"""

from dataclasses import replace

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.payment import OperationKind


def with_failed_cancellation(payment: Payment) -> Payment:
    """`payment` with its last cancellation noted as failed for good, if it was and its money is promised still."""
    last = _last(payment)
    failed = last is not None and last.phase is Phase.FAILED and not last.resendable
    return replace(payment, uncancelled=last.id) if last and failed and payment.promised else payment


def _last(payment: Payment) -> Operation | None:
    return next((o for o in reversed(payment.operations) if o.kind is OperationKind.CANCEL), None)
