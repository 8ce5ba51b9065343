"""Providers' notices (webhooks): verified by the plug-in, taken once, and never believed further than to ask the provider.

Only what no question would tell is taken from the notice itself: `WebhookResult.view`, held to the payment's amount and currency.
"""

import logging
from datetime import timedelta

from functions.payments.lifecycle.payment import Payment, resolved
from functions.payments.operation_runner import Till
from functions.payments.reconciliation.reconcile import one_by_one, settled
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import PaymentView, State, WebhookResult
from monsoon_plugin.plugin import RawWebhook
from shared.errors import NotFound, Unavailable
from shared.providers.installation import Installation
from shared.providers.notices import NoticeRefused

REMEMBERED = timedelta(hours=80)
"""How long a notice is remembered; providers repeat theirs for up to 72 hours (docs.stripe.com/webhooks, "Retry behavior")."""
logger = logging.getLogger(__name__)


def notice(till: Till, installation_id: str, raw: RawWebhook) -> str:
    """Take a notice for an installation, enabled or not: ask the provider for the payment that it names.

    Answers the text that the provider wants to read. What names no payment of this installation is dropped, or the provider would
    repeat it for days. Raises NotFound, NoticeRefused, and Unavailable if the provider cannot be asked: its next try then counts.
    """
    installation = till.plugins.store.find_by_id(installation_id) if len(installation_id) <= 64 else None
    if installation is None:
        raise NotFound("there is no such installation")
    found = _verified(till, installation, raw)
    payment = found and _named(till, installation, found)
    if found and payment and _news(payment, found) and _claimed(till, installation, found):
        try:
            _taken(till, installation, payment, found)
        except Exception:
            till.store.release(installation.id, found.event_id)
            raise
    return till.plugins.plugin(installation).manifest.acknowledgement


def _verified(till: Till, installation: Installation, raw: RawWebhook) -> WebhookResult | None:
    """By the config of now, or by the one before while that still counts. Raises NoticeRefused, Unavailable."""
    plugin = till.plugins.plugin(installation)
    for ctx in (contexts := till.contexts(installation)):
        try:
            return plugin.webhook(ctx, raw)
        except PluginError as error:
            if error.kind is not ErrorKind.SIGNATURE:
                raise Unavailable(error.message) from error
            if ctx is contexts[-1]:
                raise NoticeRefused(error.message) from error
    return None


def _taken(till: Till, installation: Installation, payment: Payment, found: WebhookResult) -> None:
    lookup = till.capability(installation).lookup
    if lookup or found.view is None:
        payment = settled(till, payment)
    view = found.view
    if view is None:
        return
    if not believable(payment, view):
        logger.error("integrity: a signed notice %s tells %s of payment %s of %s", found.event_id, view.amount, payment.id, payment.amount)
        return
    if not lookup:
        now = till.clock()
        payment = till.keep(payment, lambda p: resolved(p, view, now))
    one_by_one(till, payment, view)


def believable(payment: Payment, view: PaymentView) -> bool:
    """Whether a notice's view can be of this payment. Where it names no reference, its amount is that of one change."""
    if view.amount.currency != payment.amount.currency or view.captured > payment.amount.amount:
        return False
    return view.amount == payment.amount if view.provider_ref else view.amount.amount <= payment.amount.amount


def _named(till: Till, installation: Installation, found: WebhookResult) -> Payment | None:
    payments = till.store.of_order(installation.tenant, found.order_id)
    return next((p for p in payments if p.id == found.payment_id and p.installation_id == installation.id), None)


def _news(payment: Payment, found: WebhookResult) -> bool:
    """Whether the notice can say anything that we do not know; most come after the provider's own answer."""
    return not found.settled or payment.state is not State.CAPTURED or bool(payment.unsettled)


def _claimed(till: Till, installation: Installation, found: WebhookResult) -> bool:
    return till.store.claim(installation.id, found.event_id, till.clock() + REMEMBERED)
