"""Captures that a provider tells one by one: taken, failed after that, made again by itself. Pure.

What counts is a function of what was heard, not of its order: a capture counts unless it failed more often than it was made again, and
never for more than it was asked for. Where all of that has one reference, the provider's times tell the second failure from the first
repeated: it comes after the capture was made again. So news that a capture was made again move nothing by themselves: they make up for a
failure.
"""

from dataclasses import replace

from functions.payments.lifecycle.moves import Elsewhere, failures, made_again
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ELSEWHERE, Payment, after_reversal
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import AGAIN, Capability, CaptureView, State


def with_capture(payment: Payment, told: CaptureView) -> Payment:
    """`payment` after news of one capture, ours or not, that succeeded, failed, or was taken back after it had succeeded."""
    if told.amount.currency != payment.amount.currency or told.amount.amount > payment.amount.amount:
        return payment
    ref = told.provider_ref or told.op_key
    kind, repeats = ("capture", ref.endswith(AGAIN)) if told.state == "succeeded" else ("reversal", True)
    if payment.known_elsewhere(kind, ref, told.at if repeats else ""):
        return payment
    ours = next((o for o in payment.operations if told.op_key and o.key(payment.id) == told.op_key), None)
    if ours is not None:
        return _of_operation(payment, ours, told)
    return _of_nobody(payment, told) if ref and not _full(payment) else payment


def _of_operation(payment: Payment, ours: Operation, told: CaptureView) -> Payment:
    heard = _heard(payment, ours)
    named = ours if heard else replace(ours, amount=told.amount.amount)
    new: Elsewhere | None = None
    if told.state == "failed":
        new = Elsewhere(told.provider_ref or told.op_key, "reversal", told.amount.amount, of=told.op_key, at=told.at)
        first = named.phase is Phase.SUCCEEDED and not named.ref and not _told_of(payment, ours)
        named = replace(_ended(named, told), ref=told.provider_ref if first else named.ref)
    elif told.provider_ref.endswith(AGAIN) or named.ref not in ("", told.provider_ref):
        new = Elsewhere(told.provider_ref, "capture", told.amount.amount, of=told.op_key, at=told.at)
    else:
        named = replace(named, ref=told.provider_ref)
    if new and _full(payment) and heard:
        return payment
    if told.state == "succeeded" and not heard:
        named = named.succeeded()
    after = payment.with_operation(named)
    after = after if new is None or _full(payment) else replace(after, elsewhere=(*payment.elsewhere, new))
    return _moved(after, _counted(after, named) - _counted(payment, ours))


def _heard(payment: Payment, capture: Operation) -> bool:
    """Whether the provider has told what became of a capture of ours before."""
    return capture.phase is Phase.SUCCEEDED or capture.ref != "" or bool(_told_of(payment, capture))


def _counted(payment: Payment, capture: Operation) -> int:
    """What a capture of ours comes to."""
    if not _heard(payment, capture):
        return 0
    told = _told_of(payment, capture)
    failed = [e.amount for e in failures(told)]
    if not failed and capture.phase is Phase.FAILED:  # written before 2026-11-30: a failure heard first was not kept
        failed = [capture.amount]
    again = sum(e.amount for e in (*made_again(told), *(e for e in told if e.kind == "capture" and not e.again)))
    return min(max(capture.amount + again - sum(failed), 0), capture.amount)


def _told_of(payment: Payment, capture: Operation) -> list[Elsewhere]:
    """What was heard of a capture of ours after its first success; what was kept before 2026-11-30 names it by its reference alone."""
    key = capture.key(payment.id)
    moved = [e for e in payment.elsewhere if e.kind in ("capture", "reversal")]
    return [e for e in moved if e.of == key or (not e.of and capture.ref and e.ref.removesuffix(AGAIN) == capture.ref)]


def _ended(capture: Operation, told: CaptureView) -> Operation:
    """A capture of ours after the news that it failed; what had failed before keeps its reason."""
    if capture.phase is Phase.FAILED and not capture.resendable:
        return capture
    return capture.ended(PluginError(ErrorKind.DECLINED, "the provider could not do it", told.reason))


def _of_nobody(payment: Payment, told: CaptureView) -> Payment:
    """After news of a capture that no operation stands for: of the whole payment, captured at once, or made in the console."""
    ref, amount = told.provider_ref or told.op_key, told.amount.amount
    new = Elsewhere(ref, "capture" if told.state == "succeeded" else "reversal", amount, of=told.op_key, at=told.at)
    after = replace(payment, elsewhere=(*payment.elsewhere, new))
    back = payment.taken_back_of(told.op_key) - after.taken_back_of(told.op_key)
    if new.kind == "reversal" and back < 0 and not payment.captured:
        after = replace(payment, elsewhere=(*payment.elsewhere, replace(new, failed=True)))
    if new.kind == "reversal" or new.again:
        return _moved(after, back)
    took_nothing = any(e.failed for e in payment.elsewhere if (e.kind, e.ref) == ("reversal", ref))
    return _moved(after, 0 if took_nothing else amount)


def owed_of(payment: Payment, can: Capability) -> int:
    """What to capture of the authorized money: what is owed still, where the provider can take a part."""
    partly = can.partial_capture or can.captures == "on_delivery"
    return min(payment.authorized, payment.due) if partly and payment.due is not None else payment.authorized


def with_fall(payment: Payment, captured: int, version: int) -> Payment:
    """`payment` after a look-up, put while it stood at `version`, that finds less captured than one before."""
    if payment.version != version or captured >= payment.captured or _full(payment):
        return payment
    fall = Elsewhere(f"fall-{payment.version}", "fall", payment.captured - captured)
    return _moved(replace(payment, elsewhere=(*payment.elsewhere, fall)), captured - payment.captured)


def _moved(payment: Payment, by: int) -> Payment:
    """`payment` with so much more captured, or less; never more than the payment is of, never less than nothing."""
    captured = min(max(payment.captured + by, 0), max(payment.captured, payment.amount.amount))
    if by < 0:
        state = after_reversal(payment, captured) if payment.state is State.CAPTURED else payment.state
        return replace(payment, captured=captured, state=state)
    if by == 0:
        return payment
    return replace(
        payment,
        state=State.CAPTURED,
        captured=captured,
        authorized=max(payment.authorized, captured),
        late=payment.late or not payment.live,
        next_action=None,
    )


def _full(payment: Payment) -> bool:
    return len(payment.elsewhere) >= MOST_ELSEWHERE
