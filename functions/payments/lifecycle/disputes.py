"""A shopper's objections with its bank: each opens, and is won or lost. News may come twice and in any order. Pure.

A dispute goes through rounds, each of which opens and ends: what was won may be objected to again, and is taken again. Where less is lost
than was taken while it was open, or another amount than before, what was taken is given back and that amount is taken in a round more. So
what one round takes never changes, and each news says it of all rounds. Within a round news only move it on. What an inquiry asks, or an
announcement says, has taken nothing.
"""

from dataclasses import replace

from functions.payments.lifecycle.payment import MOST_DISPUTES, Payment
from functions.payments.lifecycle.provider_words import MOST_ROUNDS
from monsoon_plugin.payment import DisputeView as Dispute

ENDED = ("won", "lost")


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
    if not anew and not _lost_otherwise(known, told):
        after = _moved_on(payment, told)
        heard = replace(known, updated=told.updated)  # so that no older notice counts after it
        return _with(payment, known, heard) if after == payment and told.updated > known.updated else after
    rounds = min(known.round + (anew and told.state == "lost"), MOST_ROUNDS)
    return _with(payment, known, replace(told, round=max(rounds, told.round)))


def _moved_on(payment: Payment, told: Dispute) -> Payment:
    return _with(payment, _known(payment, told), told) if _changes(payment, told) else payment


def taken_in_rounds(dispute: Dispute) -> list[int]:
    """What each round has taken, this one last. Where that of earlier ones was not heard, they took as much as this one."""
    return [*(dispute.earlier or (dispute.amount.amount,) * dispute.round), dispute.amount.amount]


def _lost_otherwise(known: Dispute, told: Dispute) -> bool:
    """Whether another amount is lost, in the same round, than was taken."""
    took = known.state in ("open", "lost")
    return took and told.state == "lost" and told.round <= known.round < MOST_ROUNDS and told.amount != known.amount


def _with(payment: Payment, known: Dispute | None, now: Dispute) -> Payment:
    if known is not None and known.state != "warning":
        rounds = now.round if not _lost_otherwise(known, now) else known.round + 1
        before = taken_in_rounds(known)
        amount = known.amount if rounds == known.round else now.amount
        earlier = tuple([*before, *before[-1:] * rounds][:rounds])
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
