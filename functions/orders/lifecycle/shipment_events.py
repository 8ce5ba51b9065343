"""What shipping tells of an order's parcels, and how far that takes the order."""

from datetime import datetime

from functions.orders.order import FULFILMENT, Fulfilment, Order, OrderChange
from functions.orders.withdrawals.units import parcels_after
from monsoon_plugin.clock import rfc3339
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched


def after_shipment(order: Order, message: ShipmentDispatched | ShipmentDelivered, now: datetime) -> OrderChange | None:
    """The order after news of a shipment. It only ever moves on, so that late and repeated news change nothing."""
    reached = further(order.fulfilment, _whole(message) or "under_way")
    known = message.part in order.sent or len({line.part for line in order.lines}) == 1
    parcels = parcels_after(order, message.part, message.units)
    if reached == order.fulfilment and known and parcels == order.parcels:
        return None
    sent = order.sent if known else {**order.sent, message.part: rfc3339(now)}
    return OrderChange(order.next(fulfilment=reached, sent=sent, parcels=parcels))


def _whole(message: ShipmentDispatched | ShipmentDelivered) -> Fulfilment | None:
    """How far all of the order's parcels are, if they are as far as this one."""
    if isinstance(message, ShipmentDelivered) and not message.undelivered:
        return "delivered"
    return "dispatched" if message.undispatched == 0 else None


def further(fulfilment: Fulfilment, reached: Fulfilment) -> Fulfilment:
    """The later of the two."""
    return max(fulfilment, reached, key=FULFILMENT.index)
