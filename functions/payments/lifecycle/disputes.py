"""A shopper's objections with its bank: each opens, and is won or lost. News may come twice and in any order. Pure.

A dispute goes through rounds, each of which opens and ends: what was won may be objected to again, and is taken again. Within a round
news only move it on. What an inquiry asks, or an announcement says, has taken nothing.
"""

from dataclasses import replace

from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from functions.payments.lifecycle.provider_words import MOST_ROUNDS
from monsoon_plugin.payment import DisputeView as Dispute
from monsoon_plugin.payment import PaymentView

ENDED = ("won", "lost")


def changed_disputes(payment: Payment, view: PaymentView) -> list[Dispute]:
    """The disputes of `view` that change something: new ones, and those that have moved on."""
    return [told for told in view.disputes if _changes(payment, told)]


def with_dispute(payment: Payment, told: Dispute) -> Payment:
    """`payment` with one dispute as it now is."""
    if not _changes(payment, told):
        return payment
    others = tuple(d for d in payment.disputes if d.provider_ref != told.provider_ref)
    return replace(payment, disputes=(*others, told))


def with_dispute_looked_up(payment: Payment, told: Dispute) -> Payment:
    """`payment` with one dispute as the provider, just asked, holds it: what had ended one way and now has the other went on meanwhile.

    Lost after it was won: it was taken again, in a round more. Won after it was lost: it was given back.
    """
    known = _known(payment, told)
    if known is None or {known.state, told.state} != set(ENDED):
        return with_dispute(payment, told)
    rounds = min(known.round + (told.state == "lost"), MOST_ROUNDS)
    others = tuple(d for d in payment.disputes if d is not known)
    return replace(payment, disputes=(*others, replace(told, round=max(rounds, told.round))))


def _changes(payment: Payment, told: Dispute) -> bool:
    if told.amount.currency != payment.amount.currency:
        return False
    known = _known(payment, told)
    if known is None:
        return len(payment.disputes) < MOST_DISPUTES
    return _stage(told) > _stage(known)


def _stage(dispute: Dispute) -> tuple[int, int]:
    return dispute.round, 2 if dispute.state in ENDED else int(dispute.state == "open")


def _known(payment: Payment, told: Dispute) -> Dispute | None:
    return next((d for d in payment.disputes if d.provider_ref == told.provider_ref), None)
