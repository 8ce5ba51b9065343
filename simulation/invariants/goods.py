"""Goods: where every unit is, and that nobody gave one away twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from functions.shipping.shipments.shipment_states import UNSCANNED, State
from shared.goods.stock_mode import ENDLESS
from simulation.actors.observed import Moved, Span
from simulation.actors.setting import Goods
from simulation.invariants.seen import Seen
from simulation.invariants.stock.late_counts import surely_added, units_wanted

FIRST = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
"""When the setting's products were counted: all that was found since is added."""


def refunded_or_dispatched(seen: Seen) -> Iterator[str]:
    """Of each line: units taken back before dispatch, units refunded without asking, and units that truly left are no more than bought.

    What a cancelled order pays back is what it took back; that nothing of it was sent is an invariant of its own.
    """
    for order in seen.orders.values():
        if order.state == "cancelled":
            continue
        sent = seen.observed.units_sent(order.id)
        for line in order.lines:
            offer_id = line.offer_id
            unasked = sum(r.lines.get(offer_id, 0) - r.left.get(offer_id, 0) for r in order.valid_refunds if not r.asked_first)
            back = order.released_units(offer_id) + unasked
            if back + sent[offer_id] > line.quantity:
                told = f"{line.quantity} bought, {back} taken back before dispatch, {sent[offer_id]} sent"
                yield f"order {order.id}, {offer_id}: {told}"
    yield from _sent_unasked(seen)


def _sent_unasked(seen: Seen) -> Iterator[str]:
    """What left after its order knew that the provider had paid all back had been asked for: one side won, and was told."""
    for parcel in seen.observed.sent:
        order, known = seen.orders[parcel.order_id], seen.world.paid_back.known.get(parcel.order_id)
        if known is None or parcel.asked < known + AT_ONCE:
            continue
        for offer_id, units in parcel.units.items():
            asked = sum(w.units.get(offer_id, 0) for w in order.withdrawals)
            if asked < units:
                told = f"{units} of {offer_id} left at {parcel.asked}, {asked} asked for"
                yield f"order {order.id} was paid back whole by {known}, and {told}"


AT_ONCE = timedelta(minutes=30)
"""Until then an order that knows has asked, though a process died in between: the queue brings the news again."""


def parcels_hold_what_is_owed(seen: Seen) -> Iterator[str]:
    """No parcel that is still to be sent holds more than its order owes."""
    for shipment in seen.shipments:
        order = seen.orders.get(shipment.order_id)
        if order is None or shipment.state not in UNSCANNED or shipment.doomed:
            continue
        for content in shipment.parcel.contents:
            nothing = order.state == "cancelled" or (order.id in seen.world.paid_back.known and _keeps_nothing(seen, order.id))
            owed = 0 if nothing else order.remaining.get(content.offer_id, 0)
            if content.quantity > owed:
                yield f"shipment {shipment.id} ({shipment.state}) holds {content.quantity} of {content.offer_id}, owed are {owed}"


def _keeps_nothing(seen: Seen, order_id: str) -> bool:
    return not any(charge.kept for charge in seen.world.card.charges.values() if charge.order_id == order_id)


def cancelled_is_not_sent(seen: Seen) -> Iterator[str]:
    """Nothing of a cancelled order is sent, and no parcel with nothing in it."""
    for parcel in seen.observed.sent:
        if not parcel.units:
            yield f"the parcel {parcel.shipment_id} of order {parcel.order_id} was sent, and there is nothing in it"
        if parcel.order_id in seen.observed.cancelled:
            yield f"order {parcel.order_id} was cancelled, and its parcel {parcel.shipment_id} sent"
    for shipment in seen.shipments:
        order = seen.orders.get(shipment.order_id)
        if order and order.state == "cancelled" and shipment.state not in (State.VOIDED, *UNSCANNED):
            yield f"order {order.id} is cancelled, and its shipment {shipment.id} {shipment.state}"


def held_while_recalled(seen: Seen) -> Iterator[str]:
    """A parcel that is not sent is held for those of its offers that are recalled, and for no other."""
    for shipment in seen.shipments:
        held = {hold.offer_id for hold in shipment.held}
        recalled = {content.offer_id for content in shipment.parcel.contents} & seen.recalled
        if shipment.unsent and held != recalled:
            yield f"shipment {shipment.id} ({shipment.state}) is held for {sorted(held)}, recalled are {sorted(recalled)}"


