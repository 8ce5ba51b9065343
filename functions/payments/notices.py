"""Providers' notices (webhooks): verified by the plug-in, taken once, and never believed further than to ask the provider."""

from datetime import timedelta

from functions.payments.payment import Payment, State
from functions.payments.port import WebhookResult
from functions.payments.settle import settled
from functions.payments.till import Till
from shared.errors import NotFound, Unauthorized
from shared.providers.installation import Installation
from shared.providers.plugin import PluginError, RawWebhook

REMEMBERED = timedelta(hours=80)
"""How long a notice is remembered; providers repeat theirs for up to 72 hours (docs.stripe.com/webhooks, "Retry behavior")."""


class NoticeRefused(Unauthorized):
    code, title = "notice-refused", "This notice is not signed by the provider with the installation's secret, or is too old"


def notice(till: Till, installation_id: str, raw: RawWebhook) -> None:
    """Take a notice for an installation, enabled or not: ask the provider for the payment that it names.

    What names no payment of this installation is dropped, or the provider would repeat it for days.
    Raises NotFound, NoticeRefused, and Unavailable if the provider cannot be asked: its next try then counts.
    """
    installation = till.plugins.store.find_anyones(installation_id) if len(installation_id) <= 64 else None
    if installation is None:
        raise NotFound("there is no such installation")
    try:
        found = till.plugins.plugin(installation).webhook(till.context(installation), raw)
    except PluginError as error:
        raise NoticeRefused(error.message) from error
    payment = found and _named(till, installation, found)
    if not found or not payment or not _news(payment, found) or not _claimed(till, installation, found):
        return
    try:
        settled(till, payment)
    except Exception:
        till.store.release(installation.id, found.event_id)
        raise


def _named(till: Till, installation: Installation, found: WebhookResult) -> Payment | None:
    payments = till.store.of_order(installation.tenant, found.order_id)
    return next((p for p in payments if p.id == found.payment_id and p.installation_id == installation.id), None)


def _news(payment: Payment, found: WebhookResult) -> bool:
    """Whether the notice can say anything that we do not know; most come after the provider's own answer."""
    return not found.settled or payment.state is not State.CAPTURED or bool(payment.unsettled)


def _claimed(till: Till, installation: Installation, found: WebhookResult) -> bool:
    return till.store.claim(installation.id, found.event_id, till.clock() + REMEMBERED)
