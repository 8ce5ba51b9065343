"""What moves at the provider without our asking: refunds made in its console, captures taken back or made there. Pure.

The provider's books win. Each movement has a reference of the provider's, by which it counts once, however often and in whatever order
it is told; amounts fall as well as rise.
"""

from dataclasses import replace

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ELSEWHERE, Elsewhere, Payment, after_reversal
from functions.payments.lifecycle.refunds import counted_refunds, own_refund
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import CaptureView, OperationKind, PaymentView, RefundView, State


def refunds_elsewhere(payment: Payment, view: PaymentView) -> list[RefundView]:
    """The refunds of `view` that none of our operations stands for and that are news, each with its `provider_ref`.

    That is what was made in the console, what the provider paid a second time for one key, and what it paid after we had been told, and
    had told, that it failed.
    """
    ours = [o for o in payment.operations if o.kind is OperationKind.REFUND and (o.phase is not Phase.FAILED or o.resendable)]
    own = [own_refund(payment, o, view) for o in ours]
    others = (replace(r, provider_ref=r.provider_ref or r.op_key) for r in view.refunds if not any(r is one for one in own))
    return [refund for refund in others if refund.provider_ref and _is_news(payment, refund)]


def _is_news(payment: Payment, refund: RefundView) -> bool:
    known = payment.known_elsewhere("refund", refund.provider_ref)
    if known is None:
        fits = refund.amount.currency == payment.amount.currency and 0 < refund.amount.amount <= payment.amount.amount
        return refund.state == "succeeded" and fits and len(payment.elsewhere) < MOST_ELSEWHERE
    return refund.state == "failed" and not known.failed


def with_refund_elsewhere(payment: Payment, refund: RefundView) -> Payment:
    """`payment` with a refund that is not ours, or without its money after it came back."""
    if not _is_news(payment, refund):
        return payment
    known = payment.known_elsewhere("refund", refund.provider_ref)
    new = Elsewhere(refund.provider_ref, "refund", refund.amount.amount if known is None else known.amount, refund.state == "failed")
    after = replace(payment, elsewhere=(*(e for e in payment.elsewhere if e is not known), new))
    before = payment.refunded - (new.amount if new.failed else 0)
    return replace(after, refunded=max(before, counted_refunds(after)))


def with_capture(payment: Payment, told: CaptureView) -> Payment:
    """`payment` after news of one capture, ours or not, that succeeded, failed, or was taken back after it had succeeded."""
    if told.amount.currency != payment.amount.currency or told.amount.amount > payment.amount.amount:
        return payment
    ours = next((o for o in payment.operations if told.op_key and o.key(payment.id) == told.op_key), None)
    return _with_success(payment, ours, told) if told.state == "succeeded" else _with_failure(payment, ours, told)


def _with_success(payment: Payment, ours: Operation | None, told: CaptureView) -> Payment:
    """A capture counts once: by its operation, or by its reference if none stands for it or that one ended by another reference."""
    if ours is not None and ours.phase is Phase.SUCCEEDED:
        return payment
    if ours is not None and (ours.phase is not Phase.FAILED or ours.resendable):
        return _taken(payment.with_operation(replace(ours.succeeded(), ref=told.provider_ref)), told)
    older = ours is not None and ours.ref == told.provider_ref
    if older or not told.provider_ref or _full(payment) or payment.known_elsewhere("capture", told.provider_ref):
        return payment
    new = Elsewhere(told.provider_ref, "capture", told.amount.amount)
    return _taken(replace(payment, elsewhere=(*payment.elsewhere, new)), told)


def _taken(payment: Payment, told: CaptureView) -> Payment:
    return replace(
        payment,
        state=State.CAPTURED,
        captured=payment.captured + told.amount.amount,
        authorized=max(payment.authorized, payment.captured + told.amount.amount),
        late=payment.late or not payment.live,
        next_action=None,
    )


def _with_failure(payment: Payment, ours: Operation | None, told: CaptureView) -> Payment:
    if ours is not None and ours.phase is not Phase.SUCCEEDED:
        return payment if ours.settled and not ours.resendable else payment.with_operation(_ended(ours, told))
    ref = told.provider_ref or told.op_key
    if not ref or _full(payment) or payment.known_elsewhere("reversal", ref):
        return payment
    after = payment.with_operation(_ended(ours, told)) if ours is not None else payment
    return _fallen(after, Elsewhere(ref, "reversal", told.amount.amount))


def with_fall(payment: Payment, captured: int, version: int) -> Payment:
    """`payment` after a look-up, put while it stood at `version`, that finds less captured than one before."""
    if payment.version != version or captured >= payment.captured or _full(payment):
        return payment
    return _fallen(payment, Elsewhere(f"fall-{payment.version}", "fall", payment.captured - captured))


def _fallen(payment: Payment, new: Elsewhere) -> Payment:
    left = max(payment.captured - new.amount, 0)
    state = after_reversal(payment, left) if payment.state is State.CAPTURED else payment.state
    return replace(payment, elsewhere=(*payment.elsewhere, new), captured=left, state=state)


def _ended(operation: Operation, told: CaptureView) -> Operation:
    refusal = PluginError(ErrorKind.DECLINED, "the provider could not do it", told.reason)
    return replace(operation.ended(refusal), ref=told.provider_ref)


def _full(payment: Payment) -> bool:
    return len(payment.elsewhere) >= MOST_ELSEWHERE
