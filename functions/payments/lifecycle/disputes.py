"""A shopper's objections with its bank: each opens, and is won or lost. News may come twice and in any order. Pure."""

from dataclasses import replace

from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from monsoon_plugin.payment import DisputeView as Dispute
from monsoon_plugin.payment import PaymentView


def changed_disputes(payment: Payment, view: PaymentView) -> list[Dispute]:
    """The disputes of `view` that change something: new ones, and those that have ended. What has ended never opens again."""
    return [told for told in view.disputes if told.amount.currency == payment.amount.currency and _changes(payment, told)]


def with_dispute(payment: Payment, told: Dispute) -> Payment:
    """`payment` with one dispute as it now is."""
    if not _changes(payment, told):
        return payment
    others = tuple(d for d in payment.disputes if d.provider_ref != told.provider_ref)
    return replace(payment, disputes=(*others, told))


def _changes(payment: Payment, told: Dispute) -> bool:
    known = next((d for d in payment.disputes if d.provider_ref == told.provider_ref), None)
    if known is None:
        return len(payment.disputes) < MOST_DISPUTES
    return known.state == "open" and told.state != "open"
