"""A supplier's count of an offer: it replaces what is left as of its moment, less what was ordered since."""

from dataclasses import replace
from datetime import datetime

from functions.orders.counts.running_totals import RunningTotals
from functions.orders.inventory.stock_item import Counted, StockItem
from monsoon_plugin.clock import from_rfc3339
from shared.messages import StockCounted


def after_count(held: StockItem | None, message: StockCounted, now: datetime, offer_id: str) -> StockItem | None:
    """One of the counted offers with its stock after a count; None if it is not newer than the one that is held.

    What is left may come out below 0: more was ordered than the supplier has. It is then owed, nothing is sold, and a later count is
    not made larger by it. Of what is sold beyond its stock, 0 available says that none is there, not how many are awaited: what is on
    backorder stays so until it is sent. An offer that was not published yet is not sellable; it keeps the count for when it is.
    """
    if held is None:
        held = StockItem(offer_id=offer_id, version=0, quantity=0, declared=None, sellable=False, offer=None)
    if held.counted and held.counted.version >= message.version:
        return None
    units = message.units()[offer_id]
    totals, moment = held.totals or RunningTotals(), min(from_rfc3339(message.counted_at), from_rfc3339(message.received_at))
    counted = Counted(version=message.version, stock=units, counted_at=message.counted_at, stock_counts=message.stock_counts)
    quantity = units + totals.since(moment, now, on_hand=message.stock_counts == "on_hand")
    if units == 0 and message.stock_counts == "available" and held.floor and not held.is_endless:
        quantity = min(quantity, max(held.quantity, -totals.now.committed))
    return replace(held, quantity=quantity, counted=counted, totals=totals.counted(moment, now))
