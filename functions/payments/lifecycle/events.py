"""Which event a payment's change is told by: authorized, captured, refunded, refund or cancellation failed, disputed, moved elsewhere."""

from collections.abc import Iterator
from itertools import chain

from functions.payments.lifecycle.disputes import taken_in_rounds
from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import DEAD, Payment
from monsoon_plugin.money import Amount
from monsoon_plugin.payment import OperationKind, State
from shared.ids import derived_id
from shared.messages import Message, PaymentAuthorized, PaymentCaptured, PaymentDisputed, PaymentRefunded, PaymentRefundFailed
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere


def event_of(before: Payment, after: Payment) -> Message | None:
    """The event of the change from `before` to `after`: of a refund, a dispute, money that came, was promised, is so no more, or is so
    still though it was to be given back; else None.

    A change brings at most one of them: refunds, disputes and what moved elsewhere are settled one by one, in changes of their own.
    """
    return next(chain(_of_refunds(before, after), _of_disputes(before, after), _of_money(before, after), _of_promise(before, after)), None)


def _of_refunds(before: Payment, after: Payment) -> Iterator[Message]:
    for known, refund in _ended_refunds(before, after):
        if refund.phase is Phase.SUCCEEDED:
            yield PaymentRefunded(**_common_fields(after, refund.amount), refund_id=refund.id)
        else:
            was_paid, reason = known is not None and known.phase is Phase.SUCCEEDED, f"{refund.message} {refund.code}".strip()
            yield PaymentRefundFailed(**_common_fields(after, refund.amount), refund_id=refund.id, reason=reason, was_paid=was_paid)
    told_by_themselves = {dispute.provider_ref for dispute in after.disputes}
    for moved in after.elsewhere:
        heard = before.known_elsewhere("refund", moved.ref)
        if moved.kind == "refund" and moved.failed != (heard is None or heard.failed) and moved.of not in told_by_themselves:
            yield _refund_elsewhere(after, moved)


def _of_disputes(before: Payment, after: Payment) -> Iterator[Message]:
    known = {(d.provider_ref, d.state, d.round) for d in before.disputes}
    for dispute in after.disputes:
        if (dispute.provider_ref, dispute.state, dispute.round) not in known and dispute.state != "warning":
            about = {"dispute_ref": dispute.provider_ref, "state": dispute.state, "reason": dispute.reason, "round": dispute.round,
                     "taken": taken_in_rounds(dispute)}  # fmt: skip
            yield PaymentDisputed.model_validate(_common_fields(after, dispute.amount.amount) | about)


def _of_money(before: Payment, after: Payment) -> Iterator[Message]:
    if after.captured < before.captured:
        yield _reversal(before, after)
    elif after.captured > before.captured:
        yield PaymentCaptured(**_common_fields(after, after.captured), provider_fee=after.fee)
    elif after.state is State.AUTHORIZED and before.state is not State.AUTHORIZED:
        yield PaymentAuthorized(**_common_fields(after, after.authorized))
    elif before.state is State.AUTHORIZED and after.state in DEAD:
        yield PaymentAuthorizationEnded.model_validate(_common_fields(after, after.authorized) | {"ended": after.state.value})


def _of_promise(before: Payment, after: Payment) -> Iterator[Message]:
    failed = after.operation(after.uncancelled) if after.uncancelled != before.uncancelled else None
    if failed:
        yield PaymentCancelFailed(**_common_fields(after, after.authorized), reason=f"{failed.message} {failed.code}".strip())


def _refund_elsewhere(after: Payment, moved: Elsewhere) -> Message:
    refund_id = derived_id("ref", after.id, moved.ref)
    if not moved.failed:
        fields = _common_fields(after, moved.amount) | {"captured": after.captured}
        return PaymentRefundedElsewhere.model_validate(fields | {"refund_id": refund_id, "provider_ref": moved.ref})
    reason = "the provider took it back"
    return PaymentRefundFailed(**_common_fields(after, moved.amount), refund_id=refund_id, reason=reason, was_paid=True)


def _reversal(before: Payment, after: Payment) -> Message:
    """The last of what moved elsewhere is why less is captured; with its operation, if it has one, the provider's reason."""
    moved = after.elsewhere[-1]
    reason = next((o.code for o in after.operations if o.kind is OperationKind.CAPTURE and moved.of == o.key(after.id)), "")
    about = {"captured": after.captured, "reversal_ref": moved.ref, "reason": reason}
    return PaymentCaptureReversed(**_common_fields(after, before.captured - after.captured), **about)


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
