"""Asking providers what became of payments: where a reply was lost, a notice came, or a shopper went away.

When an unknown payment is looked up again is in lifecycle/lookup_schedule.py.
"""

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import takewhile

from functions.payments.lifecycle.captures import owed_of, with_capture, with_fall
from functions.payments.lifecycle.disputes import is_crowded_out, with_dispute, with_dispute_looked_up
from functions.payments.lifecycle.elsewhere import refunds_elsewhere, with_refund_elsewhere, without_total_of_named
from functions.payments.lifecycle.lookup_schedule import made_since, may_still_arrive
from functions.payments.lifecycle.operation import OWED_LESS, Operation
from functions.payments.lifecycle.payment import Payment, with_ended, with_later_lookup, with_outcomes
from functions.payments.lifecycle.refund_news import by_turns, own_refunds, with_made_good, with_told_refund, with_word
from functions.payments.lifecycle.refunds import EXCEEDS, refundable, refunds_to_resolve, with_refund_outcome
from functions.payments.operation_runner import OperationRunner, Unsupported, amendment_call, next_operation
from functions.payments.reconciliation.cancellations import with_failed_cancellation
from functions.payments.reconciliation.owners_word import with_named_keys
from functions.payments.reconciliation.settled_by_refund import settled_dispute, without_refunded
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Capability, DisputeView, OperationKind, PaymentView, RefundView, State
from shared.api.trace import where
from shared.errors import Conflict, Problem, Unavailable
from shared.iteration import sweep_each

ASKED_AGAIN = 3
"""A look-up is put so often where others change the payment beside it."""
SPARE = timedelta(seconds=10)
"""With less time left than this a sweep asks for no other payment: a provider that is not well takes long."""
TOO_LATE = PluginError(ErrorKind.CONFLICT, "the payment has ended, is given up, or its money has been taken")
logger = logging.getLogger(__name__)


def reconcile(runner: OperationRunner, payment: Payment, also: Sequence[str] = ()) -> Payment:
    """`payment` after its provider was asked, and after what failed for a while only was sent again, with the same key.

    `also`: what names refunds of it that may not be ours (WebhookResult.refunds). Where there is nobody to ask it is answered as it
    is. Raises Unavailable if the provider cannot be asked now.
    """
    if not payment.online:
        return payment
    payment, _ = _settle(runner, payment, also)
    payment = _collect_as_noted(runner, payment)
    return _note_promise_left(runner, _send_all_again(runner, payment))


def reconcile_on_notice(runner: OperationRunner, payment: Payment, also: Sequence[str] = ()) -> Payment:
    """The same after a notice. Raises Unavailable, too, where the provider holds less than was captured and that cannot be believed yet:
    it is asked again when the notice is repeated, or by the sweep.
    """
    if not payment.online:
        return payment
    payment, view = _settle(runner, payment, also)
    payment = _collect_as_noted(runner, payment)
    payment = _note_promise_left(runner, _send_all_again(runner, payment))
    if view is not None and _tells_less(runner, payment, view):
        runner.update(payment, lambda p: replace(p, told_less=True))
        raise Unavailable("the provider holds less than was captured: it is asked again when nothing is under way any more")
    return payment


def _settle(runner: OperationRunner, payment: Payment, also: Sequence[str]) -> tuple[Payment, PaymentView | None]:
    """`payment` with what its provider, asked now, tells of what was open and what moved there."""
    payment, view = _look_up(runner, payment, also)
    now, can = runner.clock(), _capability(runner, payment)
    heard = view and with_named_keys(payment, view)
    payment = runner.update(payment, lambda p: with_outcomes(p, heard and without_total_of_named(p, heard), now, can))
    if view is not None:
        payment = record_movements(runner, payment, view, looked_up=True)
    if _has_fallen(runner, payment, view):  # what was open when it was asked is settled by now
        payment, view = _look_up(runner, payment, also)
    if payment.told_less and view is not None and not _tells_less(runner, payment, view):
        payment = runner.update(payment, lambda p: replace(p, told_less=False))
    return payment, view


def _collect_as_noted(runner: OperationRunner, payment: Payment) -> Payment:
    """Of one whose order was delivered while nobody could be asked: what its courier has collected is to be captured now."""
    if not payment.to_collect:
        return payment
    return runner.update(payment, partial(_with_collection, can=_capability(runner, payment)))


def _with_collection(payment: Payment, can: Capability) -> Payment:
    """`payment`, all delivered, with a capture that waits if it is paid at the door; what is open beside that is settled first."""
    collected = can.captures == "on_delivery" and payment.state is State.AUTHORIZED and not payment.given_up
    if collected and payment.blocking:
        return payment
    after = replace(payment, to_collect=False)
    if not collected or any(o.kind is OperationKind.CAPTURE for o in payment.resendable):
        return after
    return after.with_operation(next_operation(after, OperationKind.CAPTURE, owed_of(after, can)).waiting("all was delivered meanwhile"))


