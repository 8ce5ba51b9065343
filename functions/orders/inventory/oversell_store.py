"""Oversell prevention: the one conditional decrement of stock.

It rides in the transaction that places an order (order_store.py), so that no order stands on units that are not there, however many
shoppers want the last one at the same moment. Its condition reads `sellable` on the same item, so that a recall stops the sale too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from functions.orders.counts.running_totals import Move
from functions.orders.counts.stock_moves_store import move_actions
from functions.orders.inventory.inventory_items import ReplicaItem, stock_of
from functions.orders.inventory.shortage import Shortage
from functions.orders.inventory.stock_item import StockItem
from functions.orders.table_store import REFUSED
from shared.aws.dynamo import item_of
from shared.order_messages import OrderLine


def take_units(transaction: TransactWrite, lines: Iterable[OrderLine], held: Mapping[str, StockItem], now: datetime) -> None:
    """Take each line's units off its offer's stock, if the offer is on sale and has so many left; else the transaction fails.

    `held`: the offers as they were seen, which may be long ago; each has totals in the table.
    """
    for line in lines:
        transaction.update(
            ReplicaItem(line.offer_id, "offer"),
            actions=move_actions(Move(-line.quantity, line.quantity), held[line.offer_id], now),
            condition=(ReplicaItem.sellable == True) & _enough(line.quantity, held[line.offer_id].floor),  # noqa: E712 (an expression)
            return_values="ALL_OLD",
        )


def _enough(units: int, floor: int) -> Condition:
    """Whether so many can be taken: no further down than to `floor`, as was seen, if that is still how far it may go."""
    left: Condition = ReplicaItem.quantity >= units + floor
    as_seen: Condition = ReplicaItem.floor == floor
    return as_seen & left if floor else left


def move_units(transaction: TransactWrite, moves: Mapping[str, Move], held: Mapping[str, StockItem], now: datetime) -> None:
    """Put units (by offer id) back on sale, or let them wait for dispatch no more; `held` as `take_units` says."""
    for offer_id, move in moves.items():
        transaction.update(ReplicaItem(offer_id, "offer"), actions=move_actions(move, held[offer_id], now))


def shortage_of(error: TransactWriteError, lines: Sequence[OrderLine], refusals: Sequence[str | None], first: int) -> Shortage | None:
    """What was left where units could not be taken, the lines' actions being those from `first` on; None if that was not why it failed."""
    short = [i for i, reason in enumerate(refusals[first:]) if reason == REFUSED]
    return Shortage({lines[i].offer_id: _left(item_before(error, first + i)) for i in short}) if short else None


def item_before(error: TransactWriteError, action: int) -> ReplicaItem | None:
    """The offer as it was when the transaction's action failed; None if there is none."""
    reason = error.cancellation_reasons[action]
    if reason is None or not reason.raw_item:
        return None
    return item_of(ReplicaItem, reason.raw_item)


def seen_anew(
    error: TransactWriteError, lines: Sequence[OrderLine], refusals: Sequence[str | None], first: int, held: Mapping[str, StockItem]
) -> Mapping[str, StockItem]:
    """Those of the refused lines' offers that are sold further down, or less far, than was seen: what they are by now."""
    found = (item_before(error, first + i) for i, reason in enumerate(refusals[first:]) if reason == REFUSED)
    return {item.pk: stock_of(item) for item in found if item and int(item.floor or 0) != held[item.pk].floor}


def _left(held: ReplicaItem | None) -> int | None:
    return max(0, int(held.quantity) - int(held.floor or 0)) if held and held.sellable else None
