"""Asking for units back. Orders never decides alone about what may have been packed: it asks, and money moves on the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.orders.order import Order, OrderChange
from functions.orders.withdrawals.units import askable
from functions.orders.withdrawals.withdrawal import FIRST_WAIT, Withdrawal
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.order_messages import OrderUnitsWithdrawn, UnitsOf
from shared.shipment_messages import Why


def with_question(order: Order, withdrawal_id: str, why: Why, units: Mapping[str, int], now: datetime, **more: Any) -> OrderChange:
    """The order with one more question, and the event that asks it. `more`: fields of the withdrawal."""
    said = {"asked_at": rfc3339(now), "again_at": rfc3339(now + FIRST_WAIT), **more}
    withdrawal = Withdrawal(id=withdrawal_id, why=why, units=dict(units), **said)
    after = order.next(withdrawals=order.with_withdrawal(withdrawal))
    return OrderChange(after, question(after, withdrawal))


def question(order: Order, withdrawal: Withdrawal) -> OrderUnitsWithdrawn:
    held = {line.offer_id: line for line in order.lines}
    units = [
        UnitsOf(offer_id=offer_id, supplier_id=held[offer_id].supplier_id, units=n, requires_shipping=held[offer_id].requires_shipping)
        for offer_id, n in sorted(withdrawal.units.items())
    ]
    return OrderUnitsWithdrawn(
        **order.event_fields(), withdrawal_id=withdrawal.id, attempt=withdrawal.attempt, why=withdrawal.why, units=units
    )


def own_id(order: Order, why: Why) -> str:
    """The id of a question that no Idempotency-Key names: worked out again from the same order it is the same."""
    return derived_id("wdr", order.id, why, str(order.version))


def asked_again(order: Order, now: datetime) -> OrderChange | None:
    """The order with the question asked again that has waited the longest beyond its time; None if none is due."""
    due = min((w for w in order.withdrawals if w.is_due(now)), key=lambda w: w.again_at, default=None)
    if due is None:
        return None
    again = due.asked_again(now)
    after = order.next(withdrawals=order.with_withdrawal(again))
    return OrderChange(after, question(after, again))


def recall_withdrawal(order: Order, now: datetime) -> OrderChange | None:
    """What was recalled before it was paid for is asked back at once; None if nothing was."""
    if not order.confirmed or not order.recalled:
        return None
    return _recall(order.next(recalled={}), order.recalled, now)


def recall_after_patience(order: Order, now: datetime) -> OrderChange | None:
    """What has been recalled for longer than anybody's patience is asked back; None while it is not so."""
    if not order.confirmed or not order.flags_end or order.flags_end > rfc3339(now):
        return None
    return _recall(order.next(flags_end=""), order.flagged, now)


def _recall(after: Order, why: Mapping[str, str], now: datetime) -> OrderChange:
    """`after` is the order's next version already: one change."""
    units = {offer_id: n for offer_id, n in askable(after).items() if offer_id in why}
    if not units:
        return OrderChange(after)
    reason = "; ".join(dict.fromkeys(why[offer_id] for offer_id in units))[:200]
    before = after.model_copy(update={"version": after.version - 1})
    return with_question(before, own_id(before, "recall"), "recall", units, now, reason=reason)