def _note_promise_left(runner: OperationRunner, payment: Payment) -> Payment:
    """Tell, once, that what is promised stands though it was to be given back."""
    return payment if with_failed_cancellation(payment) == payment else runner.update(payment, with_failed_cancellation)


def _send_all_again(runner: OperationRunner, payment: Payment) -> Payment:
    for operation in payment.resendable:
        payment = _send_again(runner, payment, operation)
    return payment


def _send_again(runner: OperationRunner, payment: Payment, operation: Operation) -> Payment:
    """Send what failed for a while only, if nothing is open beside it; what makes no sense any more, or cannot be done, ends."""
    if payment.blocking:
        return payment
    if overtaken := _overtaken(payment, operation):
        return runner.update(payment, lambda p: with_ended(p, operation, overtaken))
    can = _capability(runner, payment)
    if operation.kind is OperationKind.CAPTURE and payment.due is not None and owed_of(payment, can) < operation.amount:
        payment = runner.update(payment, partial(_with_less_captured, operation=operation, can=can))
        less = next((o for o in payment.resendable if o.kind is OperationKind.CAPTURE and o.id != operation.id), None)
        return _send_again(runner, payment, less) if less else payment
    try:
        return runner.run(payment, operation, amendment_call(payment))
    except Unsupported as problem:
        why = PluginError(ErrorKind.UNSUPPORTED, problem.detail)
        return runner.update(payment, lambda p: with_ended(p, operation, why))


def _overtaken(payment: Payment, operation: Operation) -> PluginError | None:
    """Why what was written down makes no sense any more: of a capture and a cancellation that wait the cancellation is done, and no
    capture beside another that has taken the money meanwhile.
    """
    if operation.kind is OperationKind.REFUND:
        return EXCEEDS if refundable(payment) < 0 else None
    given_up = operation.kind is OperationKind.CAPTURE and payment.given_up
    return TOO_LATE if given_up or not payment.live or payment.state is State.CAPTURED else None


def _with_less_captured(payment: Payment, operation: Operation, can: Capability) -> Payment:
    """`payment` with a capture of what is owed still in the place of one that waits and asks for more: a key never changes its amount."""
    ended, owed = with_ended(payment, operation, OWED_LESS), owed_of(payment, can)
    if ended == payment or not owed:
        return ended
    return ended.with_operation(next_operation(ended, OperationKind.CAPTURE, owed).waiting(OWED_LESS.message))


def record_movements(runner: OperationRunner, payment: Payment, view: PaymentView, *, looked_up: bool = False) -> Payment:
    """Write what `view` tells of captures, refunds and disputes, each in a change, and with an event, of its own.

    `looked_up`: it is the provider's answer of now, not a notice of whenever.
    """
    view = with_named_keys(payment, view)
    for capture in view.captures:
        payment = runner.update(payment, partial(with_capture, told=capture))
    payment = _find_refunds(runner, payment, view) if looked_up else _hear_refunds(runner, payment, view)
    for dispute in view.disputes:
        heard = partial(_with_dispute, told=dispute, can=_capability(runner, payment), looked_up=looked_up)
        payment = runner.update(payment, heard)
        if is_crowded_out(payment, dispute):
            logger.error(
                "integrity: payment %s has too many disputes, %s is not booked: %s", payment.id, dispute.provider_ref, dispute.amount
            )
    return payment


def _find_refunds(runner: OperationRunner, payment: Payment, view: PaymentView) -> Payment:
    for refund in refunds_to_resolve(payment, view):
        untold = refund.after_lookup(runner.clock(), _capability(runner, payment))
        payment = runner.update(payment, partial(with_refund_outcome, operation=refund, view=view, untold=untold))
    for elsewhere in refunds_elsewhere(payment, view):
        payment = runner.update(payment, partial(_with_refund_elsewhere, refund=elsewhere, view=view, can=_capability(runner, payment)))
    return payment


def _with_refund_elsewhere(payment: Payment, refund: RefundView, view: PaymentView, can: Capability) -> Payment:
    """`payment`, as it now stands, with a refund that is not ours: one of ours may have been sent since the payment was read."""
    if all(news.provider_ref != refund.provider_ref for news in refunds_elsewhere(payment, view)):
        return payment
    return with_refund_elsewhere(payment, refund, settled_dispute(payment, refund) if can.disputes_are_refunds else "")


def _with_dispute(payment: Payment, told: DisputeView, can: Capability, *, looked_up: bool) -> Payment:
    payment, told = without_refunded(payment, told) if can.disputes_are_refunds else (payment, told)
    return with_dispute_looked_up(payment, told) if looked_up else with_dispute(payment, told)


