"""A refund in the ledger: it reverses what the payment booked; and if it fails after all, it is reversed itself. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from functions.settlement.ledger.booking import Booking, book_of, nth_slot, order_booking
from functions.settlement.ledger.journal import Amounts, JournalEntry, Kind, Posting, provider_account
from functions.settlement.posting_rules.first_introduction import (
    NO_COMMISSION,
    commission,
    commission_amounts,
    margin_under_commission,
)
from functions.settlement.posting_rules.order_payment import held_by_providers, order_shares, receivables
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.order_messages import OrderRefunded, OrderRefundFailed


def refund_booking(event: OrderRefunded, before: Sequence[Booking], now: datetime) -> Booking:
    """The reversal of the returned lines and shipping, after the bookings `before` (the payment's first).

    The provider keeps its fee. The commission falls to what the remaining margin bears, so that refunds in any parts
    give back exactly what was taken. Raises Unbalanced if `amount` is not what the lines and the shipping cost.
    """
    terms = before[0].terms
    returned = margin_under_commission(event.lines, terms)
    left = sum(booking.commissionable for booking in before)
    amounts: Amounts = Counter()
    amounts.subtract(order_shares(event.account_id, event.lines, event.shipping))
    amounts[provider_account(event.account_id, event.payment_plugin), "receivable"] += event.amount
    amounts[event.account_id, "elsewhere"] += event.covered
    amounts.update(_commission_change(event.account_id, left, left - returned, terms.per_mille))
    slot, entry_id = nth_slot(len(before)), _refund_id(event)
    return order_booking(
        event, amounts, entry_id=entry_id, slot=slot, terms=terms, now=now, commissionable=-returned, test=before[0].test
    )  # fmt: skip


def returned_payment_booking(event: OrderRefunded, now: datetime) -> Booking:
    """Money without goods went back to the shopper. A payment that no order wanted (late, or twice) nobody had earned; what had been
    booked as the order's (`borne`: a refund made in the provider's console) the owner bears, until goods go back for it.
    """
    provider, unearned = provider_account(event.account_id, event.payment_plugin), event.amount - event.borne
    moved: tuple[tuple[str, Kind, int], ...] = (
        (provider, "receivable", -unearned), (provider, "receivable", event.amount), (event.account_id, "elsewhere", -event.borne),
    )  # fmt: skip
    postings = tuple(Posting(account, kind, amount, event.currency) for account, kind, amount in moved if amount)
    return Booking(
        book=book_of(event),
        slot=f"sent_back#{event.refund_id}",
        entry=JournalEntry(_refund_id(event), event.order_id, rfc3339(now), postings),
        currency=event.currency,
        storefront_id=event.storefront_id,
        terms=NO_COMMISSION,
        test=event.test,
    )


def failed_refund_booking(event: OrderRefundFailed, refund: Booking, before: Sequence[Booking], now: datetime) -> Booking:
    """The reversal of a refund that came back after it had been booked; `before` are the order's bookings.

    The commission rises to what the margin bears that is left now, so that refunds and reversals in any order end alike.
    """
    amounts: Amounts = Counter()
    for posting in refund.entry.postings:
        if posting.kind not in ("commission", "commission_earned"):
            amounts[posting.account, posting.kind] -= posting.amount
    if event.at_providers is not None:
        amounts = _with_held(amounts, event)
    left, given_back = sum(booking.commissionable for booking in before), -refund.commissionable
    amounts.update(_commission_change(event.account_id, left, left + given_back, refund.terms.per_mille))
    slot = nth_slot(len(before)) if refund.slot.startswith("entry#") else f"{refund.slot}#taken_back"
    entry_id = _reversal_id(event)
    return order_booking(
        event, amounts, entry_id=entry_id, slot=slot, terms=refund.terms, now=now, commissionable=given_back, test=refund.test
    )  # fmt: skip


def _with_held(amounts: Amounts, event: OrderRefundFailed) -> Amounts:
    """The same where the providers hold more, or less, by the failure than had been taken off for the refund: the owner bears the rest."""
    told = held_by_providers(event, 0)
    others: Amounts = Counter({key: amount for key, amount in amounts.items() if key[1] not in ("receivable", "elsewhere")})
    others[event.account_id, "elsewhere"] = told.total() - others.total()
    others.update(receivables(event.account_id, told))
    return others


def is_order_refund(event: OrderRefunded) -> bool:
    """Whether the refund is of an order's lines or shipping, not of a payment without an order."""
    return bool(event.lines or event.shipping)


def is_refund(booking: Booking, event: OrderRefunded | OrderRefundFailed) -> bool:
    """Whether `booking` is the refund's that `event` tells of."""
    return booking.entry.id == _refund_id(event)


def is_reversal(booking: Booking, event: OrderRefundFailed) -> bool:
    """Whether `booking` is the reversal that `event` made."""
    return booking.entry.id == _reversal_id(event)


def _commission_change(owner: str, margin_before: int, margin_after: int, rate: int) -> Amounts:
    return commission_amounts(owner, commission(margin_after, rate) - commission(margin_before, rate))


def _refund_id(event: OrderRefunded | OrderRefundFailed) -> str:
    return derived_id("jrn", event.order_id, event.refund_id)


def _reversal_id(event: OrderRefundFailed) -> str:
    return derived_id("jrn", event.order_id, event.refund_id, "taken_back")
