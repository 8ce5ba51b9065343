"""What shipping tells of an order's parcels, and how far that takes the order."""

from functions.orders.order import FULFILMENT, Fulfilment, Order, OrderChange
from shared.messages import ShipmentDelivered, ShipmentDispatched


def after_shipment(order: Order, message: ShipmentDispatched | ShipmentDelivered) -> OrderChange | None:
    """The order after news of a shipment. It only ever moves on, so that late and repeated news change nothing."""
    whole: Fulfilment = "delivered" if isinstance(message, ShipmentDelivered) else "dispatched"
    reached: Fulfilment = whole if message.remaining == 0 else "under_way"
    if _rank(reached) <= _rank(order.fulfilment):
        return None
    return OrderChange(order.next(fulfilment=reached))


def _rank(fulfilment: Fulfilment) -> int:
    return FULFILMENT.index(fulfilment)
