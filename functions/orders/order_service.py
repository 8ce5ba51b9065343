"""Orders after checkout: looked at, paid, sent, cancelled, refunded, expired. Each change is a step from the order as last written."""

from collections.abc import Callable

from functions.orders.lifecycle.payment_events import after_authorization, after_capture, after_failed_refund, after_refund
from functions.orders.lifecycle.recall_flags import StockItems, after_hold, flag_unpaid
from functions.orders.lifecycle.shipment_events import after_shipment
from functions.orders.order import CancelReason, Order, OrderChange, Orders
from functions.orders.refunds.cancellation import cancellation, expiry
from functions.orders.refunds.refund import RefundAsk, refund_on_request
from functions.orders.refunds.refunds_owed import next_refund_owed
from monsoon_plugin.clock import Clock
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.paging import Position
from shared.errors import NotFound
from shared.ids import named
from shared.messages import (
    PaymentAuthorized,
    PaymentCaptured,
    PaymentEvent,
    PaymentRefunded,
    PaymentRefundFailed,
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentEvent,
    ShipmentHeld,
)
from shared.optimistic_retry import Busy, Retry

Step = Callable[[Order], OrderChange | None]


class OrderService:
    def __init__(self, orders: Orders, stock: StockItems, clock: Clock, retry: Retry) -> None:
        self._orders, self._stock, self._clock, self._retry = orders, stock, clock, retry

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        """The order; if it is unpaid, flagged for what has been recalled of it. Raises NotFound."""
        return flag_unpaid([self._load(account_id, storefront_id, order_id)], self._stock)[0]

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """A storefront's orders, the latest first, flagged as `order` does, and where the next page begins. Raises NotFound."""
        named(storefront_id)
        orders, after = self._orders.page(account_id, storefront_id, limit, at)
        return flag_unpaid(orders, self._stock), after

    def cancel(self, caller: Caller, storefront_id: str, order_id: str, reason: CancelReason) -> Order:
        """Cancel an order, once. An API key without the scope `manage` may cancel only what nobody has paid.

        Raises NotFound, ScopeTooSmall, AlreadyDispatched, Busy.
        """

        def step(order: Order) -> OrderChange | None:
            if order.has_payment and order.state != "cancelled":
                caller.need("manage")
            return cancellation(order, reason)

        return self._change(caller.account_id, storefront_id, order_id, step)

    def refund(self, account_id: str, storefront_id: str, order_id: str, ask: RefundAsk, idempotency: Idempotency) -> Order:
        """Request a refund, once for its Idempotency-Key. Raises NotFound, KeyReused, Busy and what `refund_on_request` raises."""
        refund_id = idempotency.id("ref")

        def step(order: Order) -> OrderChange | None:
            found = order.refund(refund_id)
            if found:
                idempotency.same(found.fingerprint)
                return None
            return refund_on_request(order, refund_id, idempotency.fingerprint, ask)

        return self._change(account_id, storefront_id, order_id, step)

    def record_authorization(self, message: PaymentAuthorized) -> None:
        self._record(message, lambda order: after_authorization(order, message))

    def record_capture(self, message: PaymentCaptured) -> None:
        self._record(message, lambda order: after_capture(order, message))

    def record_refund(self, message: PaymentRefunded) -> None:
        self._record(message, lambda order: after_refund(order, message))

    def record_failed_refund(self, message: PaymentRefundFailed) -> None:
        self._record(message, lambda order: after_failed_refund(order, message))

    def record_shipment(self, message: ShipmentDispatched | ShipmentDelivered) -> None:
        self._record(message, lambda order: after_shipment(order, message))

    def record_hold(self, message: ShipmentHeld) -> None:
        self._record(message, lambda order: after_hold(order, message))

    def sweep(self) -> dict[str, int]:
        """Expire what nobody paid in time, and request what is still owed. Answers how many orders were looked at, and left for later."""
        now, counts = self._clock(), {"swept": 0, "later": 0}
        for key in self._orders.due(now):
            try:
                self._change(*key, lambda order: expiry(order, now))
                counts["swept"] += 1
            except Busy:
                counts["later"] += 1
        return counts

    def _record(self, message: PaymentEvent | ShipmentEvent, step: Step) -> None:
        self._change(message.account_id, message.storefront_id, message.order_id, step)

    def _change(self, account_id: str, storefront_id: str, order_id: str, step: Step) -> Order:
        """Take the order one step on, and request whatever it owes from then on; the sweep does so after a crash in between."""

        def one(step: Step) -> Order:
            order = self._load(account_id, storefront_id, order_id)
            change = step(order)
            if change is None:
                return order
            self._orders.save(change, self._clock())
            return change.order

        order = self._retry(lambda: one(step))
        while next_refund_owed(order):
            order = self._retry(lambda: one(next_refund_owed))
        return order

    def _load(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        named(storefront_id, order_id)
        order = self._orders.order(account_id, storefront_id, order_id)
        if order is None:
            raise NotFound("this storefront has no such order")
        return order
