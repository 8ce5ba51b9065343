"""Checkout: a basket becomes an order, priced by us, with its units taken off the stock in the same write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.orders.buyers.buyer_sealing import BuyerSealing
from functions.orders.checkout.basket import Basket
from functions.orders.checkout.bill import Bill, TotalChanged
from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot, Snapshots
from functions.orders.checkout.pricing import check_total, price_basket
from functions.orders.checkout.shipping_choice import QUOTE, shipping_choice, without_quote
from functions.orders.inventory.shortage import Shortage, shortage_problem
from functions.orders.inventory.stock_item import StockItem
from functions.orders.lifecycle.recall_flags import StockItems, flag_unpaid
from functions.orders.order import Order
from functions.orders.orders_kept import Orders
from functions.orders.withdrawals.units import is_being_cancelled
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.money import Amount
from shared.api.idempotency import AlreadyCreated, Idempotency
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, SHIPPING_QUOTE, PayableOrder, ShippingQuote
from shared.api.tickets import Tickets
from shared.errors import NotFound, Problem
from shared.ids import named
from shared.optimistic_retry import Retry
from shared.trade.fx import Rates


class Stock(StockItems, Protocol):
    """Where offers lie with their stock."""

    def ready(self, held: Mapping[str, StockItem]) -> None:
        """Let these offers, which are older than running totals, have them: once in an offer's life. Raises Contended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutService:
    orders: Orders
    snapshots: Snapshots
    stock: Stock
    tickets: Tickets
    clock: Clock
    retry: Retry
    buyers: BuyerSealing
    rates: Callable[[], Rates]
    """The day's exchange rates, NO_RATES if there are none."""

    def place(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency) -> Order:
        """Place an order, or answer the one that this Idempotency-Key placed, whatever has changed since.

        Raises what `price_basket` and `shipping_choice` raise, NotFound, TicketRefused, OutOfStock, NotSellable, KeyReused, Busy.
        """
        named(storefront_id)
        try:
            order, held = self._draft(account_id, storefront_id, basket, idempotency)
            self.retry(lambda: self.orders.place(order, held, self.clock()))
        except (Problem, Shortage, AlreadyCreated) as refusal:
            before = self.orders.order(account_id, storefront_id, idempotency.id("ord"))
            if before is None:
                raise (shortage_problem(basket.quantities, refusal.left) if isinstance(refusal, Shortage) else refusal) from refusal
            idempotency.same(before.fingerprint)
            return flag_unpaid([before], self.stock)[0]
        return order

    def bill(self, account_id: str, storefront_id: str, basket: Basket) -> Bill:
        """What an order of the basket would come to now: one read, and nothing is written.

        Raises what `place` raises of a basket that cannot be ordered; OutOfStock where fewer units are left.
        """
        bill, snapshot = self._priced(account_id, storefront_id, basket)
        held = {offer_id: stock for offer_id, stock in snapshot.stock.items() if offer_id in basket.quantities}
        short = {o: max(0, s.quantity - s.floor) for o, s in held.items() if s.quantity - s.floor < basket.quantities[o]}
        if short:
            raise shortage_problem(basket.quantities, short)
        return bill

    def _priced(self, account_id: str, storefront_id: str, basket: Basket) -> tuple[Bill, CheckoutSnapshot]:
        now = self.clock()
        ticket = basket.shipping_ticket
        quote = self.tickets.read(SHIPPING_QUOTE, ticket, ShippingQuote, now, QUOTE) if ticket else None
        snapshot = self.snapshots.snapshot(account_id, storefront_id, basket.quantities)
        if snapshot.storefront is None:
            raise NotFound("there is no such storefront")
        quoted_at = from_rfc3339(quote.quoted_at) if quote and quote.quoted_at else now
        bill = price_basket(basket, snapshot.storefront, snapshot, self.rates, quoted_at)
        lines, currency = bill.lines, bill.currency
        shipping = (
            shipping_choice(quote, basket, account_id, storefront_id, currency=currency, lines=lines)
            if quote
            else without_quote(basket, lines)
        )
        return Bill(lines=lines, currency=currency, rates_day=bill.rates_day, shipping=shipping), snapshot

    def _draft(
        self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency
    ) -> tuple[Order, Mapping[str, StockItem]]:
        """The order, priced, and its offers as they were seen; nothing of it is written."""
        bill, snapshot = self._priced(account_id, storefront_id, basket)
        if old := {offer_id: stock for offer_id, stock in snapshot.stock.items() if stock.totals is None}:
            self.retry(lambda: self.stock.ready(old))
        now, lines = self.clock(), bill.lines
        order = Order(
            id=idempotency.id("ord"),
            account_id=account_id,
            storefront_id=storefront_id,
            placed_at=rfc3339(now),
            fingerprint=idempotency.fingerprint,
            tracked=True,
            by_parcel=len({line.part for line in lines}) > 1,
            currency=bill.currency,
            **basket.said | {"buyer": self.buyers.identified(account_id, basket.buyer)},
            lines=lines,
            rates_day=bill.rates_day,
            pay_by=rfc3339(now + basket.pay_within),
            shipping=bill.shipping,
        )
        check_total(order.total)
        if basket.expected_total not in (None, order.total):
            raise TotalChanged(f"it comes to {order.total} minor units of {order.currency} by now", total=order.total)
        return self.buyers.sealed(order), snapshot.stock

    def payment_ticket(self, order: Order) -> str | None:
        """A ticket with which the order can be paid for PAYABLE_FOR, at most until its deadline; each reading of it brings a new one.

        None when it need not, or cannot be paid any more; and while goods of it are flagged: nobody pays for what will not be sent.
        """
        now = self.clock()
        pay_by = _payable_until(order, now)
        if pay_by <= now or order.flagged or is_being_cancelled(order):
            return None
        payable = PayableOrder(
            account_id=order.account_id,
            storefront_id=order.storefront_id,
            order_id=order.id,
            amount=Amount(amount=order.total, currency=order.currency),
            country=order.country,
            requires_shipping=order.requires_shipping,
        )
        return self.tickets.issue(PAYABLE_ORDER, payable, now, min(PAYABLE_FOR, pay_by - now))


def _payable_until(order: Order, now: datetime) -> datetime:
    """While it awaits payment, for the first time or anew: how long it does; else `now`. What was taken back may be paid for until the
    owner cancels it.
    """
    if order.state == "review" and order.review == "capture_reversed":
        return now if any(order.held_by(payment.id) for payment in order.payments) else now + PAYABLE_FOR
    until = order.pay_by if order.state == "unpaid" else order.promise_over if order.state == "review" else ""
    return from_rfc3339(until) if until else now
