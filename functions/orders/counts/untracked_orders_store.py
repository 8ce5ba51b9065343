"""Orders of before there were counts: found once after an upgrade, and counted among those that wait for dispatch from then on."""

from collections.abc import Iterable, Iterator, Mapping

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from functions.orders.counts.stock_moves_store import begin_totals
from functions.orders.inventory.inventory_items import ReplicaItem, count_is, kept_past, kept_totals, stock_of
from functions.orders.inventory.stock_item import StockItem
from functions.orders.order import Order
from functions.orders.order_items import OrderItem, item_of, order_of
from functions.orders.table_store import REFUSED, item_at, refusals_of
from functions.orders.withdrawals.units import untracked
from shared.aws.dynamo import bind, connection
from shared.optimistic_retry import Contended

PAGE = 100
"""Items that one read of the table looks through."""
SPEED = 100
"""Read units that going through the table takes a second, at most."""
MARK = '"tracked":true'
"""What the JSON of an order has in it whose units are known to wait; in a text of somebody's, its quotes would be
escaped. In a packed one nothing is found: it is looked at when it is read."""


class UntrackedOrderStore:
    """Old orders on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, OrderItem, ReplicaItem)

    def untracked(self) -> Iterator[Order]:
        """Every order of before, finished or not, as it stood when its page was read."""
        body = Path("order")  # not the attribute: it would pack what is looked for
        found = OrderItem.scan(filter_condition=body.exists() & ~body.contains(MARK), page_size=PAGE, rate_limit=SPEED)
        return (order for order in map(order_of, found) if not order.tracked)

    def track(self, order: Order) -> dict[str, int]:
        """Count the order's units among those of its offers that wait, in one write with the order's own mark, so that it is done once.

        Its last event stays, and nothing is told: for nobody else has it changed. Answers offer id → units; empty if there was nothing to
        do. Raises Contended if the order or an offer changes at this moment, and KeyError for an offer that is not there.
        """
        now = item_at(order_of, OrderItem, f"{order.account_id}#{order.storefront_id}", order.id)
        if now is None or not (units := untracked(now)):
            return {}
        held = self._held(units)
        after = item_of(now.next(tracked=True), None)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.update(
                    OrderItem(after.pk, after.sk),
                    actions=[OrderItem.order.set(after.order), OrderItem.version.set(after.version)],
                    condition=OrderItem.version == now.version,
                )
                for offer_id, waiting in units.items():
                    _wait(transaction, held[offer_id], held[offer_id].waited(waiting))
        except TransactWriteError as error:
            if REFUSED not in refusals_of(error):
                raise
            raise Contended from error
        return units

    @staticmethod
    def _held(offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
        """The offers as last written. Raises Contended where one had no totals: it has them from now on."""
        items = ReplicaItem.batch_get([(offer_id, "offer") for offer_id in offer_ids], consistent_read=True)
        held = {item.pk: stock_of(item) for item in items}
        new = [offer_id for offer_id, stock in held.items() if stock.totals is None]
        for offer_id in new:
            begin_totals(offer_id)
        if new:
            raise Contended
        return held


def _wait(transaction: TransactWrite, held: StockItem, after: StockItem) -> None:
    """Write an offer's totals and all that is noted of them, if nothing moved since it was read."""
    assert held.totals
    assert after.totals
    unmoved = (ReplicaItem.totals == kept_totals(held.totals.now)) & (ReplicaItem.past == kept_past(held.totals)) & count_is(held)
    actions = [ReplicaItem.totals.set(kept_totals(after.totals.now)), ReplicaItem.past.set(kept_past(after.totals))]
    if after.quantity != held.quantity:
        actions.append(ReplicaItem.quantity.add(after.quantity - held.quantity))
    transaction.update(ReplicaItem(held.offer_id, "offer"), actions=actions, condition=unmoved)
