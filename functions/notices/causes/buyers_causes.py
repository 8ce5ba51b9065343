"""Which event of an order or a parcel gives its buyer which mail."""

from typing import Any

from functions.notices.causes.cause import Cause
from functions.notices.causes.kinds import BuyersKind
from shared.order_messages import OrderAccepted, OrderCancelled, OrderEvent, OrderPaid, OrderPlaced, OrderRefunded
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent


def received(event: OrderPlaced | OrderAccepted | OrderPaid | OrderCancelled) -> Cause:
    """The order stands; `promised`: its payment is promised, and it is prepared."""
    return _of(event, "received", promised=isinstance(event, OrderAccepted))


def paid(event: OrderPaid) -> Cause:
    """Once an order: what was lost and paid anew is told by nobody's mail."""
    lines = [[line.title, line.quantity, line.unit_price] for line in event.lines]
    return _of(event, "paid", total=event.total, lines=lines, shipping=event.shipping.price)


def cancelled(event: OrderCancelled) -> Cause:
    return _of(event, "cancelled", reason=event.reason)


def refunded(event: OrderRefunded) -> Cause | None:
    """None of a refund that moved no money: what it was for had gone back before."""
    return _of(event, "refunded", event.refund_id, amount=event.amount, currency=event.currency) if event.amount > 0 else None


def dispatched(event: ShipmentDispatched) -> Cause:
    return _of(event, "dispatched", event.shipment_id, tracking=event.tracking_number, left=event.undispatched)


def delivered(event: ShipmentDelivered) -> Cause:
    return _of(event, "delivered", event.shipment_id, virtual=event.virtual, left=event.undelivered)


def _of(event: OrderEvent | ShipmentEvent, kind: BuyersKind, key: str = "", **facts: Any) -> Cause:
    return Cause(
        kind=kind, about=event.order_id, key=key, account_id=event.account_id, storefront_id=event.storefront_id, facts=facts,
        test=event.test,
    )  # fmt: skip