def _hear_refunds(runner: OperationRunner, payment: Payment, view: PaymentView) -> Payment:
    for heard in view.refunds:
        payment = runner.update(payment, partial(with_word, told=heard))
        for told in by_turns(payment, heard):
            payment = runner.update(payment, partial(with_made_good, told=told))
            own = own_refunds(payment, replace(view, refunds=(told,)))
            for refund in refunds_to_resolve(payment, own):
                payment = runner.update(payment, partial(with_refund_outcome, operation=refund, view=own, untold=refund))
            payment = runner.update(payment, partial(with_told_refund, refund=told))
    return payment


def _look_up(runner: OperationRunner, payment: Payment, also: Sequence[str]) -> tuple[Payment, PaymentView | None]:
    """Ask the provider: the payment, and what the provider holds. Less captured than we hold is written, of the payment as it now stands.

    A question that was put before we captured is answered by what was so before: it is put again, until nothing changed beside it.
    """
    view = _fetch(runner, payment, also)
    for _ in range(ASKED_AGAIN):
        if not _has_fallen(runner, payment, view):
            break
        stands = runner.store.reread(payment)
        if view is not None and stands.version == payment.version:
            return runner.update(stands, partial(with_fall, captured=view.captured, version=stands.version)), view
        payment, view = stands, _fetch(runner, stands, also)
    return payment, view


def _has_fallen(runner: OperationRunner, payment: Payment, view: PaymentView | None) -> bool:
    """Whether the provider holds less than we do, and nothing is under way."""
    under_way = [o for o in payment.unsettled if not o.doubted]
    if view is None or under_way or not _tells_less(runner, payment, view):
        return False
    return not any(o.at and may_still_arrive(o.at, runner.clock()) for o in payment.operations if o.kind is not OperationKind.REFUND)


def _tells_less(runner: OperationRunner, payment: Payment, view: PaymentView) -> bool:
    """Whether the provider, which tells everything when it is asked, tells of less captured than we hold."""
    if view.captures or view.captured >= payment.captured:
        return False
    return _capability(runner, payment).lookup


def _capability(runner: OperationRunner, payment: Payment) -> Capability:
    return runner.capability(runner.plugins.get(payment.tenant, payment.installation_id))


def _fetch(runner: OperationRunner, payment: Payment, also: Sequence[str]) -> PaymentView | None:
    """Ask the provider for the payment. Raises Unavailable where it cannot be asked, does not answer, or holds another amount."""
    installation = runner.plugins.get(payment.tenant, payment.installation_id)
    runner.require_mode(payment, installation)
    awaited = [o.key(payment.id) for o in payment.operations if o.kind is OperationKind.REFUND and (not o.settled or o.resendable)]
    named = [*awaited, *(name for name in also if name not in awaited)]
    if not runner.plugins.allow_call(installation):
        raise Unavailable("the payment provider does not answer at present")
    plugin, since = runner.plugins.plugin(installation), made_since(payment.created_at)
    try:
        view = plugin.fetch(runner.context(installation), payment.id, payment.provider_ref, since, named)
        view = view and runner.understood(payment, installation, view)
        if view is not None and view.amount != payment.amount:
            logger.error("integrity: payment %s is of %s, its provider holds %s", payment.id, payment.amount, view.amount)
            raise PluginError(ErrorKind.PROTOCOL, f"{payment.amount} was asked for, the provider holds {view.amount}")
    except PluginError as error:
        runner.plugins.record_outcome(installation, error)
        raise Unavailable(f"the payment provider cannot say what became of it: {error.message}") from error
    runner.plugins.record_outcome(installation, None)
    return view


def reconcile_due(runner: OperationRunner, due: Iterable[Payment]) -> int:
    """Reconcile each payment that is due, and put off those that are awaited or promised still. Answers how many are settled.

    What there is no time for stays due. Raises as `sweep_each` does; a provider that cannot be asked now is no failure.
    """
    in_time = takewhile(lambda _: runner.time_left() >= SPARE, due)
    return sum(sweep_each(in_time, partial(_reconcile_or_put_off, runner), "payments", partial(_put_off_failed, runner)))


def _reconcile_or_put_off(runner: OperationRunner, payment: Payment) -> bool:
    """Whether `payment` is settled now."""
    try:
        now_known = reconcile(runner, payment)
    except Problem as problem:
        logger.warning("payment %s cannot be settled yet: %s", payment.id, problem)
        now_known = runner.store.reread(payment)
    _put_off(runner, now_known)
    return not now_known.awaited


def _put_off_failed(runner: OperationRunner, payment: Payment, failure: Exception) -> None:
    logger.error("payment %s cannot be settled: %s", payment.id, where(failure))
    _put_off(runner, runner.store.reread(payment))


def _put_off(runner: OperationRunner, payment: Payment) -> None:
    """Let a payment, as it is now, be asked for again later, if anything of it is awaited or promised still; one that others change all
    the while stays due.
    """
    for operation in payment.unsettled:
        if operation.untold:
            logger.error("payment %s: nobody can tell whether %s was done: look at the provider", payment.id, operation.id)
    if payment.awaited or payment.promised:
        with suppress(Conflict):
            runner.update(payment, lambda p: with_later_lookup(p, runner.clock()))
