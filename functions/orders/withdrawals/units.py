"""Where an order's units are: still to be sent, asked back, released, or gone. Pure arithmetic of one order.

Of each line: `quantity = askable + asked + released + gone`, where what is gone has left, or was refunded before shipping was ever asked.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.orders.order import Order, OrderChange
from functions.orders.withdrawals.withdrawal import EVERYBODY

GONE = ("dispatched", "delivered")
"""Fulfilments that say of every unit that it has left."""


def parts(order: Order) -> dict[str, str]:
    """Offer id → the part of the order that it is in: its supplier's parcel, or what that delivers without one."""
    return {line.offer_id: line.part for line in order.lines}


def asked(order: Order, offer_id: str) -> int:
    """Units that are asked back, and of which nobody has said yet whether they have left."""
    part = parts(order)[offer_id]
    return sum(w.units.get(offer_id, 0) for w in order.withdrawals if not w.has_answer(part))


def in_parcel(order: Order, offer_id: str) -> int:
    """Units that were sent, or may be: all but those released, and those refunded before shipping was ever asked."""
    quantity = next(line.quantity for line in order.lines if line.offer_id == offer_id)
    return quantity - order.released_units(offer_id) - sum(_refunded_unasked(order, offer_id))


def nothing_left(order: Order) -> bool:
    """Whether no parcel of it is known to have left. An order of before suppliers were told apart has no `sent`: its fulfilment says so."""
    return order.fulfilment == "waiting" and not order.sent


def has_left(order: Order, part: str) -> bool:
    """Whether it was heard of this part's own parcel that it has left. That all have gone says another's news, too, where this one is
    empty, or before what comes of it."""
    return part in order.sent or (order.fulfilment in GONE and not order.by_parcel)


def askable(order: Order, supplier_id: str = EVERYBODY) -> dict[str, int]:
    """Offer id → units that can be asked back: as far as we know they are in a parcel that has not left, and nobody asks for them."""
    return {offer_id: units for offer_id, units in _unasked(order, supplier_id) if not has_left(order, parts(order)[offer_id])}


def out_of_reach(order: Order, supplier_id: str) -> bool:
    """Whether units of the supplier's part have left, as far as we know, and nobody asks for them: asking would bring nothing back."""
    return any(has_left(order, parts(order)[offer_id]) for offer_id, _ in _unasked(order, supplier_id))


def _unasked(order: Order, supplier_id: str) -> list[tuple[str, int]]:
    """Each offer with units in a parcel that nobody asks for, and how many."""
    lines = [line for line in order.lines if supplier_id in (EVERYBODY, line.supplier_id)]
    found = [(line.offer_id, in_parcel(order, line.offer_id) - asked(order, line.offer_id)) for line in lines]
    return [(offer_id, units) for offer_id, units in found if units > 0]


def unpaid_back(order: Order, offer_id: str) -> int:
    """Released units that were paid for and not paid back: a refund of them failed, or is yet to be asked.

    Of units that were paid back as gone before their release was heard, no more than what is left to pay back.
    """
    refunded = sum(r.lines.get(offer_id, 0) - r.left.get(offer_id, 0) for r in order.valid_refunds if r.asked_first)
    released = sum(w.released.get(offer_id, 0) for w in order.withdrawals if w.settled and not w.unpaid)
    return min(released - refunded, order.remaining.get(offer_id, 0))


def parcels_after(order: Order, part: str, told: Mapping[str, int] | None) -> Mapping[str, Mapping[str, int]]:
    """What is kept of parcels that have left, once it is told what was in this one (None: by news of before that was told).

    What it held is kept only where that is less than was known of: units were taken out of it, and the news of that is still to come.
    """
    mine = [line.offer_id for line in order.lines if line.part == part]
    if told is None or part in order.parcels or all(in_parcel(order, offer_id) <= told.get(offer_id, 0) for offer_id in mine):
        return order.parcels
    return {**order.parcels, part: {offer_id: told[offer_id] for offer_id in mine if offer_id in told}}


