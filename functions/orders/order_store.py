"""Where orders lie: under `account#storefront` / the order's id.

The service has one table. Beside the orders: the storefront's rules under `account#storefront` / `storefront`, and suppliers'
suspensions (checkout/snapshot_store.py); an offer with its stock under its id / `offer` (inventory/stock_store.py), what was announced
of its stock under its id / `availability` (inventory/availability_store.py), and what was told to be owed of it under its id / `debt`
(counts/stock_debt_store.py); a stock adjustment under the supplier's account / its id.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.orders.buyers.placement_event import placement_event
from functions.orders.counts.stock_moves_store import with_totals
from functions.orders.inventory.oversell_store import move_units, seen_anew, shortage_of, take_units
from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order, OrderChange
from functions.orders.order_items import SHARDS, OrderItem, item_of, order_of
from functions.orders.orders_kept import ALIKE
from functions.orders.table_store import REFUSED, item_at, refusals_of, write_once
from monsoon_plugin.clock import rfc3339
from shared.api.idempotency import AlreadyCreated
from shared.api.paging import Position, fitting
from shared.aws.dynamo import bind, connection
from shared.bus import envelope
from shared.optimistic_retry import Contended

SWEPT = 250
"""So many due orders of each shard are looked at in one run, which takes some seconds."""


class _SeenAnew(Exception):
    """Offers are sold in another stock mode than was seen: nothing was written."""

    def __init__(self, stock: Mapping[str, StockItem]) -> None:
        super().__init__()
        self.stock = stock


class OrderStore:
    """Orders on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, OrderItem)

    def place(self, order: Order, held: Mapping[str, StockItem], now: datetime) -> None:
        """A transaction, for an order without its stock, or stock without its order, must never be.

        One line: 2 × (2 + 1) WCU + 2 for indexes. Where an offer is sold further down by now than was seen, it is tried once more.
        """
        try:
            self._place(order, held, now, again=True)
        except _SeenAnew as anew:
            self._place(order, {**held, **anew.stock}, now)

    def _place(self, order: Order, held: Mapping[str, StockItem], now: datetime, *, again: bool = False) -> None:
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item_of(order, envelope(placement_event(order), now)), condition=OrderItem.pk.does_not_exist())
                take_units(transaction, order.lines, held, now)
        except TransactWriteError as error:
            refusals = refusals_of(error)
            if refusals[0] == REFUSED:
                raise AlreadyCreated from error
            shortage = shortage_of(error, order.lines, refusals, first=1)
            if shortage is None:
                raise
            if again and (anew := seen_anew(error, order.lines, refusals, first=1, held=held)):
                raise _SeenAnew(anew) from error
            raise shortage from error

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order | None:
        return item_at(order_of, OrderItem, f"{account_id}#{storefront_id}", order_id)

    def numbered(self, account_id: str, storefront_id: str, prefix: str) -> list[Order]:
        mine = f"{account_id}#{storefront_id}"
        return [order_of(item) for item in OrderItem.query(mine, OrderItem.sk.startswith(prefix), consistent_read=True, limit=ALIKE)]

    def save(self, change: OrderChange, now: datetime) -> None:
        """A transaction only where stock moves with it: elsewhere one put, at half the price."""
        item = item_of(change.order, envelope(change.event, now) if change.event else None)
        unchanged = OrderItem.version == change.order.version - 1
        if not change.moves:
            write_once(lambda: item.save(condition=unchanged))
            return
        held = with_totals(change.moves)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=unchanged)
                move_units(transaction, change.moves, held, now)
        except TransactWriteError as error:
            if refusals_of(error)[0] != REFUSED:
                raise
            raise Contended from error

    def due(self, now: datetime) -> Iterator[tuple[str, str, str]]:
        for shard in range(SHARDS):
            for item in OrderItem.due.query(f"due#{shard}", OrderItem.open_sk < rfc3339(now), limit=SWEPT):
                account_id, storefront_id = item.pk.split("#")
                yield account_id, storefront_id, item.sk

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        tenant = f"{account_id}#{storefront_id}"
        last = {name: {"S": str(value)} for name, value in {**at, "pk": tenant}.items()} if at else None
        found = OrderItem.by_time.query(tenant, scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=last)
        keys = [(item.pk, item.sk) for item in found]
        items = sorted(OrderItem.batch_get(keys), key=lambda item: (item.placed_at, item.sk), reverse=True)
        shown, after = fitting(items, lambda item: len(item.order.encode())), found.last_evaluated_key
        if len(shown) < len(items):
            after = {name: {"S": getattr(shown[-1], name)} for name in ("sk", "placed_at")}
        return [order_of(item) for item in shown], ({name: after[name]["S"] for name in ("sk", "placed_at")} if after else None)
