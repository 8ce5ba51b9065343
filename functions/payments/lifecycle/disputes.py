"""A shopper's objections with its bank: each opens, and is won or lost. News may come twice and in any order. Pure.

A dispute goes through rounds, each of which opens and ends: what was won may be objected to again, and is taken again. Where less is lost
than was taken while it was open, or another amount than before, what was taken is given back and that amount is taken in a round more. So
what one round takes never changes, and each news says it of the last ten rounds; those before were told when they were. Within a round news
only move it on. What an inquiry asks, or an announcement says, has taken nothing.
"""

from dataclasses import replace

from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from monsoon_plugin.payment import DisputeView as Dispute
from shared.messages import MOST_TOLD

ENDED = ("won", "lost")
MOST_DECISIONS = 99
"""Rounds of one dispute that are booked; what is taken beyond is shown as `beyond`, and is for a person to settle."""


def with_dispute(payment: Payment, told: Dispute) -> Payment:
    """`payment` with one dispute as a notice tells it; of two that say when it was changed the later counts, whichever is heard first."""
    known = _known(payment, told)
    if known is None or not told.updated:
        return _moved_on(payment, told)
    return payment if told.updated < known.updated else with_dispute_looked_up(payment, told)


def with_dispute_looked_up(payment: Payment, told: Dispute) -> Payment:
    """`payment` with one dispute as the provider, just asked, holds it: what had ended one way and now has the other went on meanwhile.

    Lost after it was won, or for another amount: it was taken again, in a round more. Won after it was lost: it was given back.
    """
    known = _known(payment, told)
    if known is None or told.amount.currency != payment.amount.currency:
        return _moved_on(payment, told)
    anew = {known.state, told.state} == set(ENDED)
    if anew and told.state == "lost" and is_beyond(known):
        return payment
    if not anew and not _lost_otherwise(known, told):
        after = _moved_on(payment, told)
        heard = replace(known, updated=told.updated)  # so that no older notice counts after it
        return _with(payment, known, heard) if after == payment and told.updated > known.updated else after
    rounds = known.round + (anew and told.state == "lost")
    return _with(payment, known, replace(told, round=max(rounds, told.round)))


def is_crowded_out(payment: Payment, told: Dispute) -> bool:
    """Whether there is no room for it beside the payment's other disputes: it is neither kept nor booked."""
    return _known(payment, told) is None and len(payment.disputes) >= MOST_DISPUTES


def is_beyond(dispute: Dispute) -> bool:
    """Whether nothing more that it takes is booked: it was decided too often."""
    return dispute.round >= MOST_DECISIONS


def _moved_on(payment: Payment, told: Dispute) -> Payment:
    return _with(payment, _known(payment, told), told) if _changes(payment, told) else payment


def taken_in_rounds(dispute: Dispute) -> list[int]:
    """What each of the last rounds has taken, this one last. Where that of earlier ones was not heard, they took as much as this one."""
    return [*(dispute.earlier or (dispute.amount.amount,) * dispute.round), dispute.amount.amount][-MOST_TOLD:]


def _lost_otherwise(known: Dispute, told: Dispute) -> bool:
    """Whether another amount is lost, in the same round, than was taken."""
    took = known.state in ("open", "lost")
    return took and told.state == "lost" and told.round <= known.round < MOST_DECISIONS and told.amount != known.amount


def _with(payment: Payment, known: Dispute | None, now: Dispute) -> Payment:
    if known is not None and known.state != "warning":
        rounds = now.round if not _lost_otherwise(known, now) else known.round + 1
        before = taken_in_rounds(known)
        amount = known.amount if rounds == known.round else now.amount
        taken = before[:-1] if rounds == known.round else [*before, *before[-1:] * (rounds - known.round - 1)]
        earlier = tuple(taken[-MOST_TOLD + 1 :])
        now = replace(now, round=rounds, amount=amount, earlier=() if {*earlier} <= {amount.amount} else earlier)
    return replace(payment, disputes=(*(d for d in payment.disputes if d is not known), now))


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