def taken_out(order: Order, offer_id: str) -> int:
    """Units that were not in their parcel any more when it left, and of which nobody has told what became of them."""
    parcel = order.parcels.get(parts(order)[offer_id])
    return 0 if parcel is None else max(in_parcel(order, offer_id) - parcel.get(offer_id, 0), 0)


def left_units(order: Order, offer_id: str) -> int:
    """Units that may be paid back as ones that have left: were in their parcel, for all that is known, and are not on their way back."""
    parcel = order.parcels.get(parts(order)[offer_id])
    inside = in_parcel(order, offer_id) if parcel is None else parcel.get(offer_id, 0)
    awaited = sum(w.left.get(offer_id, 0) for w in order.withdrawals if not w.settled)
    return max(inside - awaited - sum(refund.left.get(offer_id, 0) for refund in order.valid_refunds), 0)


def waiting(order: Order) -> dict[str, int]:
    """Offer id → units that were not sent yet, for all that is known, nor taken back.

    Of a parcel that has left, those that were taken out wait still, until it is heard what became of them. Where it was not told what
    was in it, that may be those that are asked back.
    """
    if order.state == "cancelled":
        return {}
    found = {line.offer_id: _waiting(order, line.offer_id, line.part) for line in order.lines}
    return {offer_id: units for offer_id, units in found.items() if units > 0}


def _waiting(order: Order, offer_id: str, part: str) -> int:
    if part in order.parcels:
        return taken_out(order, offer_id)
    units = in_parcel(order, offer_id)
    return min(units, asked(order, offer_id)) if has_left(order, part) else units


def untracked(order: Order) -> dict[str, int]:
    """Offer id → units that wait, of an order of before there were counts: its offers' totals do not know of them."""
    return {} if order.tracked else waiting(order)


def tracked(before: Order, change: OrderChange) -> OrderChange:
    """The change with the units that cease to wait by it, if the order's units are counted among those that wait."""
    if not before.tracked:
        return change
    was, will_be = waiting(before), waiting(change.order)
    gone = {offer_id: was.get(offer_id, 0) - will_be.get(offer_id, 0) for offer_id in was.keys() | will_be.keys()}
    return replace(change, let_go={offer_id: units for offer_id, units in gone.items() if units})


def refundable(order: Order) -> dict[str, int]:
    """Offer id → units that may be refunded: paid for, not refunded, and neither asked back nor promised by a refund that waits."""
    if order.state == "cancelled":
        return order.remaining
    return {offer_id: max(0, units - asked(order, offer_id) - _coming(order, offer_id)) for offer_id, units in order.remaining.items()}


def _coming(order: Order, offer_id: str) -> int:
    """Units that are paid back, or owed no more, once all suppliers have answered: released by some, known to have left, back before."""
    waiting = [w for w in order.withdrawals if not w.settled]
    back = sum(w.back.get(offer_id, 0) for w in waiting)
    return sum(w.released.get(offer_id, 0) + w.left.get(offer_id, 0) for w in waiting) + min(back, max(0, unpaid_back(order, offer_id)))


def is_over(order: Order) -> bool:
    """Whether nothing of it was sent, or ever will be: every unit is back."""
    return bool(order.withdrawals) and nothing_left(order) and not any(in_parcel(order, line.offer_id) for line in order.lines)


def is_being_cancelled(order: Order) -> bool:
    """Whether it will be cancelled if all that is asked is released: never "cancelled" for what may still be sent."""
    if order.state == "cancelled" or not nothing_left(order):
        return False
    left = [(in_parcel(order, line.offer_id), asked(order, line.offer_id)) for line in order.lines]
    return any(asking for _, asking in left) and all(asking >= units for units, asking in left)


def _refunded_unasked(order: Order, offer_id: str) -> list[int]:
    return [refund.lines.get(offer_id, 0) for refund in order.valid_refunds if not refund.asked_first]


def known_units(order: Order, units: Mapping[str, int]) -> dict[str, int]:
    """Of what an answer says, the units that the order may still give back."""
    held = parts(order)
    capped = {offer_id: min(n, in_parcel(order, offer_id)) for offer_id, n in units.items() if offer_id in held}
    return {offer_id: n for offer_id, n in capped.items() if n > 0}
