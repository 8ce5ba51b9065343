"""Which event a payment's change is told by: authorized, captured, refunded, refund failed, disputed."""

from collections.abc import Iterator

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.money import Amount
from monsoon_plugin.payment import OperationKind, State
from shared.messages import Message, PaymentAuthorized, PaymentCaptured, PaymentDisputed, PaymentRefunded, PaymentRefundFailed


def event_of(before: Payment, after: Payment) -> Message | None:
    """The event of the change from `before` to `after`: a refund paid or failed, a dispute, money captured, or promised; else None.

    A change brings at most one of them: refunds and disputes are settled one by one, in changes of their own.
    """
    for known, refund in _ended_refunds(before, after):
        if refund.phase is Phase.SUCCEEDED:
            return PaymentRefunded(**_common_fields(after, refund.amount), refund_id=refund.id)
        was_paid, reason = known is not None and known.phase is Phase.SUCCEEDED, f"{refund.message} {refund.code}".strip()
        return PaymentRefundFailed(**_common_fields(after, refund.amount), refund_id=refund.id, reason=reason, was_paid=was_paid)
    for dispute in after.disputes:
        if dispute not in before.disputes:
            about = {"dispute_ref": dispute.provider_ref, "state": dispute.state, "reason": dispute.reason}
            return PaymentDisputed.model_validate(_common_fields(after, dispute.amount.amount) | about)
    if after.captured > before.captured:
        return PaymentCaptured(**_common_fields(after, after.captured), provider_fee=after.fee)
    if after.state is State.AUTHORIZED and before.state is not State.AUTHORIZED:
        return PaymentAuthorized(**_common_fields(after, after.authorized))
    return None


def _ended_refunds(before: Payment, after: Payment) -> Iterator[tuple[Operation | None, Operation]]:
    """The refunds that are paid now, or have failed for good, and were not before; each with what it was before."""
    for refund in after.operations:
        known = before.operation(refund.id)
        ended = refund.phase is Phase.SUCCEEDED or (refund.phase is Phase.FAILED and not refund.resendable)
        if refund.kind is OperationKind.REFUND and ended and (known is None or known.phase is not refund.phase or known.resendable):
            yield known, refund


def _common_fields(payment: Payment, amount: int) -> dict[str, object]:
    account_id, _, storefront_id = payment.tenant.partition("#")
    return {
        "version": payment.version, "payment_id": payment.id, "order_id": payment.order_id, "storefront_id": storefront_id,
        "account_id": account_id, "plugin": payment.plugin, "amount": Amount(amount=amount, currency=payment.amount.currency),
        "test": bool(payment.test),
    }  # fmt: skip
