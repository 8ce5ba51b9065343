"""The order desk: places orders and carries them through payment, shipping, cancellation and refunds."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from functions.orders import payment, refund
from functions.orders.names import named
from functions.orders.offer import Shelf
from functions.orders.order import CancelReason, Change, Order, shipped
from functions.orders.pricing import Basket, Storefront, bounded, priced, shipping_of, short
from functions.orders.writes import AlreadyThere, Busy, Patience, Shortage
from shared.clock import Clock, from_rfc3339, rfc3339
from shared.errors import NotFound, Problem
from shared.idempotency import Idempotency
from shared.messages import PaymentAuthorized, PaymentCaptured, PaymentRefunded, ShipmentDelivered, ShipmentDispatched
from shared.money import Amount
from shared.quotes import PAYABLE_ORDER, SHIPPING_QUOTE, PayableOrder, ShippingQuote
from shared.tickets import Tickets

Position = dict[str, str | int]
"""Where a page ended."""
Step = Callable[[Order], Change | None]


class Orders(Protocol):
    """Where orders lie, beside the stock they take."""

    def counter(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> tuple[Storefront | None, Mapping[str, Shelf]]:
        """The storefront's rules and the offers, as last heard: one read."""

    def place(self, order: Order, now: datetime) -> None:
        """Write a new order and take its units, or nothing. Raises AlreadyThere, Shortage, Contended."""

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order | None:
        """The order as last written."""

    def save(self, change: Change, now: datetime) -> None:
        """Write the change, its event and the returned units, or nothing. Raises Contended unless the order is as it was before."""

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """At most `limit` of a storefront's orders, the latest first, and where the next page begins."""

    def due(self, now: datetime) -> Iterable[tuple[str, str, str]]:
        """Account, storefront and id of orders that the sweep has to look at."""


class Desk:
    def __init__(self, orders: Orders, clock: Clock, patience: Patience) -> None:
        self._orders, self._clock, self._patience = orders, clock, patience

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        """Raises NotFound."""
        named(storefront_id, order_id)
        order = self._orders.order(account_id, storefront_id, order_id)
        if order is None:
            raise NotFound("this storefront has no such order")
        return order

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """A storefront's orders, the latest first, and where the next page begins. Raises NotFound."""
        named(storefront_id)
        return self._orders.page(account_id, storefront_id, limit, at)

    def place(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency, tickets: Tickets) -> Order:
        """Place an order, or answer the one that this Idempotency-Key placed, whatever has changed since.

        Raises what `priced` and `shipping_of` raise, NotFound, TicketRefused, OutOfStock, NotSellable, KeyReused, Busy.
        """
        named(storefront_id)
        try:
            order = self._priced(account_id, storefront_id, basket, idempotency, tickets)
            self._patience(lambda: self._orders.place(order, self._clock()))
        except (Problem, Shortage, AlreadyThere) as refusal:
            before = self._orders.order(account_id, storefront_id, idempotency.id("ord"))
            if before is None:
                raise (short(basket, refusal.left) if isinstance(refusal, Shortage) else refusal) from refusal
            idempotency.same(before.fingerprint)
            return before
        return order

    def _priced(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency, tickets: Tickets) -> Order:
        now = self._clock()
        quote = tickets.read(SHIPPING_QUOTE, basket.shipping_ticket, ShippingQuote, now, "/shipping_ticket")
        storefront, shelves = self._orders.counter(account_id, storefront_id, basket.quantities)
        if storefront is None:
            raise NotFound("there is no such storefront")
        lines, currency = priced(basket, storefront, shelves)
        order = Order(
            id=idempotency.id("ord"), account_id=account_id, storefront_id=storefront_id, placed_at=rfc3339(now),
            fingerprint=idempotency.fingerprint, currency=currency, language=basket.language, buyer=basket.buyer,
            address=basket.address, lines=tuple(lines), pay_by=rfc3339(now + basket.pay_within),
            shipping=shipping_of(quote, basket, account_id, storefront_id, currency),
        )  # fmt: skip
        bounded(order.total)
        return order

    def payment_ticket(self, order: Order, tickets: Tickets) -> str | None:
        """A ticket with which the order can be paid until its deadline; None when it need not or cannot be paid any more."""
        now, pay_by = self._clock(), from_rfc3339(order.pay_by)
        if order.state != "unpaid" or pay_by <= now:
            return None
        amount = Amount(amount=order.total, currency=order.currency)
        payable = PayableOrder(account_id=order.account_id, storefront_id=order.storefront_id, order_id=order.id, amount=amount)
        return tickets.issue(PAYABLE_ORDER, payable, now, pay_by - now)

    def cancel(self, account_id: str, storefront_id: str, order_id: str, reason: CancelReason) -> Order:
        """Raises NotFound, AlreadyDispatched, Busy."""
        return self._change(account_id, storefront_id, order_id, lambda order: refund.cancelled(order, reason))

    def refund(self, account_id: str, storefront_id: str, order_id: str, ask: refund.RefundAsk, idempotency: Idempotency) -> Order:
        """Request a refund, once for its Idempotency-Key. Raises NotFound, KeyReused, Busy and what `refund.requested` raises."""
        refund_id = idempotency.id("ref")

        def step(order: Order) -> Change | None:
            found = order.refund(refund_id)
            if found:
                idempotency.same(found.fingerprint)
                return None
            return refund.requested(order, refund_id, idempotency.fingerprint, ask)

        return self._change(account_id, storefront_id, order_id, step)

    def authorized(self, message: PaymentAuthorized) -> None:
        self._heard(message, lambda order: payment.authorized(order, message))

    def captured(self, message: PaymentCaptured) -> None:
        self._heard(message, lambda order: payment.captured(order, message))

    def refunded(self, message: PaymentRefunded) -> None:
        self._heard(message, lambda order: payment.refunded(order, message))

    def shipped(self, message: ShipmentDispatched | ShipmentDelivered) -> None:
        self._heard(message, lambda order: shipped(order, message))

    def sweep(self) -> dict[str, int]:
        """Expire what nobody paid in time, and request what is still owed. Answers how many orders were looked at, and left for later."""
        now, counts = self._clock(), {"swept": 0, "later": 0}
        for key in self._orders.due(now):
            try:
                self._change(*key, lambda order: refund.expired(order, now))
                counts["swept"] += 1
            except Busy:
                counts["later"] += 1
        return counts

    def _heard(
        self, message: PaymentAuthorized | PaymentCaptured | PaymentRefunded | ShipmentDispatched | ShipmentDelivered, step: Step
    ) -> None:
        self._change(message.account_id, message.storefront_id, message.order_id, step)

    def _change(self, account_id: str, storefront_id: str, order_id: str, step: Step) -> Order:
        """Take the order one step on, and request whatever it owes from then on; the sweep does so after a crash in between."""

        def one(step: Step) -> Order:
            order = self.order(account_id, storefront_id, order_id)
            change = step(order)
            if change is None:
                return order
            self._orders.save(change, self._clock())
            return change.order

        order = self._patience(lambda: one(step))
        while refund.owed(order):
            order = self._patience(lambda: one(refund.owed))
        return order
