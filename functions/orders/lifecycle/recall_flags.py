"""Recalled goods in open orders. Shipping holds the shipments that they are in, and tells; the order carries why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order, OrderChange
from shared.order_messages import OrderFlagged
from shared.shipment_messages import ShipmentHeld

MOST_TOLD = 150
"""Characters of a reason that an order carries for each of its lines."""


class StockItems(Protocol):
    """Where offers with their stock lie."""

    def stock_items(self, offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
        """The offers, as last heard: one read for each 100."""


def after_hold(order: Order, message: ShipmentHeld, patience_ends: str = "") -> OrderChange | None:
    """The order after news of a shipment that is held or free again; None if newer news of it was heard.

    What is still recalled when patience ends is withdrawn and refunded by itself; each newly recalled offer begins it anew.
    An order has one shipment a part, so the news says all that is recalled of that part's lines and nothing of the others'.
    """
    if order.holds.get(message.shipment_id, 0) >= message.version:
        return None
    its_own = {line.offer_id for line in order.lines if line.part == message.part}
    others = {offer_id: why for offer_id, why in order.flags.items() if offer_id not in its_own}
    flags = others | dict.fromkeys(message.offer_ids, message.reason[:MOST_TOLD])
    ends = (patience_ends if flags.keys() - order.flags.keys() else order.flags_end) if flags else ""
    after = order.next(flags=flags, flags_end=ends, holds={**order.holds, message.shipment_id: message.version})
    return OrderChange(after, _flag_event(after) if after.flagged != order.flagged else None)


def _flag_event(order: Order) -> OrderFlagged:
    reasons = "; ".join(dict.fromkeys(order.flagged.values()))
    return OrderFlagged(**order.event_fields(), offer_ids=sorted(order.flagged), reason=reasons)


def with_recalled(change: OrderChange | None, before: Order, stock: StockItems) -> OrderChange | None:
    """The change, noting what is recalled of an order that it confirms: paid with an old ticket, it goes back by itself."""
    if change is None or before.confirmed or not change.order.confirmed:
        return change
    items = stock.stock_items([line.offer_id for line in change.order.lines])
    recalled = {offer_id: item.reason[:MOST_TOLD] for offer_id, item in items.items() if item.is_recalled}
    return replace(change, order=change.order.model_copy(update={"recalled": recalled})) if recalled else change


def flag_unpaid(orders: Sequence[Order], stock: StockItems) -> list[Order]:
    """The orders, those unpaid flagged for what is recalled of them at present; such flags are shown, not kept.

    No shipment holds what is not paid for, so this takes a look at their offers: at most 50 an order.
    """
    offer_ids = {line.offer_id for order in orders if order.state == "unpaid" for line in order.lines}
    items = stock.stock_items(offer_ids) if offer_ids else {}
    recalled = {offer_id: item.reason for offer_id, item in items.items() if item.is_recalled}
    return [_flagged(order, recalled) if order.state == "unpaid" else order for order in orders]


def _flagged(order: Order, recalled: Mapping[str, str]) -> Order:
    return order.model_copy(update={"flags": {line.offer_id: recalled[line.offer_id] for line in order.lines if line.offer_id in recalled}})
