"""Recalled goods in open orders. Shipping holds the shipments that they are in, and tells; the order carries why."""

from functions.orders.order import Change, Order
from shared.messages import ShipmentHeld
from shared.order_messages import OrderFlagged


def held(order: Order, message: ShipmentHeld) -> Change | None:
    """The order after news of a shipment that is held or free again; None if newer news of it was heard.

    An order has one shipment a supplier, so the news says all that is recalled of that supplier's lines and nothing of the others'.
    """
    if order.holds.get(message.shipment_id, 0) >= message.version:
        return None
    its_own = {line.offer_id for line in order.lines if line.supplier_id == message.supplier_id}
    others = {offer_id: why for offer_id, why in order.flags.items() if offer_id not in its_own}
    flags = others | dict.fromkeys(message.offer_ids, message.reason)
    after = order.next(flags=flags, holds={**order.holds, message.shipment_id: message.version})
    return Change(after, _told(after) if after.flagged != order.flagged else None)


def _told(order: Order) -> OrderFlagged:
    reasons = "; ".join(dict.fromkeys(order.flagged.values()))
    return OrderFlagged(**order.told(), offer_ids=sorted(order.flagged), reason=reasons)
