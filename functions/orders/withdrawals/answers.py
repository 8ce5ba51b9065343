"""What shipping answers to a question for units, and what follows. An answer that comes twice, late or unasked changes nothing more.

| Answered, all suppliers together | Order |
|---|---|
| every unit of the order is released, nothing was sent | cancelled; what was paid is owed back, shipping too |
| some are released, and it is paid | a refund of them is requested |
| some are released, and it is not paid yet | what the shopper owes falls by them |
| all had left | as it was; whoever asked reads so, and endpoints are told |
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from functions.orders.lifecycle.payment_events import paid
from functions.orders.lifecycle.shipment_events import further
from functions.orders.order import Fulfilment, Order, OrderChange, Refund
from functions.orders.refunds.cancellation import cancelled
from functions.orders.refunds.refund import with_refund
from functions.orders.withdrawals.units import is_over, known_units, parcels_after, parts, unpaid_back
from functions.orders.withdrawals.unpaid_withdrawals import EXPIRED
from functions.orders.withdrawals.withdrawal import Withdrawal
from monsoon_plugin.clock import rfc3339
from shared.order_messages import CancelReason, OrderReduced, OrderUnitsKept
from shared.shipment_messages import ShipmentUnitsKept, ShipmentUnitsReleased


def after_released(order: Order, message: ShipmentUnitsReleased, now: datetime) -> OrderChange | None:
    """The order after units were taken back; None if that was heard before."""
    held = order.withdrawal(message.withdrawal_id) or _unasked(message, now)
    if held.has_answer(message.part):
        return None
    released = {} if order.state == "cancelled" else known_units(order, message.units)
    withdrawal = held.with_answer(message.part, released=released)
    after = order.next(withdrawals=order.with_withdrawal(withdrawal), fulfilment=_fulfilment(order, message))
    return _settled(after, withdrawal, released if withdrawal.restock else {})


def after_kept(order: Order, message: ShipmentUnitsKept, now: datetime) -> OrderChange | None:
    """The order after it was heard that units had left; None if that was heard before, or never asked."""
    held = order.withdrawal(message.withdrawal_id)
    if held is None or held.has_answer(message.part):
        return None
    kept = {offer_id: units for offer_id, units in message.units.items() if offer_id in held.units}
    withdrawal = held.with_answer(message.part, kept=kept)
    sent = {**order.sent, message.part: order.sent.get(message.part, message.since or rfc3339(now))}
    parcels = parcels_after(order, message.part, message.parcel)
    return _settled(order.next(withdrawals=order.with_withdrawal(withdrawal), sent=sent, parcels=parcels), withdrawal, {})


def _unasked(message: ShipmentUnitsReleased, now: datetime) -> Withdrawal:
    """A release that the order did not ask for: a supplier declines its part."""
    return Withdrawal(
        id=message.withdrawal_id,
        why=message.why,
        units=message.units,
        asked_at=rfc3339(now),
        restock=message.restock,
        reason=message.reason,
    )


def _settled(after: Order, withdrawal: Withdrawal, returned: dict[str, int]) -> OrderChange:
    """The order, `withdrawal` answered by one more supplier; once it is by all, with what follows.

    A decline that names no units, for others were quicker, awaits nobody but who declined.
    """
    held = parts(after)
    awaited = {held[offer_id] for offer_id in withdrawal.units if offer_id in held}
    if not all(withdrawal.has_answer(part) for part in awaited or withdrawal.answered):
        return OrderChange(after, None, returned)
    settled = withdrawal.model_copy(update={"settled": True, "unpaid": after.paid_by is None and after.state != "cancelled"})
    after = after.model_copy(update={"withdrawals": after.with_withdrawal(settled)})
    if after.state == "cancelled":
        return OrderChange(after, None, returned)
    if is_over(after):
        return cancelled(after, _reason(settled), returned)
    return _reduced(after, settled, returned) if settled.unpaid else _paid_back(after, settled, returned)


def _paid_back(after: Order, withdrawal: Withdrawal, returned: dict[str, int]) -> OrderChange:
    """The refund of what was released, and of what was known to have left; none if all was kept."""
    back = {offer_id: min(n, unpaid_back(after, offer_id)) for offer_id, n in _sum(withdrawal.released, withdrawal.back).items()}
    left = _left(after, withdrawal, back) if withdrawal.released else {}
    lines = _sum(back, left)
    shipping = after.shipping_left if withdrawal.shipping and lines else 0
    amount = after.worth(lines) + shipping
    if amount == 0 or after.paid_by is None:
        return OrderChange(after, _as_it_was(after, withdrawal), returned)
    refund = Refund(id=withdrawal.id, payment_id=after.paid_by, amount=amount, currency=after.currency, lines=lines, left=left,
                    asked_first=True, shipping=shipping, reason=withdrawal.reason or withdrawal.why,
                    fingerprint=withdrawal.fingerprint)  # fmt: skip
    returned = _sum(returned, left) if withdrawal.restock_left else returned
    return with_refund(after.model_copy(update={"version": after.version - 1}), refund, returned)


def _left(after: Order, withdrawal: Withdrawal, back: Mapping[str, int]) -> dict[str, int]:
    """What was known to have left, of what no other refund has paid back since."""
    unpaid = {offer_id: after.remaining.get(offer_id, 0) - back.get(offer_id, 0) for offer_id in withdrawal.left}
    return {offer_id: units for offer_id, n in withdrawal.left.items() if (units := min(n, unpaid[offer_id])) > 0}


def _sum(*units: Mapping[str, int]) -> dict[str, int]:
    total = Counter[str]()
    for some in units:
        total.update(some)
    return {offer_id: n for offer_id, n in sorted(total.items()) if n > 0}


def _reduced(after: Order, withdrawal: Withdrawal, returned: dict[str, int]) -> OrderChange:
    """The order with less to pay; not if nothing was released."""
    if not withdrawal.released:
        return OrderChange(after, _as_it_was(after, withdrawal), returned)
    if withdrawal.shipping:
        after = after.model_copy(update={"shipping_waived": after.shipping.price})
    own = (p for p in after.payments if (p.test, p.currency) == (after.test, after.currency))
    covering = next((p for p in own if 0 < after.held_by(p.id) >= after.total), None)
    if covering:
        done = after.out_of_review("paid", paid_by=covering.id, lost=0)
        return OrderChange(done, paid(done, before=after), returned)
    event = OrderReduced(**after.event_fields(), amount=after.total, complete=after.fulfilment == "delivered")
    return OrderChange(after, event, returned)


def _as_it_was(after: Order, withdrawal: Withdrawal) -> OrderUnitsKept | None:
    """What is told of a question by which no money moves; nothing where others had taken its units back before."""
    if not withdrawal.kept:
        return None
    return OrderUnitsKept(**after.event_fields(), withdrawal_id=withdrawal.id, why=withdrawal.why, units=withdrawal.kept)


def _reason(withdrawal: Withdrawal) -> CancelReason:
    """Why the order is cancelled."""
    match withdrawal.why:
        case "decline":
            return "supplier"
        case "recall":
            return "recalled"
        case "cancel" if withdrawal.reason == EXPIRED:
            return "expired"
        case _:
            return "shopper" if withdrawal.reason == "shopper" and withdrawal.why == "cancel" else "merchant"


def _fulfilment(order: Order, message: ShipmentUnitsReleased) -> Fulfilment:
    """How far the order is where an empty parcel leaves its others: they alone count."""
    if not message.parcels:
        return order.fulfilment
    if message.undelivered == 0:
        return further(order.fulfilment, "delivered")
    return further(order.fulfilment, "dispatched") if message.undispatched == 0 else order.fulfilment
