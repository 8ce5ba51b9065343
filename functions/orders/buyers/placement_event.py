"""What the bus hears of a new order: with who bought what, for whoever writes to them."""

from typing import Any

from functions.orders.order import Order
from shared.order_messages import BoughtLine, OrderPlaced


def placement_event(order: Order) -> OrderPlaced:
    """The event that tells of a new order. Of one without an e-mail, or that is not sealed, it tells the total alone: the event lies in
    the order's item, which is paid for by the kilobyte."""
    return OrderPlaced(**order.event_fields(), total=order.total, **_of_buyer(order))


def _of_buyer(order: Order) -> dict[str, Any]:
    if not (order.sealed and order.buyer.party_id):
        return {}
    lines = [BoughtLine(title=line.title, quantity=line.quantity, unit_price=line.unit_price) for line in order.lines]
    language = order.buyer.language or order.language
    return {"sealed_buyer": order.sealed, "lines": lines, "shipping": order.shipping.price, "pay_by": order.pay_by, "language": language}
