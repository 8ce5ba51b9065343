"""Refunds as single notices tell them, of whenever: paid, failed after that, paid again by the provider itself. Pure.

Each has a reference of the provider's. By one reference a failure is the last word, whichever was heard first; what is paid under
another is counted by itself (elsewhere.py). A refund that the provider made once more (AGAIN) makes up for a failure and moves nothing
by itself: until a failure is heard it waits, kept as one that counts for nothing.

Where all of that has one reference, the provider's times tell a second failure from the first repeated: it comes after the refund was
made again. Each such word is kept; by their times failures and makings again take turns, and each turn has a reference of its own.
"""

from collections.abc import Sequence
from dataclasses import replace

from functions.payments.lifecycle.elsewhere import fits, with_entries, with_words
from functions.payments.lifecycle.moves import Elsewhere, first_and_last, words_that_count
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import Payment
from monsoon_plugin.payment import AGAIN, OperationKind, PaymentView, RefundView

TURN = ":turn-"
"""Before the number of a second and later turn under one reference of the provider's."""


def with_word(payment: Payment, told: RefundView) -> Payment:
    """`payment` with the word, if it is dated, that a refund failed or was made again: it says alone what was heard, and moves nothing.

    Of one turn that is told with many dates the first and the last are kept: none between them can ever make another turn.
    """
    dated = bool(told.at and told.provider_ref) and (told.state == "failed" or _again(told))
    if not dated or not fits(payment, told) or payment.known_elsewhere("word", told.provider_ref, told.at):
        return payment
    before = _words(payment, told.provider_ref.removesuffix(AGAIN))
    after = first_and_last([*before, replace(_entry(told), kind="word", at=told.at)])
    return payment if set(after) == set(before) else with_words(payment, before, after)


def by_turns(payment: Payment, told: RefundView) -> list[RefundView]:
    """`told`; of a refund of ours whose words are dated, what each turn comes to by now, of which those heard before change nothing."""
    if _operation(payment, told) is None or not (told.at and payment.known_elsewhere("word", told.provider_ref, told.at)):
        return [told]
    base, numbers = told.provider_ref.removesuffix(AGAIN), {True: 0, False: 0}
    turns: list[RefundView] = []
    for word in words_that_count(_words(payment, base)):
        numbers[word.failed] += 1
        ref = base if numbers[word.failed] == 1 else f"{base}{TURN}{numbers[word.failed]}"
        amount = replace(told.amount, amount=word.amount)
        failed = replace(told, state="failed", provider_ref=ref, amount=amount)
        turns.append(failed if word.failed else replace(failed, state="succeeded", provider_ref=ref + AGAIN))
    return turns


def own_refunds(payment: Payment, view: PaymentView) -> PaymentView:
    """`view` with only what settles refunds of ours: outcomes that are awaited, and failures of what was paid."""
    return replace(view, refunds=tuple(own for told in view.refunds for own in _as_own(payment, told)))


def _as_own(payment: Payment, told: RefundView) -> list[RefundView]:
    ours = _operation(payment, told)
    if ours is None:
        return []
    if _awaits(payment, ours, told):
        return [replace(told, provider_ref="") if _again(told) else told]
    failed = ours.phase is Phase.SUCCEEDED and told.state == "failed" and ours.ref in ("", told.provider_ref)
    return [told] if failed else []


def _awaits(payment: Payment, ours: Operation, told: RefundView) -> bool:
    """Whether this may be the outcome that a refund of ours waits for; a failure of another reference is another's."""
    another = told.state == "failed" and ours.ref not in ("", told.provider_ref)
    known = payment.known_elsewhere("refund", told.provider_ref or told.op_key)
    return (not ours.settled or ours.resendable) and not another and known is None


def with_made_good(payment: Payment, told: RefundView) -> Payment:
    """`payment` before a failure of our refund is written: one that was made once more to make up for it counts from now on."""
    ours = _operation(payment, told)
    if ours is None or told.state != "failed" or ours.phase is not Phase.SUCCEEDED or ours.ref not in ("", told.provider_ref):
        return payment
    again, failures = _again_of(payment, told.op_key), _failures(payment, ours, told.op_key)
    waiting = [e for e in again if e.failed]
    return with_entries(payment, replace(waiting[0], failed=False)) if waiting and len(again) > failures else payment


