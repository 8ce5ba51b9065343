"""Goods: where every unit is, and that nobody gave one away twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from functions.shipping.shipments.shipment_states import UNSCANNED, State
from simulation.invariants.seen import Seen
from simulation.observed import Moved, Span
from simulation.setting import STOCK

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""When the setting's products were counted."""


def refunded_or_dispatched(seen: Seen) -> Iterator[str]:
    for order in seen.orders.values():
        sent = seen.observed.units_sent(order.id)
        asked: Counter[str] = Counter()
        for refund in seen.observed.refunds:
            if refund.order_id == order.id and refund.before_dispatch:
                asked.update(refund.units)
        for line in order.lines:
            given = min(asked[line.offer_id], order.refunded_units(line.offer_id))
            if given + sent[line.offer_id] > line.quantity:
                told = f"{line.quantity} bought, {given} refunded before dispatch, {sent[line.offer_id]} sent"
                yield f"order {order.id}, {line.offer_id}: {told}"


def parcels_hold_what_is_owed(seen: Seen) -> Iterator[str]:
    """No parcel that is still to be sent holds more than its order owes."""
    for shipment in seen.shipments:
        order = seen.orders.get(shipment.order_id)
        if order is None or shipment.state not in UNSCANNED or shipment.doomed:
            continue
        for content in shipment.parcel.contents:
            owed = 0 if order.state == "cancelled" else order.remaining.get(content.offer_id, 0)
            if content.quantity > owed:
                yield f"shipment {shipment.id} ({shipment.state}) holds {content.quantity} of {content.offer_id}, owed are {owed}"


def cancelled_is_not_sent(seen: Seen) -> Iterator[str]:
    for parcel in seen.observed.sent:
        if parcel.order_id in seen.observed.cancelled:
            yield f"order {parcel.order_id} was cancelled, and its parcel {parcel.shipment_id} sent"
    for shipment in seen.shipments:
        order = seen.orders.get(shipment.order_id)
        if order and order.state == "cancelled" and shipment.state not in (State.VOIDED, *UNSCANNED):
            yield f"order {order.id} is cancelled, and its shipment {shipment.id} {shipment.state}"


def stock_adds_up(seen: Seen) -> Iterator[str]:
    """Sellable units come of a count, less what was ordered since, plus what was found or came back since; never of nothing."""
    for number, goods in enumerate(seen.setting.goods):
        counts = [count for count in seen.observed.counted if count.offer_id == goods.offer_id]
        first = Moved(goods.offer_id, STOCK[number], Span(BEFORE, BEFORE))
        last = [c for c in (first, *counts) if not any(c.span.surely_before(other.span) for other in counts)]
        most = max(_most_left(seen, count) for count in last)
        held = seen.stock[goods.offer_id].quantity
        if held > most:
            yield f"{goods.offer_id}: {held} sellable, at most {most} since it was counted"
        if held < 0 and not counts:
            yield f"{goods.offer_id}: {held} sellable, and nobody counted fewer than were ordered"


def _most_left(seen: Seen, count: Moved) -> int:
    """The most units that can be left of `count`, whatever took effect first of what was asked at the same moment."""
    left = count.number
    for move in seen.observed.adjusted:
        if move.offer_id == count.offer_id and not move.span.surely_before(count.span):
            left += move.number if move.number > 0 or count.span.surely_before(move.span) else 0
    for placing in seen.observed.placings:
        if count.span.surely_before(placing.span):
            left -= sum(line["quantity"] for line in placing.body["lines"] if line["offer_id"] == count.offer_id)
    return left + sum(_returned(seen, order_id, count.offer_id) for order_id in seen.orders)


def _returned(seen: Seen, order_id: str, offer_id: str) -> int:
    """At most so many units of the order can have gone back on sale: those that were never sent, or refunded with restock."""
    order = seen.orders[order_id]
    restocked = sum(r.units.get(offer_id, 0) for r in seen.observed.refunds if r.order_id == order_id and r.restock)
    bought = sum(line.quantity for line in order.lines if line.offer_id == offer_id)
    if order.state == "cancelled":
        return bought
    return min(bought, restocked)
