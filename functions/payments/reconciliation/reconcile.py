"""Asking providers what became of payments: where a reply was lost, a notice came, or a shopper went away."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from functions.payments.lifecycle.disputes import disputed, news_of
from functions.payments.lifecycle.payment import Payment, postponed, resolved
from functions.payments.lifecycle.refunds import refund_resolved, refunds_told
from functions.payments.operation_runner import Till, amending
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import OperationKind, PaymentView
from shared.api.trace import where
from shared.errors import Problem, Unavailable

LOOK_BACK = timedelta(minutes=5)
"""How far the provider's clock may lie behind ours when a payment is looked for by its time."""
logger = logging.getLogger(__name__)


def settled(till: Till, payment: Payment) -> Payment:
    """`payment` after its provider was asked, and after what failed for a while only was sent again, with the same key.

    Where there is nobody to ask it is answered as it is. Raises Unavailable if the provider cannot be asked now.
    """
    if not payment.online:
        return payment
    view, now = _fetched(till, payment), till.clock()
    payment = till.keep(payment, lambda p: resolved(p, view, now))
    if view is not None:
        payment = one_by_one(till, payment, view)
    for operation in payment.resendable:
        payment = till.run(payment, operation, amending(payment))
    return payment


def one_by_one(till: Till, payment: Payment, view: PaymentView) -> Payment:
    """What `view` tells of refunds and disputes, each in a change, and with an event, of its own."""
    now = till.clock()
    for refund in refunds_told(payment, view):
        payment = till.keep(payment, partial(refund_resolved, operation=refund, view=view, now=now))
    for dispute in news_of(payment, view):
        payment = till.keep(payment, partial(disputed, told=dispute))
    return payment


def _fetched(till: Till, payment: Payment) -> PaymentView | None:
    installation = till.plugins.get(payment.tenant, payment.installation_id)
    since = from_rfc3339(payment.created_at) - LOOK_BACK
    awaited = [o.key(payment.id) for o in payment.operations if o.kind is OperationKind.REFUND and not o.settled]
    if not till.plugins.allow_call(installation):
        raise Unavailable("the payment provider does not answer at present")
    plugin = till.plugins.plugin(installation)
    try:
        view = plugin.fetch(till.context(installation), payment.id, payment.provider_ref, since, awaited)
        if view is not None and view.amount != payment.amount:
            logger.error("integrity: payment %s is of %s, its provider holds %s", payment.id, payment.amount, view.amount)
            raise PluginError(ErrorKind.PROTOCOL, f"{payment.amount} was asked for, the provider holds {view.amount}")
    except PluginError as error:
        till.plugins.record_outcome(installation, error)
        raise Unavailable(f"the payment provider cannot say what became of it: {error.message}") from error
    till.plugins.record_outcome(installation, None)
    return view


def sweep(till: Till, due: Iterable[Payment]) -> int:
    """Settle each payment that is due, and put off those that are still awaited. Answers how many are settled now."""
    done = 0
    for payment in due:
        try:
            now_known = settled(till, payment)
        except Problem as problem:
            logger.warning("payment %s cannot be settled yet: %s", payment.id, problem)
            now_known = till.store.reread(payment)
        except Exception as error:  # one plug-in's fault must not keep the others' payments waiting
            logger.error("payment %s cannot be settled: %s", payment.id, where(error))
            now_known = till.store.reread(payment)
        if now_known.awaited:
            till.keep(now_known, lambda p: postponed(p, till.clock()))
        done += not now_known.awaited
    return done
