"""Providers' notices (webhooks): verified by the plug-in, handled once, and never believed further than to ask the provider.

A notice is marked as handled after its effect, not before: one whose handling was cut off is handled when it comes again. Two that
come at the same moment may both be handled, which changes nothing more: each effect is a change of the payment that is made once.

Only what no question would tell is taken from the notice itself: `WebhookResult.view`, held to the payment's amount and currency.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from functions.payments.lifecycle.elsewhere import without_total_of_named
from functions.payments.lifecycle.payment import Payment, with_outcomes
from functions.payments.lifecycle.provider_words import sound_view
from functions.payments.operation_runner import OperationRunner
from functions.payments.reconciliation.reconcile import reconcile_on_notice, record_movements
from monsoon_plugin.payment import PaymentPlugin, PaymentView, WebhookResult
from monsoon_plugin.plugin import Ctx, RawWebhook
from shared.errors import NotFound
from shared.providers.installation import Installation
from shared.providers.notices import NoticeRefused, read_notice

REMEMBERED = timedelta(hours=80)
"""How long a notice is remembered; providers repeat theirs for up to 72 hours (docs.stripe.com/webhooks, "Retry behavior")."""
NAMES = ("event_id", "payment_id", "order_id")
logger = logging.getLogger(__name__)


def receive_notice(runner: OperationRunner, installation_id: str, raw: RawWebhook) -> str:
    """Take a notice for an installation, enabled or not: ask the provider for the payment that it names.

    Answers the text that the provider wants to read. What names no payment of this installation is dropped, or the provider would
    repeat it for days. Raises NotFound, NoticeRefused, NoticeNotUnderstood, and Unavailable if the provider cannot be asked: its next
    try then counts.
    """
    installation = runner.plugins.store.find_by_id(installation_id) if len(installation_id) <= 64 else None
    if installation is None:
        raise NotFound("there is no such installation")
    found = _verify(runner, installation, raw)
    payment = found and _find_payment(runner, installation, found)
    if found and payment and _says_something_new(payment, found) and not runner.store.was_handled(installation.id, found.event_id):
        _apply(runner, installation, payment, found)
        runner.store.mark_handled(installation.id, found.event_id, runner.clock() + REMEMBERED)
    return runner.plugins.plugin(installation).manifest.acknowledgement


def _verify(runner: OperationRunner, installation: Installation, raw: RawWebhook) -> WebhookResult | None:
    """By the config of now, or by the one before while that still counts. Raises NoticeRefused, NoticeNotUnderstood, Unavailable."""
    plugin = runner.plugins.plugin(installation)
    *newer, oldest = runner.contexts(installation)
    for ctx in newer:
        with suppress(NoticeRefused):
            return read_payment_notice(plugin, ctx, raw)
    return read_payment_notice(plugin, oldest, raw)


def read_payment_notice(plugin: PaymentPlugin[Any], ctx: Ctx[Any], raw: RawWebhook) -> WebhookResult | None:
    """What the plug-in reads. Raises NoticeRefused, NoticeNotUnderstood, Unavailable."""
    return read_notice(partial(_read, plugin, ctx, raw), *NAMES)


def _read(plugin: PaymentPlugin[Any], ctx: Ctx[Any], raw: RawWebhook) -> WebhookResult | None:
    """What the plug-in reads, its view held to what can be kept. Raises PluginError."""
    found = plugin.webhook(ctx, raw)
    return replace(found, view=sound_view(found.view)) if found and found.view else found


def _apply(runner: OperationRunner, installation: Installation, payment: Payment, found: WebhookResult) -> None:
    runner.require_mode(payment, installation)
    can = runner.capability(installation)
    if can.lookup or found.view is None:
        payment = reconcile_on_notice(runner, payment, found.refunds)
    view = found.view
    if view is None:
        return
    if not believable(payment, view):
        logger.error("integrity: a signed notice %s tells %s of payment %s of %s", found.event_id, view.amount, payment.id, payment.amount)
        return
    if not can.lookup:
        now, told = runner.clock(), runner.understood(payment, installation, view)
        payment = runner.update(payment, lambda p: with_outcomes(p, without_total_of_named(p, told), now, can))
    record_movements(runner, payment, view)


def believable(payment: Payment, view: PaymentView) -> bool:
    """Whether a notice's view can be of this payment. Where it names no reference, its amount is that of one change."""
    if view.amount.currency != payment.amount.currency or view.captured > payment.amount.amount:
        return False
    return view.amount == payment.amount if view.provider_ref else view.amount.amount <= payment.amount.amount


def _find_payment(runner: OperationRunner, installation: Installation, found: WebhookResult) -> Payment | None:
    payments = runner.store.of_order(installation.tenant, found.order_id)
    return next((p for p in payments if p.id == found.payment_id and p.installation_id == installation.id), None)


def _says_something_new(payment: Payment, found: WebhookResult) -> bool:
    """Whether the notice can say anything that we do not know; most come after the provider's own answer. Of a payment that was captured
    in part it may tell of more.
    """
    return not found.settled or payment.captured < payment.amount.amount or bool(payment.unsettled)