def with_told_refund(payment: Payment, refund: RefundView) -> Payment:
    """`payment` after news of a refund for which, as it was told, no operation of ours stands."""
    ours = _operation(payment, refund)
    if refund.state == "pending" or not (refund.provider_ref or refund.op_key) or not fits(payment, refund):
        return payment
    if ours is None:
        return _in_the_console(payment, refund)
    return payment if _awaits(payment, ours, refund) else _beside(payment, ours, refund)


def _in_the_console(payment: Payment, told: RefundView) -> Payment:
    new = _entry(told)
    if told.at and (words := _words(payment, new.ref.removesuffix(AGAIN))):
        return _after_words(payment, new, words)
    base = payment.known_elsewhere("refund", new.ref.removesuffix(AGAIN))
    if _again(told):
        if payment.known_elsewhere("refund", new.ref):
            return payment
        first = [] if base else [replace(new, ref=new.ref.removesuffix(AGAIN))]
        return with_entries(payment, *first, replace(new, failed=base is None or not base.failed))
    made_good = payment.known_elsewhere("refund", new.ref + AGAIN)
    came_back = base is not None and new.failed and not base.failed and not made_good
    return with_entries(payment, replace(new, amount=base.amount if base else new.amount)) if base is None or came_back else payment


def _after_words(payment: Payment, new: Elsewhere, words: Sequence[Elsewhere]) -> Payment:
    """A refund of the console by all dated words on it: it is paid if it was made again as often as it failed."""
    base, turns = new.ref.removesuffix(AGAIN), words_that_count(words)
    paid = sum(not turn.failed for turn in turns) >= sum(turn.failed for turn in turns)
    family = [e for e in payment.elsewhere if e.kind == "refund" and e.ref.removesuffix(AGAIN).partition(TURN)[0] == base]
    counted = [e for e in family if not e.failed]
    if not family:
        return with_entries(payment, replace(new, ref=base, failed=not paid))
    if paid and not counted:
        return with_entries(payment, replace(new, ref=f"{base}{TURN}{len(family) + 1}{AGAIN}", amount=family[0].amount, failed=False))
    return with_entries(payment, replace(counted[0], failed=True)) if counted and not paid else payment


def _beside(payment: Payment, ours: Operation, told: RefundView) -> Payment:
    """One with the key of a refund of ours that is settled: known, paid besides, or the next of its failures."""
    new, known = _entry(told), payment.known_elsewhere("refund", told.provider_ref or told.op_key)
    if known is not None:
        return with_entries(payment, replace(known, failed=True)) if new.failed and not known.failed else payment
    again, failures = _again_of(payment, told.op_key), _failures(payment, ours, told.op_key)
    counted = [e for e in again if not e.failed]
    if _again(told):
        waits = ours.phase is Phase.SUCCEEDED or bool(counted) or len(again) + 1 < failures
        return with_entries(payment, replace(new, failed=waits))
    if _is_old(ours, told):
        return payment
    if new.failed and counted and len(again) <= failures:
        return with_entries(payment, replace(counted[0], failed=True), new)
    return with_entries(payment, new)


def _is_old(ours: Operation, told: RefundView) -> bool:
    """Whether our refund ended with this very reference, one way or the other; what differs in its amount is another."""
    if ours.phase is Phase.SUCCEEDED and told.state == "succeeded":
        return ours.ref in ("", told.provider_ref)
    return ours.ref == told.provider_ref and told.amount.amount == ours.amount


def _operation(payment: Payment, told: RefundView) -> Operation | None:
    refunds = (o for o in payment.operations if o.kind is OperationKind.REFUND)
    return next((o for o in refunds if told.op_key and o.key(payment.id) == told.op_key), None)


def _again(told: RefundView) -> bool:
    return told.state == "succeeded" and told.provider_ref.endswith(AGAIN)


def _again_of(payment: Payment, key: str) -> list[Elsewhere]:
    return [e for e in payment.elsewhere if e.kind == "refund" and e.of == key and e.ref.endswith(AGAIN)]


def _failures(payment: Payment, ours: Operation, key: str) -> int:
    told = [e for e in payment.elsewhere if e.kind == "refund" and e.of == key and e.failed and not e.ref.endswith(AGAIN)]
    return len(told) + (ours.phase is Phase.FAILED and ours.ref != "")


def _words(payment: Payment, base: str) -> list[Elsewhere]:
    """What was heard, dated, of one reference's failing and being made again."""
    return [e for e in payment.elsewhere if e.kind == "word" and e.ref.removesuffix(AGAIN) == base]


def _entry(told: RefundView) -> Elsewhere:
    return Elsewhere(told.provider_ref or told.op_key, "refund", told.amount.amount, told.state == "failed", told.op_key)
