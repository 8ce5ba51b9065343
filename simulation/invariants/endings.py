"""Endings: nothing waits for ever once time has passed and all queues are drained."""

from collections.abc import Iterator

from functions.orders.order import Order
from functions.orders.order_views import standing_promises
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.payment import State as Money
from simulation.invariants.seen import Seen

S = State


def everything_ends(seen: Seen) -> Iterator[str]:
    now = rfc3339(seen.world.clock())
    for order in seen.orders.values():
        if order.state == "unpaid" and order.pay_by < now:
            yield f"order {order.id} is unpaid since {order.pay_by}"
        yield from (f"refund {r.id} of {order.id} is requested for ever" for r in order.refunds if r.state == "requested")
        parcels = [s for s in seen.shipments if s.order_id == order.id and s.state is not S.VOIDED]
        held = any(s.held for s in parcels)
        if order.state in ("paid", "accepted") and order.remaining and not parcels:
            yield f"order {order.id} is {order.state}, owes {order.remaining} and has no parcel"
        if order.state == "paid" and parcels and not held and not order.test and order.fulfilment != "delivered":
            yield f"order {order.id} is {order.fulfilment}, its parcels {[s.state for s in parcels]}"
        yield from _unpaid_for_ever(seen, order, [s for s in parcels if s.unsent])
    yield from _promises_end(seen)
    for payment in seen.payments.values():
        if payment.unsettled:
            yield f"payment {payment.id} waits for {[(o.id, o.phase) for o in payment.unsettled]}"
    for shipment in seen.shipments:
        its = seen.orders.get(shipment.order_id)
        awaited = its is not None and not its.test and its.state != "cancelled" and not shipment.held
        if shipment.state is S.PURCHASING or (shipment.state is S.DRAFT and awaited):
            yield f"shipment {shipment.id} is {shipment.state}: {shipment.setback}"
        if shipment.doomed and not shipment.scanned and shipment.state is not S.VOIDED:
            yield f"shipment {shipment.id} is given up, and {shipment.state}: {shipment.setback}"


def feeds_are_read(seen: Seen) -> Iterator[str]:
    """Of each file that arrived every row has come to something, and none is lost: none waits for audit for ever. A file that met a fault
    whenever it was read is refused."""
    for who, feed_id in seen.observed.feeds:
        feed = seen.people.must(who, "GET", f"/v1/feeds/{feed_id}")
        rows = feed["rows"]
        if feed_id in seen.given_up:
            continue
        if feed["state"] != "read" or rows["waiting"] or rows["submitted"] or rows["failed"] or not rows["read"]:
            yield f"feed {feed_id}: {feed}"


def _unpaid_for_ever(seen: Seen, order: Order, unsent: list[Shipment]) -> Iterator[str]:
    """An order that nobody promises or has paid anything for waits for nobody; what was taken back waits for a person."""
    payments = [p for p in seen.payments.values() if p.order_id == order.id]
    if order.state == "review" and not order.lost and unsent and not any(p.live or p.captured for p in payments):
        yield f"order {order.id} is in review, nobody pays it, and {[s.id for s in unsent]} are kept for it"


def _promises_end(seen: Seen) -> Iterator[str]:
    """What the provider promises no more is no promise here; and nobody is held to a promise for what was cancelled, unless its provider
    would not give it back: then the order says so."""
    for payment in seen.payments.values():
        charge, order = seen.world.card.charges.get(payment.id), seen.orders.get(payment.order_id)
        if payment.state is Money.AUTHORIZED and charge and charge.state in (Money.EXPIRED, Money.CANCELED):
            yield f"payment {payment.id} is a promise here, and {charge.state} at its provider"
        if charge and charge.state is Money.AUTHORIZED and order and order.state == "cancelled":
            shown = [promise.payment_id for promise in standing_promises(order)]
            if payment.id not in seen.world.card.kept or payment.id not in shown:
                yield f"payment {payment.id} is promised still, its order {order.id} cancelled, which shows {shown}"


def labels_are_used_or_void(seen: Seen) -> Iterator[str]:
    """What the courier sold is known here, and void if its parcel is."""
    known = {s.op_key: s for s in seen.shipments}
    for sold in seen.world.post.sold.values():
        shipment = known.get(sold.op_key)
        if shipment is None and (sold.void or sold.op_key in seen.world.post.kept):
            continue  # replaced by another, for a parcel that holds less
        if shipment is None or shipment.label is None:
            yield f"the courier sold {sold.number}, and no shipment has it"
        elif shipment.state is S.VOIDED and not sold.void:
            yield f"shipment {shipment.id} is void, its label {sold.number} is not"
        elif sold.void and shipment.state is not S.VOIDED:
            yield f"the label {sold.number} is void, its shipment {shipment.id} {shipment.state}"


def no_message_is_dead(seen: Seen) -> Iterator[str]:
    for queue in seen.world.messages.queues.values():
        yield from (f"{queue.name}: {message.body[:200]}" for message in queue.dead)
        if queue.messages:
            yield f"{queue.name} still holds {len(queue.messages)} messages"
