"""Orders after checkout: looked at, paid, sent, cancelled, refunded, expired. Each change is a step from the order as last written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile

from functions.orders.lifecycle.payment_events import after_authorization, after_capture, after_failed_refund, after_refund
from functions.orders.lifecycle.payment_reversals import (
    after_ended_authorization,
    after_failed_cancellation,
    after_refund_elsewhere,
    after_reversal,
)
from functions.orders.lifecycle.recall_flags import StockItems, after_hold, flag_unpaid, with_recalled
from functions.orders.lifecycle.shipment_events import after_shipment
from functions.orders.order import Order, OrderChange
from functions.orders.orders_kept import Orders
from functions.orders.refunds.cancellation import cancellation, expiry
from functions.orders.refunds.refund import RefundAsk, refund_on_request
from functions.orders.refunds.refunds_owed import next_refund_owed
from functions.orders.withdrawals.answers import after_kept, after_released
from functions.orders.withdrawals.questions import asked_again, recall_after_patience, recall_withdrawal
from functions.orders.withdrawals.units import tracked
from functions.orders.withdrawals.unpaid_withdrawals import paid_back_withdrawal, promise_withdrawal
from functions.orders.withdrawals.withdrawal import EVERYBODY
from monsoon_plugin.clock import UNCOUNTED, Clock, TimeLeft, rfc3339
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.paging import Position
from shared.buyers.order_number import id_prefix
from shared.errors import NotFound
from shared.ids import named
from shared.iteration import sweep_each
from shared.messages import PaymentAuthorized, PaymentCaptured, PaymentEvent, PaymentRefunded, PaymentRefundFailed
from shared.optimistic_retry import Busy, Retry
from shared.order_messages import CancelReason
from shared.shipment_messages import (
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentEvent,
    ShipmentHeld,
    ShipmentUnitsKept,
    ShipmentUnitsReleased,
)
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere

Step = Callable[[Order], OrderChange | None]
SPARE = timedelta(seconds=5)
"""With less time left than this a sweep looks at no other order: that takes some 30 ms, and under contention two seconds."""


class OrderService:
    def __init__(self, orders: Orders, stock: StockItems, *, patience: Callable[[], timedelta], clock: Clock, retry: Retry) -> None:
        """`patience`: for so long a paid order waits for recalled goods to be free again."""
        self._orders, self._stock, self._patience, self._clock, self._retry = orders, stock, patience, clock, retry

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        """The order; if it is unpaid, flagged for what has been recalled of it. Raises NotFound."""
        return flag_unpaid([self._load(account_id, storefront_id, order_id)], self._stock)[0]

    def numbered(self, account_id: str, storefront_id: str, number: str) -> list[Order]:
        """A storefront's orders of this number, flagged as `order` does: one, hardly ever two. Raises NotFound."""
        named(storefront_id)
        prefix = id_prefix(number)
        return flag_unpaid(list(self._orders.numbered(account_id, storefront_id, prefix)), self._stock) if prefix else []

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """A storefront's orders, the latest first, flagged as `order` does, and where the next page begins. Raises NotFound."""
        named(storefront_id)
        orders, after = self._orders.page(account_id, storefront_id, limit, at)
        return flag_unpaid(orders, self._stock), after

    def cancel(
        self, caller: Caller, storefront_id: str, order_id: str, reason: CancelReason, supplier_id: str | None = None
    ) -> Order:  # fmt: skip
        """Cancel an order, or one supplier's part of it, once. What may have been packed is asked back first.

        An API key without the scope `manage` may cancel only what nobody has paid.
        Raises NotFound, ScopeTooSmall, AlreadyDispatched, NotConfirmed, Invalid, Busy.
        """

        def step(order: Order) -> OrderChange | None:
            if order.has_payment and order.state != "cancelled":
                caller.need("manage")
            return cancellation(order, reason, self._clock(), supplier_id or EVERYBODY)

        return self._change(caller.account_id, storefront_id, order_id, step)

    def forget(self, order: Order) -> Order:
        """Note that its buyer was erased, once. Raises NotFound, Busy."""
        forgotten = self._change(
            order.account_id, order.storefront_id, order.id, lambda o: None if o.forgotten else OrderChange(o.next(forgotten=True))
        )
        return flag_unpaid([forgotten], self._stock)[0]

    def refund(self, account_id: str, storefront_id: str, order_id: str, ask: RefundAsk, idempotency: Idempotency) -> Order:
        """Request a refund, once for its Idempotency-Key. Raises NotFound, KeyReused, Busy and what `refund_on_request` raises."""
        refund_id = idempotency.id("ref")

        def step(order: Order) -> OrderChange | None:
            found = order.refund(refund_id) or order.withdrawal(refund_id)
            if found:
                idempotency.same(found.fingerprint)
                return None
            return refund_on_request(order, refund_id, idempotency.fingerprint, ask, self._clock())

        return self._change(account_id, storefront_id, order_id, step)

    def record_authorization(self, message: PaymentAuthorized) -> None:
        self._record(message, lambda order: with_recalled(after_authorization(order, message), order, self._stock))

    def record_capture(self, message: PaymentCaptured) -> None:
        self._record(message, lambda order: with_recalled(after_capture(order, message), order, self._stock))

    def record_refund(self, message: PaymentRefunded) -> None:
        self._record(message, lambda order: after_refund(order, message))

    def record_failed_refund(self, message: PaymentRefundFailed) -> None:
        self._record(message, lambda order: after_failed_refund(order, message))

    def record_refund_elsewhere(self, message: PaymentRefundedElsewhere) -> None:
        self._record(message, lambda order: after_refund_elsewhere(order, message))

    def record_reversal(self, message: PaymentCaptureReversed) -> None:
        self._record(message, lambda order: after_reversal(order, message))

    def record_ended_authorization(self, message: PaymentAuthorizationEnded) -> None:
        ends = rfc3339(self._clock() + self._patience())
        self._record(message, lambda order: after_ended_authorization(order, message, ends))

    def record_failed_cancellation(self, message: PaymentCancelFailed) -> None:
        self._record(message, lambda order: after_failed_cancellation(order, message))

    def record_shipment(self, message: ShipmentDispatched | ShipmentDelivered) -> None:
        self._record(message, lambda order: after_shipment(order, message, self._clock()))

    def record_hold(self, message: ShipmentHeld) -> None:
        ends = rfc3339(self._clock() + self._patience())
        self._record(message, lambda order: after_hold(order, message, ends))

    def record_release(self, message: ShipmentUnitsReleased) -> None:
        self._record(message, lambda order: after_released(order, message, self._clock()))

    def record_kept(self, message: ShipmentUnitsKept) -> None:
        self._record(message, lambda order: after_kept(order, message, self._clock()))

    def sweep(self, time_left: TimeLeft = UNCOUNTED) -> dict[str, int]:
        """Expire what nobody paid in time, ask again what nobody answered, withdraw what stays recalled or unpaid, request what is owed.

        Answers how many orders were looked at, and left for later; what there is no time for stays due. Raises as `sweep_each` does.
        """
        now = self._clock()
        in_time = takewhile(lambda _: time_left() >= SPARE, self._orders.due(now))
        looked_at = sweep_each(in_time, lambda key: self._look_at(*key, now), "orders")
        return {"swept": sum(looked_at), "later": len(looked_at) - sum(looked_at)}

    def _look_at(self, account_id: str, storefront_id: str, order_id: str, now: datetime) -> bool:
        """Let an order do what it is due for; not if it changes too fast: it stays due."""
        try:
            self._change(account_id, storefront_id, order_id, lambda order: _due_change(order, now))
        except Busy:
            return False
        return True

    def _record(self, message: PaymentEvent | ShipmentEvent, step: Step) -> None:
        self._change(message.account_id, message.storefront_id, message.order_id, step)

    def _change(self, account_id: str, storefront_id: str, order_id: str, step: Step) -> Order:
        """Take the order one step on, and then whatever follows by itself; the sweep does so after a crash in between."""

        def one(step: Step) -> Order:
            order = self._load(account_id, storefront_id, order_id)
            change = step(order)
            if change is None:
                return order
            self._orders.save(tracked(order, change), self._clock())
            return change.order

        order = self._retry(lambda: one(step))
        while self._owed(order):
            order = self._retry(lambda: one(self._owed))
        return order

    def _owed(self, order: Order) -> OrderChange | None:
        """What the order does next by itself."""
        now = self._clock()
        return next_refund_owed(order) or recall_withdrawal(order, now) or paid_back_withdrawal(order, now)

    def _load(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        named(storefront_id, order_id)
        order = self._orders.order(account_id, storefront_id, order_id)
        if order is None:
            raise NotFound("this storefront has no such order")
        return order


def _due_change(order: Order, now: datetime) -> OrderChange | None:
    """What the sweep does with an order whose time has come."""
    return expiry(order, now) or recall_after_patience(order, now) or promise_withdrawal(order, now) or asked_again(order, now)
