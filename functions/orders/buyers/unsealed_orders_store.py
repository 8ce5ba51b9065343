"""Orders of before buyers were sealed: found once after an upgrade, and sealed where they lie."""

from collections.abc import Iterator

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.orders.buyers.buyer_sealing import BuyerSealing, lies_in_the_clear
from functions.orders.order import Order
from functions.orders.order_items import OrderItem, item_of, order_of
from functions.orders.table_store import item_at
from shared.aws.dynamo import bind, refused
from shared.optimistic_retry import Contended

PAGE = 100
"""Items that one read of the table looks through."""
SPEED = 100
"""Read units that going through the table takes a second, at most."""


class UnsealedOrderStore:
    """Old orders on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, OrderItem)

    def orders(self) -> Iterator[Order]:
        """Every order, as it stood when its page was read."""
        found = OrderItem.scan(filter_condition=OrderItem.placed_at.exists(), page_size=PAGE, rate_limit=SPEED)
        return map(order_of, found)

    def seal(self, order: Order, buyers: BuyerSealing) -> bool:
        """Seal what says who bought it and where it goes, as a new order has it, and drop its last event, which says it, too, and was told.

        Nothing is told: for nobody else has it changed. False if there was nothing to do by now. Raises Contended if it changes at this
        moment; the key that was made then opens nothing.
        """
        now = self.order(order.account_id, order.storefront_id, order.id)
        if now is None or not lies_in_the_clear(now):
            return False
        known = now.model_copy(update={"buyer": buyers.identified(now.account_id, now.buyer)})
        after = item_of(buyers.sealed(known.next()), None)
        written: list[Action] = [OrderItem.order.set(after.order), OrderItem.version.set(after.version), OrderItem.event.remove()]
        try:
            OrderItem(after.pk, after.sk).update(written, condition=OrderItem.version == now.version)
        except UpdateError as error:
            if not refused(error):
                raise
            raise Contended from error
        return True

    @staticmethod
    def order(account_id: str, storefront_id: str, order_id: str) -> Order | None:
        """The order as last written."""
        return item_at(order_of, OrderItem, f"{account_id}#{storefront_id}", order_id)
