"""An owner's word on what became of an operation where the provider never told: what its console shows. Pure.

It counts as if the provider had said it: once, for the amount that was asked for, and no further than the payment's own bounds. The
provider's own later word on it is the same news; one that says otherwise wins, as it does over any of its words.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from functions.payments.lifecycle.captures import with_capture
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment, merge
from functions.payments.lifecycle.refunds import refundable, with_refund_view
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Capability, CaptureView, OperationKind, PaymentView, RefundView, State
from shared.errors import Conflict, Invalid, NotFound

PATIENCE = timedelta(days=7)
"""What a provider has taken on it may tell of for so long; then its owner may say what became of it."""
MOVES_MONEY = frozenset({OperationKind.CAPTURE, OperationKind.REFUND})
NOT_DONE = PluginError(ErrorKind.DECLINED, "not done: so says the owner, who looked in the provider's console", "owner_says")

Told = TypeVar("Told", RefundView, CaptureView)


@dataclass(frozen=True, slots=True)
class Word:
    """What the provider's console shows."""

    done: bool
    amount: int | None
    """Minor units; None: not said."""
    reference: str
    """What the console calls it; empty: not said."""
    by: str
    """Whose word it is: an account's id."""

    @property
    def text(self) -> str:
        """As it is kept, and compared with the same word said again."""
        return " ".join(("done" if self.done else "not_done", str(self.amount or ""), self.reference)).strip()


class StillAwaited(Conflict):
    code, title = "still-awaited", "The provider may still tell what became of this: nobody else can say it yet"


class OutcomeKnown(Conflict):
    code, title = "outcome-known", "What became of this is known, and it is not what you say: read the payment"


def with_word(payment: Payment, operation_id: str, word: Word, now: datetime, can: Capability) -> Payment:
    """`payment` with the operation settled as its owner says; the same word again changes nothing.

    Raises NotFound, StillAwaited, OutcomeKnown, and Invalid naming what in the word cannot be.
    """
    operation = payment.operation(operation_id)
    if operation is None:
        raise NotFound("this payment has no such operation")
    if operation.said == word.text:
        return payment
    if operation.settled:
        raise OutcomeKnown
    if not may_be_said(operation, now, can):
        raise StillAwaited
    said = replace(operation, said=word.text, said_by=word.by, said_at=rfc3339(now))
    noted = payment.with_operation(said)
    return _done(noted, said, word, can) if word.done else noted.with_operation(said.ended(NOT_DONE))


def with_named_keys(payment: Payment, view: PaymentView) -> PaymentView:
    """`view` with our keys on what it tells without one and an owner has named as what became of ours: it is the same money.

    The reference is not kept as the provider's: one that was mistyped would make the provider's own word another refund.
    """
    keys = {o.said.split(" ", 2)[-1]: o.key(payment.id) for o in payment.operations if o.kind in MOVES_MONEY and o.said.startswith("done ")}

    def named(told: Told) -> Told:
        return told if told.op_key else replace(told, op_key=keys.get(told.provider_ref, ""))

    return replace(view, refunds=tuple(map(named, view.refunds)), captures=tuple(map(named, view.captures))) if keys else view


def may_be_said(operation: Operation, now: datetime, can: Capability) -> bool:
    """Whether nobody but the owner will tell what became of it: no question does, and no notice has come for long."""
    taken_on = operation.phase is Phase.ACCEPTED and not can.lookup and now >= from_rfc3339(operation.at) + PATIENCE
    return operation.untold or taken_on


def _done(payment: Payment, operation: Operation, word: Word, can: Capability) -> Payment:
    _check(payment, operation, word)
    key, amount = operation.key(payment.id), Money(operation.amount, payment.amount.currency)
    match operation.kind:
        case OperationKind.REFUND:
            return with_refund_view(payment, operation, RefundView(key, amount, "succeeded"))
        case OperationKind.CAPTURE:
            return with_capture(payment, CaptureView(key, amount))
        case OperationKind.CANCEL:
            view = PaymentView(provider_ref=payment.provider_ref, state=State.CANCELED, amount=payment.amount)
        case _:
            view = _confirmed(payment, can)
    return merge(payment, view).with_operation(operation.succeeded())


def _confirmed(payment: Payment, can: Capability) -> PaymentView:
    whole, promised = payment.amount.amount, can.captures in ("by_hand", "on_delivery")
    state, captured = (State.AUTHORIZED, 0) if promised else (State.CAPTURED, whole)
    return PaymentView(provider_ref=payment.provider_ref, state=state, amount=payment.amount, authorized=whole, captured=captured)


def _check(payment: Payment, operation: Operation, word: Word) -> None:
    """Hold the word to what was asked for, and to what the payment can bear. Raises Invalid, OutcomeKnown."""
    moves = operation.kind in MOVES_MONEY
    if word.amount != operation.amount and (moves or word.amount is not None):
        asked = f"the hub asked for {operation.amount}: if the console shows another amount, this was not done"
        raise Invalid.field("/amount", f"{asked}; what was done there by hand the hub hears of by the provider's notice")
    if moves and not word.reference:
        raise Invalid.field("/reference", "name what the provider's console calls it, so that it can be found there")
    if any(word.reference == moved.ref for moved in payment.elsewhere) and moves:
        raise Invalid.field("/reference", "this one is known, and counted by itself: look for the one that the hub asked for")
    if any(word.reference == o.ref for o in payment.operations if o.id != operation.id and moves):
        raise Invalid.field("/reference", "this one belongs to another operation of this payment")
    if operation.kind is OperationKind.REFUND and refundable(payment) < 0:
        raise Invalid.field("/done", "more would be paid back than was captured")
    if operation.kind is OperationKind.CAPTURE and payment.captured + operation.amount > payment.amount.amount:
        raise Invalid.field("/done", "more would be captured than the payment is of")
    if operation.kind is OperationKind.CANCEL and payment.captured:
        raise Invalid.field("/done", "a payment whose money was taken is not cancelled: refund it")
