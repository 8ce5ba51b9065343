"""Asking providers what became of payments: where a reply was lost, a notice came, or a shopper went away.

When an unknown payment is looked up again is in lifecycle/lookup_schedule.py.
"""

import logging
from collections.abc import Iterable
from functools import partial

from functions.payments.lifecycle.disputes import changed_disputes, with_dispute
from functions.payments.lifecycle.lookup_schedule import made_since
from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import Payment, with_later_lookup, with_outcomes
from functions.payments.lifecycle.provider_words import sound_view
from functions.payments.lifecycle.refunds import EXCEEDS, refundable, refunds_to_resolve, with_refund_outcome
from functions.payments.operation_runner import OperationRunner, amendment_call
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import OperationKind, PaymentView, State
from shared.api.trace import where
from shared.errors import Problem, Unavailable

TOO_LATE = PluginError(ErrorKind.CONFLICT, "the payment has ended, or its money has been taken")
logger = logging.getLogger(__name__)


def reconcile(runner: OperationRunner, payment: Payment) -> Payment:
    """`payment` after its provider was asked, and after what failed for a while only was sent again, with the same key.

    Where there is nobody to ask it is answered as it is. Raises Unavailable if the provider cannot be asked now.
    """
    if not payment.online:
        return payment
    view, now = _fetch(runner, payment), runner.clock()
    payment = runner.update(payment, lambda p: with_outcomes(p, view, now))
    if view is not None:
        payment = record_refunds_and_disputes(runner, payment, view)
    for operation in payment.resendable:
        payment = _sent_again(runner, payment, operation)
    return payment


def _sent_again(runner: OperationRunner, payment: Payment, operation: Operation) -> Payment:
    """`payment` after what failed for a while only was sent again, if nothing is open beside it and it still makes sense."""
    if payment.blocking:
        return payment
    if operation.kind is OperationKind.REFUND and refundable(payment) < 0:
        return runner.update(payment, lambda p: p.with_operation(operation.ended(EXCEEDS)))
    if operation.kind is OperationKind.CANCEL and (not payment.live or payment.state is State.CAPTURED):
        return runner.update(payment, lambda p: p.with_operation(operation.ended(TOO_LATE)))
    return runner.run(payment, operation, amendment_call(payment))


def record_refunds_and_disputes(runner: OperationRunner, payment: Payment, view: PaymentView) -> Payment:
    """Write what `view` tells of refunds and disputes, each in a change, and with an event, of its own."""
    now = runner.clock()
    for refund in refunds_to_resolve(payment, view):
        payment = runner.update(payment, partial(with_refund_outcome, operation=refund, view=view, now=now))
    for dispute in changed_disputes(payment, view):
        payment = runner.update(payment, partial(with_dispute, told=dispute))
    return payment


def _fetch(runner: OperationRunner, payment: Payment) -> PaymentView | None:
    """Ask the provider for the payment. Raises Unavailable where it cannot be asked, does not answer, or holds another amount."""
    installation = runner.plugins.get(payment.tenant, payment.installation_id)
    awaited = [o.key(payment.id) for o in payment.operations if o.kind is OperationKind.REFUND and not o.settled]
    if not runner.plugins.allow_call(installation):
        raise Unavailable("the payment provider does not answer at present")
    plugin, since = runner.plugins.plugin(installation), made_since(payment.created_at)
    try:
        view = plugin.fetch(runner.context(installation), payment.id, payment.provider_ref, since, awaited)
        view = view and sound_view(view)
        if view is not None and view.amount != payment.amount:
            logger.error("integrity: payment %s is of %s, its provider holds %s", payment.id, payment.amount, view.amount)
            raise PluginError(ErrorKind.PROTOCOL, f"{payment.amount} was asked for, the provider holds {view.amount}")
    except PluginError as error:
        runner.plugins.record_outcome(installation, error)
        raise Unavailable(f"the payment provider cannot say what became of it: {error.message}") from error
    runner.plugins.record_outcome(installation, None)
    return view


def reconcile_due(runner: OperationRunner, due: Iterable[Payment]) -> int:
    """Reconcile each payment that is due, and put off those that are still awaited. Answers how many are settled now."""
    done = 0
    for payment in due:
        try:
            now_known = reconcile(runner, payment)
        except Problem as problem:
            logger.warning("payment %s cannot be settled yet: %s", payment.id, problem)
            now_known = runner.store.reread(payment)
        except Exception as error:  # one plug-in's fault must not keep the others' payments waiting
            logger.error("payment %s cannot be settled: %s", payment.id, where(error))
            now_known = runner.store.reread(payment)
        if now_known.awaited:
            runner.update(now_known, lambda p: with_later_lookup(p, runner.clock()))
        done += not now_known.awaited
    return done
