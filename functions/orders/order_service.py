"""The order desk: places orders and carries them through payment, shipping, cancellation and refunds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from functions.orders.checkout.pricing import Basket, Counter, bounded, priced, shipping_of, short
from functions.orders.inventory.stock_item import Shelf
from functions.orders.lifecycle import payment_events as payment
from functions.orders.lifecycle import recall_flags as flag
from functions.orders.order import CancelReason, Change, Order, shipped
from functions.orders.refunds import refund
from functions.orders.writes import AlreadyThere, Busy, Patience, Shortage
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.money import Amount
from shared.api.idempotency import Idempotency
from shared.api.ticket_contents import PAYABLE_ORDER, SHIPPING_QUOTE, PayableOrder, ShippingQuote
from shared.api.tickets import Tickets
from shared.errors import NotFound, Problem
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
from shared.trade.fx import Rates

Position = dict[str, str | int]
"""Where a page ended."""
Step = Callable[[Order], Change | None]


class Orders(Protocol):
    """Where orders lie, beside the stock they take."""

    def counter(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> Counter:
        """What is to be seen of the storefront and the offers: one read."""

    def shelves(self, offer_ids: Iterable[str]) -> Mapping[str, Shelf]:
        """The offers, as last heard: one read for each 100."""

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
    def __init__(self, orders: Orders, clock: Clock, patience: Patience, rates: Callable[[], Rates]) -> None:
        """`rates` answers the day's exchange rates, NO_RATES if there are none."""
        self._orders, self._clock, self._patience, self._rates = orders, clock, patience, rates

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        """The order; if it is unpaid, flagged for what has been recalled of it. Raises NotFound."""
        return self._looked([self._kept(account_id, storefront_id, order_id)])[0]

    def _kept(self, account_id: str, storefront_id: str, order_id: str) -> Order:
        named(storefront_id, order_id)
        order = self._orders.order(account_id, storefront_id, order_id)
        if order is None:
            raise NotFound("this storefront has no such order")
        return order

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        """A storefront's orders, the latest first, flagged as `order` does, and where the next page begins. Raises NotFound."""
        named(storefront_id)
        orders, after = self._orders.page(account_id, storefront_id, limit, at)
        return self._looked(orders), after

    def _looked(self, orders: Sequence[Order]) -> list[Order]:
        """No shipment holds what is not paid for, so unpaid orders are flagged by a look at their offers: at most 50 an order."""
        offer_ids = {line.offer_id for order in orders if order.state == "unpaid" for line in order.lines}
        shelves = self._orders.shelves(offer_ids) if offer_ids else {}
        recalled = {offer_id: shelf.reason for offer_id, shelf in shelves.items() if not shelf.sellable}
        return [_flagged(order, recalled) if order.state == "unpaid" else order for order in orders]

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
            return self._looked([before])[0]
        return order

    def _priced(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency, tickets: Tickets) -> Order:
        now = self._clock()
        quote = tickets.read(SHIPPING_QUOTE, basket.shipping_ticket, ShippingQuote, now, "/shipping_ticket")
        counter = self._orders.counter(account_id, storefront_id, basket.quantities)
        if counter.storefront is None:
            raise NotFound("there is no such storefront")
        bill = priced(basket, counter.storefront, counter, self._rates)
        order = Order(
            id=idempotency.id("ord"), account_id=account_id, storefront_id=storefront_id, placed_at=rfc3339(now),
            fingerprint=idempotency.fingerprint, currency=bill.currency, language=basket.language, buyer=basket.buyer,
            address=basket.address, lines=bill.lines, rates_day=bill.rates_day, pay_by=rfc3339(now + basket.pay_within),
            shipping=shipping_of(quote, basket, account_id, storefront_id, bill.currency),
        )  # fmt: skip
        bounded(order.total)
        return order

    def payment_ticket(self, order: Order, tickets: Tickets) -> str | None:
        """A ticket with which the order can be paid until its deadline; None when it need not, or cannot be paid any more.

        None, too, while goods of it are flagged: nobody pays for what will not be sent.
        """
        now, pay_by = self._clock(), from_rfc3339(order.pay_by)
        if order.state != "unpaid" or pay_by <= now or order.flagged:
            return None
        amount = Amount(amount=order.total, currency=order.currency)
        payable = PayableOrder(
            account_id=order.account_id, storefront_id=order.storefront_id, order_id=order.id, amount=amount, country=order.address.country
        )
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

    def refund_failed(self, message: PaymentRefundFailed) -> None:
        self._heard(message, lambda order: payment.refund_failed(order, message))

    def shipped(self, message: ShipmentDispatched | ShipmentDelivered) -> None:
        self._heard(message, lambda order: shipped(order, message))

    def held(self, message: ShipmentHeld) -> None:
        self._heard(message, lambda order: flag.held(order, message))

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

    def _heard(self, message: PaymentEvent | ShipmentEvent, step: Step) -> None:
        self._change(message.account_id, message.storefront_id, message.order_id, step)

    def _change(self, account_id: str, storefront_id: str, order_id: str, step: Step) -> Order:
        """Take the order one step on, and request whatever it owes from then on; the sweep does so after a crash in between."""

        def one(step: Step) -> Order:
            order = self._kept(account_id, storefront_id, order_id)
            change = step(order)
            if change is None:
                return order
            self._orders.save(change, self._clock())
            return change.order

        order = self._patience(lambda: one(step))
        while refund.owed(order):
            order = self._patience(lambda: one(refund.owed))
        return order


def _flagged(order: Order, recalled: Mapping[str, str]) -> Order:
    """The order as it is shown; its flags are not kept."""
    return order.model_copy(update={"flags": {line.offer_id: recalled[line.offer_id] for line in order.lines if line.offer_id in recalled}})
