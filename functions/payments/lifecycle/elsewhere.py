"""Refunds made at the provider without our asking, in its console say. Pure.

The provider's books win. Each has a reference of the provider's, by which it counts once, however often and in whatever order it is
told: one that failed counts for nothing, even if its success is heard of after that.
"""

from collections.abc import Sequence
from dataclasses import replace

from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import MOST_ELSEWHERE, Payment
from functions.payments.lifecycle.refunds import counted_refunds, own_refund, refunds_to_resolve
from monsoon_plugin.payment import OperationKind, PaymentView, RefundView


def refunds_elsewhere(payment: Payment, view: PaymentView) -> list[RefundView]:
    """The refunds of `view` that none of our operations stands for and that are news, each with its `provider_ref`.

    That is what was made in the console, what the provider paid a second time for one key, and what it paid after we had been told, and
    had told, that it failed.
    """
    ours = [o for o in payment.operations if o.kind is OperationKind.REFUND and (o.phase is not Phase.FAILED or o.resendable)]
    own = [own_refund(payment, o, view) for o in ours]
    others = (replace(r, provider_ref=r.provider_ref or r.op_key) for r in view.refunds if not any(r is one for one in own))
    return [refund for refund in others if refund.provider_ref and _is_news(payment, refund)]


def without_total_of_named(payment: Payment, view: PaymentView) -> PaymentView:
    """`view` without its total of what was paid back, if that is no more than the refunds come to that we know of or that it names.

    Each of those is written by a change of its own, and may come back before: a total that was taken beforehand would never fall again.
    """
    ours = [o for o in refunds_to_resolve(payment, view) if o.phase is not Phase.SUCCEEDED]
    own = [told for o in ours if (told := own_refund(payment, o, view)) and told.state == "succeeded"]
    others = [refund for refund in refunds_elsewhere(payment, view) if refund.state == "succeeded"]
    named = counted_refunds(payment) + sum(refund.amount.amount for refund in (*own, *others))
    return view if view.refunded > named else replace(view, refunded=0)


def _is_news(payment: Payment, refund: RefundView) -> bool:
    known = payment.known_elsewhere("refund", refund.provider_ref)
    if known is None:
        return refund.state == "succeeded" and fits(payment, refund) and len(payment.elsewhere) < MOST_ELSEWHERE
    return refund.state == "failed" and not known.failed


def fits(payment: Payment, refund: RefundView) -> bool:
    """Whether it can be of this payment."""
    return refund.amount.currency == payment.amount.currency and 0 < refund.amount.amount <= payment.amount.amount


def with_refund_elsewhere(payment: Payment, refund: RefundView, of: str = "") -> Payment:
    """`payment` with a refund that is not ours, or without its money after it came back. `of`: a dispute's, if it is what that took."""
    if not _is_news(payment, refund):
        return payment
    known = payment.known_elsewhere("refund", refund.provider_ref)
    amount = refund.amount.amount if known is None else known.amount
    return with_entries(payment, Elsewhere(refund.provider_ref, "refund", amount, refund.state == "failed", of))


def with_entries(payment: Payment, *entries: Elsewhere) -> Payment:
    """`payment` with these refunds as they now are, if it has room for them; what came back is paid back no more."""
    refs = {entry.ref for entry in entries}
    others = tuple(e for e in payment.elsewhere if e.kind != "refund" or e.ref not in refs)
    if len(others) + len(entries) > max(MOST_ELSEWHERE, len(payment.elsewhere)):
        return payment
    after = replace(payment, elsewhere=(*others, *entries))
    failed = (payment.known_elsewhere("refund", entry.ref) for entry in entries if entry.failed)
    before = payment.refunded - sum(known.amount for known in failed if known and not known.failed)
    return replace(after, refunded=max(before, counted_refunds(after)))


def with_words(payment: Payment, before: Sequence[Elsewhere], after: Sequence[Elsewhere]) -> Payment:
    """`payment` with these dated words on a refund in the place of those before, if it has room for them."""
    elsewhere = (*(e for e in payment.elsewhere if e not in before), *after)
    return payment if len(elsewhere) > max(MOST_ELSEWHERE, len(payment.elsewhere)) else replace(payment, elsewhere=elsewhere)
