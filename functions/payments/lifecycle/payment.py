"""A payment: a pure state machine fed by what a provider says. `merge` moves it forward; what falls is news of its own (elsewhere.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from functions.payments.lifecycle.lookup_schedule import ends_after, first_lookup, later_lookup, promise_lookup
from functions.payments.lifecycle.moves import Elsewhere, failures, made_again
from functions.payments.lifecycle.operation import Operation, Phase
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Capability, DisputeView, OperationKind, PaymentView, State

MOST_ATTEMPTS = 20
"""An order has at most this many payments."""
MOST_TRIES = MappingProxyType({OperationKind.CONFIRM: 40, OperationKind.CAPTURE: 10, OperationKind.CANCEL: 10})
"""Of one payment, each by itself: a shopper who uses up the confirmations keeps nobody from taking the money, or giving it back."""
MOST_REFUNDS = 100
"""Of one payment; an order asks for fewer."""
MOST_DISPUTES = 10
"""Of one payment; what providers tell beyond is in their own books."""


MOST_ELSEWHERE = 60
"""Of one payment: what the provider did that we did not ask for; what it tells beyond is in its own books."""


PROGRESS = (State.CREATED, State.REQUIRES_ACTION, State.PENDING, State.AUTHORIZED, State.CAPTURED)
WAITING = frozenset({State.CREATED, State.REQUIRES_ACTION, State.PENDING})
DEAD = frozenset({State.CANCELED, State.EXPIRED, State.FAILED})
PROMISED = frozenset({State.AUTHORIZED, State.CAPTURED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    id: str
    tenant: str
    """`account#storefront`."""
    order_id: str
    attempt: int
    """1 for the order's first payment; a new one is made only when all before are dead, or `returned`."""
    installation_id: str
    plugin: str
    amount: Money
    created_at: str
    fingerprint: str
    online: bool
    """Whether a provider outside knows of it, and can be asked."""
    state: State = State.CREATED
    provider_ref: str = ""
    due: int | None = None
    """What the order owes still, minor units, if that has fallen since the payment was begun."""
    authorized: int = 0
    authorized_until: str = ""
    """Until when the money is promised, RFC 3339: as the provider told last, else as its plug-in declares; empty: nobody says."""
    captured: int = 0
    refunded: int = 0
    fee: int = 0
    next_action: Mapping[str, Any] | None = field(default=None, repr=False)
    operations: tuple[Operation, ...] = ()
    disputes: tuple[DisputeView, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    """What moved without our asking, in the order in which it was heard of."""
    late: bool = False
    """Money came after the payment had been given up: the order decides what becomes of it."""
    to_collect: bool = False
    """All that is left of the order is delivered, and nobody could say yet whether the courier has collected the money: the sweep asks."""
    told_less: bool = False
    """A notice said that less is captured than we hold, and the provider, asked then, could not be believed yet: the sweep asks."""
    uncancelled: str = ""
    """The cancellation that failed for good and was told of (reconciliation/cancellations.py); empty: none."""
    test: bool | None = None
    """Whether its installation was in test mode when it began: no real money moves. None: begun before this was kept."""
    next_lookup: str | None = None
    """When to ask the provider next, RFC 3339; None: nothing is awaited, nor promised. See lookup_schedule.py."""
    version: int = 0

    @property
    def live(self) -> bool:
        return self.state not in DEAD

    @property
    def returned(self) -> bool:
        """Whether all that was captured of it was taken back, and only a promise is left: the order may be paid anew beside it."""
        reversed_ = {e.of for e in self.elsewhere if e.kind == "reversal" and not e.failed} - self._unheard
        fallen = any(e.kind == "fall" for e in self.elsewhere)
        return self.state is State.AUTHORIZED and not self.captured and (fallen or bool(reversed_))

    @property
    def unsettled(self) -> tuple[Operation, ...]:
        """Operations whose outcome is not known."""
        return tuple(o for o in self.operations if not o.settled)

    @property
    def blocking(self) -> tuple[Operation, ...]:
        """The unsettled ones beside which nothing may be asked: all but refunds that the provider has taken on, or may have."""
        return tuple(o for o in self.unsettled if not o.counts_meanwhile)

    @property
    def resendable(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.operations if o.resendable)

    @property
    def given_up(self) -> bool:
        """Whether a cancellation waits for its provider."""
        return any(o.kind is OperationKind.CANCEL for o in self.resendable)

    @property
    def awaited(self) -> bool:
        """Whether the provider still owes a word."""
        return self.online and bool(self.state in WAITING or self.unsettled or self.resendable or self.to_collect or self.told_less)

    @property
    def promised(self) -> bool:
        """Whether a provider outside promises money that is not taken yet: that ends one day, whether it tells so or not."""
        return self.online and self.state is State.AUTHORIZED

    @property
    def taken_back(self) -> int:
        """What was captured, a notice said, and another notice took back; a failure whose success was not heard of took nothing."""
        return sum(map(self.taken_back_of, {e.of for e in self.elsewhere if e.kind == "reversal"} - self._unheard))

    @property
    def _unheard(self) -> set[str]:
        """The keys of captures of ours whose success was not heard of."""
        return {o.key(self.id) for o in self.operations if o.kind is OperationKind.CAPTURE and not o.ref}

    def taken_back_of(self, key: str) -> int:
        """The same of the captures that were told with one op_key, without what was made again."""
        told = [e for e in self.elsewhere if e.of == key]
        failed = sum(e.amount for e in failures(told)) - sum(e.amount for e in made_again(told))
        return min(max(failed, 0), self.amount.amount)

    def known_elsewhere(self, kind: str, ref: str, at: str = "") -> Elsewhere | None:
        """What was heard of it; `at`: of that moment, or of one that was not said."""
        return next((e for e in self.elsewhere if (e.kind, e.ref) == (kind, ref) and (not at or e.at in ("", at))), None)

    def operation(self, operation_id: str) -> Operation | None:
        return next((o for o in self.operations if o.id == operation_id), None)

    def with_operation(self, operation: Operation) -> "Payment":
        """`operation` as it now is, in its place or at the end."""
        if self.operation(operation.id) is None:
            return replace(self, operations=(*self.operations, operation))
        return replace(self, operations=tuple(operation if o.id == operation.id else o for o in self.operations))


def merge(payment: Payment, view: PaymentView) -> Payment:
    """`payment` with what `view` says. The same or older news change nothing; a success after death is recorded as late.

    The provider's reference may be completed (Adyen: the link, later the payment made through it), never replaced.
    """
    captured = max(payment.captured, view.captured - payment.taken_back)
    # Older news of what has been taken back since bring nothing to life.
    again = payment.taken_back > 0 and captured == payment.captured
    revived = not again and payment.state in DEAD and view.state in PROMISED
    state = view.state if revived else _further(payment.state, view.state)
    return replace(
        payment,
        state=after_reversal(payment, captured) if again and state is State.CAPTURED else state,
        late=payment.late or revived,
        provider_ref=view.provider_ref if view.provider_ref.startswith(payment.provider_ref) else payment.provider_ref,
        authorized=max(payment.authorized, view.authorized),
        authorized_until=view.authorized_until or payment.authorized_until,
        captured=captured,
        refunded=max(payment.refunded, view.refunded),
        fee=max(payment.fee, view.fee),
        next_action=(view.next_action or payment.next_action) if state in WAITING else None,
    )


def with_term(view: PaymentView, payment: Payment, days: int | None, now: datetime) -> PaymentView:
    """`view` with when its promise ends: as it says itself, else, of one that is heard of first, `days` from now (None: nobody says)."""
    known = view.authorized_until or payment.authorized_until
    if known or days is None or view.state is not State.AUTHORIZED:
        return view
    return replace(view, authorized_until=ends_after(days, now))


def after_reversal(payment: Payment, captured: int) -> State:
    """The state of a payment of which so much is captured still after some was taken back; what was captured by hand may be again."""
    by_hand = any(o.kind is OperationKind.CAPTURE for o in payment.operations)
    return State.CAPTURED if captured else State.AUTHORIZED if by_hand else State.FAILED


def _further(now: State, told: State) -> State:
    if now in DEAD or now is State.CAPTURED:
        return now
    if told in DEAD:
        # An authorization ends by being cancelled or by expiring; a failure told after it is an older try's.
        return now if now is State.AUTHORIZED and told is State.FAILED else told
    return max(now, told, key=PROGRESS.index)


def with_outcomes(payment: Payment, view: PaymentView | None, now: datetime, can: Capability) -> Payment:
    """`payment` after the provider was asked: its view merged, and each operation whose outcome was not known settled where it tells.

    None: the provider does not know the payment. What may still arrive (GRACE) stays unsettled, and what nobody can tell (`can`).
    """
    if view is None:
        return _never_started(payment, now, can)
    merged = merge(payment, view)
    for operation in payment.unsettled:
        if operation.kind is not OperationKind.REFUND:
            merged = _with_outcome(merged, operation, view, operation.after_lookup(now, can))
    return merged


def _with_outcome(payment: Payment, operation: Operation, view: PaymentView, untold: Operation) -> Payment:
    """`payment`, into which `view` is merged, with an operation settled if that tells of it, else as `untold`."""
    refusal = view.failed.get(operation.key(payment.id))
    if refusal is not None:
        return payment.with_operation(operation.ended(PluginError(ErrorKind.DECLINED, "the provider could not do it", refusal)))
    if _done(operation, payment):
        return payment.with_operation(operation.succeeded())
    return payment.with_operation(untold)


def with_failure(payment: Payment, operation: Operation) -> Payment:
    """`payment` with an operation that failed, or may have; a payment whose start failed is dead."""
    after = payment.with_operation(operation)
    dead = operation.kind is OperationKind.START and operation.phase is Phase.FAILED and payment.state is State.CREATED
    return replace(after, state=State.FAILED) if dead else after


def with_ended(payment: Payment, operation: Operation, why: PluginError) -> Payment:
    """`payment` with an operation that is not sent, and why; one that has been sent, or has been told of, meanwhile stays as it is."""
    known = payment.operation(operation.id)
    return payment.with_operation(operation.not_sent(why)) if known in (None, operation) else payment


def _never_started(payment: Payment, now: datetime, can: Capability) -> Payment:
    """A provider that has told of this payment's money and knows nothing of it now is asked in other books, by the keys of another
    account say: its silence does not mean that a request never arrived.
    """
    if payment.state in PROMISED:
        can = can.model_copy(update={"lookup": False, "native_idempotency": False})
    for operation in payment.unsettled:
        payment = with_failure(payment, operation.after_lookup(now, can))
    return payment


def _done(operation: Operation, payment: Payment) -> bool:
    match operation.kind:
        case OperationKind.START:
            return payment.provider_ref != ""
        case OperationKind.CAPTURE:
            return payment.captured >= operation.amount
        case OperationKind.CANCEL:
            return payment.state is State.CANCELED
        case _:
            return payment.state in PROMISED or payment.state is State.PENDING


def with_first_lookup(payment: Payment, before: Payment, now: datetime) -> Payment:
    """`payment`, changed from `before`, with the time when to ask its provider next.

    A time once set stays while the same is awaited, for moving it costs two writes.
    """
    if not (payment.awaited or payment.promised):
        return replace(payment, next_lookup=None)
    if payment.next_lookup and payment.awaited is before.awaited:
        return payment
    return replace(payment, next_lookup=first_lookup(now) if payment.awaited else _promise_lookup(payment, now))


def _promise_lookup(payment: Payment, now: datetime, *, looked_up: bool = False) -> str:
    """When to look at a promise: when it should have ended, or as soon as no lost try of a failed capture or cancellation can come."""
    ends = promise_lookup(payment.created_at, payment.authorized_until, now if looked_up else None)
    failed = (o.may_come_until(now) for o in payment.operations if o.phase is Phase.FAILED)
    return min([ends, *(rfc3339(until) for until in failed if until)])


def with_later_lookup(payment: Payment, now: datetime) -> Payment:
    """`payment`, if it is still awaited or promised, to be asked for again after as long as it has waited, or is over its time."""
    if not payment.awaited:
        return replace(payment, next_lookup=_promise_lookup(payment, now, looked_up=True)) if payment.promised else payment
    tries = min((o.tries for o in payment.resendable), default=None)
    return replace(payment, next_lookup=later_lookup(payment.created_at, now, tries))