def stock_adds_up(seen: Seen) -> Iterator[str]:
    """Sellable units come of a count, less what was ordered since, plus what was found or came back since; never of nothing."""
    for goods in seen.setting.goods:
        counts = [count for count in seen.observed.counted if count.offer_id == goods.offer_id]
        first = Moved(goods.offer_id, goods.stock, FIRST)
        read = [count for count in counts if count.feed_id not in seen.given_up]
        taken = [count for count in read if _surely_taken(seen, count, set(goods.offers.values()) - {goods.offer_id})]
        last = [c for c in (first, *counts) if not any(c.span.surely_before(other.span) for other in taken)]
        most = max(_most_left(seen, count) for count in last)
        least = min(_least_left(seen, count) for count in last)
        held = seen.stock[goods.offer_id].quantity
        if not least <= held <= most:
            yield f"{goods.offer_id}: {held} sellable, but between {least} and {most} since it was counted"
        if held < _floor(goods) and not counts:
            yield f"{goods.offer_id}: {held} sellable, and nobody counted fewer than were ordered"


def _floor(goods: Goods) -> int:
    """How far orders alone may take it down."""
    return -ENDLESS if goods.mode["mode"] == "always" else -int(goods.mode.get("units", 0))


def what_never_runs_out_is_never_refused(seen: Seen) -> Iterator[str]:
    """Whatever was ordered and counted before, nobody is told that goods which are always available are sold out."""
    for goods in seen.setting.goods:
        if goods.mode["mode"] == "always" and goods.offer_id in seen.observed.short:
            yield f"{goods.offer_id} is always available, and an order of it was refused for want of stock"


def _surely_taken(seen: Seen, count: Moved, siblings: set[str]) -> bool:
    """Whether no count of another variant of its product can be of a later moment: then this one may have been answered `superseded`."""
    others = (other.span for other in seen.observed.counted if other.offer_id in siblings and other.span != count.span)
    return all(span.surely_before(count.span) for span in others)


def sellable_is_what_the_catalog_has(seen: Seen) -> Iterator[str]:
    """Each offer on sale may be ordered, each variant that is gone or recalled may not."""
    for offer in seen.catalog:
        for offer_id in (*offer.known_offers, *offer.withheld):
            held = seen.stock.get(offer_id)
            if held is not None and held.sellable != (offer_id in seen.on_sale):
                yield f"{offer_id} of {offer.product_id} is {'' if held.sellable else 'not '}sellable; {len(offer.gone)} are gone"


def _most_left(seen: Seen, count: Moved) -> int:
    """The most units that can be left of `count`, whatever took effect first of what was asked at the same moment."""
    left = count.number
    for move in seen.observed.adjusted:
        if move.offer_id == count.offer_id and not move.span.surely_before(count.span):
            left += move.number if move.number > 0 or count.span.surely_before(move.span) else 0
    for placing in seen.observed.placings:
        if count.span.surely_before(placing.span):
            left -= units_wanted(placing, count.offer_id)
    return left + sum(_back_at_most(seen, order_id, count.offer_id) for order_id in seen.orders)


def _least_left(seen: Seen, count: Moved) -> int:
    """The fewest: orders of the hours before a count may be taken for later ones, and what was found later for found before."""
    left = count.number
    for move in seen.observed.adjusted:
        if move.offer_id == count.offer_id:
            left += move.number if move.number < 0 or count.span == FIRST or surely_added(seen.observed, count, move) else 0
    left -= sum(line.quantity for order in seen.orders.values() for line in order.lines if line.offer_id == count.offer_id)
    later = [placing for placing in seen.observed.placings if count.span.surely_before(placing.span)]
    return left + sum(_back_at_least(seen, placing.order_id, count.offer_id) for placing in later)


def _back_at_least(seen: Seen, order_id: str, offer_id: str) -> int:
    """Units that went back on sale: all of an order that was cancelled before anything was packed, else what was released to be sold."""
    order = seen.orders[order_id]
    if order.state == "cancelled" and not order.withdrawals:
        return sum(line.quantity for line in order.lines if line.offer_id == offer_id)
    return sum(w.released.get(offer_id, 0) for w in order.withdrawals if w.restock)


def _back_at_most(seen: Seen, order_id: str, offer_id: str) -> int:
    """The same, and what came back from shoppers and was said to be sold again."""
    again = any(refund.order_id == order_id and refund.restock for refund in seen.observed.refunds)
    came_back = sum(r.left.get(offer_id, 0) for r in seen.orders[order_id].refunds) if again else 0
    return _back_at_least(seen, order_id, offer_id) + came_back
