"""From events to the ledger: each entry once, its lines completed by whichever delivery comes last."""

from collections.abc import Sequence
from typing import Protocol

from functions.settlement.payouts.batches.payout_postings import entries_of_dispute
from functions.settlement.posting_rules import order_payment
from functions.settlement.posting_rules.order_payment import Booking, Terms
from functions.settlement.posting_rules.payable import Payable, available_on, payables_of
from monsoon_plugin.clock import Clock
from shared.messages import PaymentDisputed
from shared.order_messages import OrderPaid, OrderRefunded, OrderRefundFailed

ATTEMPTS = 8
"""Refunds of one order that may race each other; the next one goes back to the queue."""


class NotPaidYet(Exception):
    """A refund came before its order's payment, or lost the race for a slot too often; the queue brings it again."""


class Books(Protocol):
    """Where orders' books lie."""

    def bookings(self, book: str) -> list[Booking]:
        """The order's payment and refunds in the order they were booked, read consistently; empty if it was not paid."""
        ...

    def whole_book(self, book: str) -> list[Booking]:
        """All that was booked for an order, payments that were sent back too."""
        ...

    def append(self, booking: Booking) -> Booking:
        """Write `booking` unless its slot is taken; answers what now stands in the slot."""
        ...

    def write_lines(self, booking: Booking) -> None:
        """Put the booking's statement lines; doing it again changes nothing."""
        ...

    def write_payables(self, booking: Booking, payables: Sequence[Payable]) -> None:
        """Put what the booking makes payable (at least one), once for the booking, whatever is done with it afterwards."""
        ...

    def introduced_by(self, account_id: str, supplier_id: str, order_id: str) -> str:
        """The first order that brought the supplier to the account: this one, unless another was recorded."""
        ...


class Settlement:
    """Books what orders tell. `per_mille` is the platform's commission, 0 for none; payees are paid `hold_days` after the order."""

    def __init__(self, books: Books, per_mille: int, now: Clock, hold_days: int = 0) -> None:
        self._books, self._per_mille, self._now, self._hold_days = books, per_mille, now, hold_days

    def order_paid(self, event: OrderPaid) -> None:
        """Book the payment. Raises Unbalanced, which ends in the dead-letter queue."""
        booking = self._books.append(order_payment.paid(event, self._terms(event), self._now()))
        self._books.write_lines(booking)
        self._owe(booking, booking)

    def order_refunded(self, event: OrderRefunded) -> None:
        """Book the refund. Raises NotPaidYet, or Unbalanced, which ends in the dead-letter queue."""
        if order_payment.is_order_refund(event):
            first, booking = self._append_refund(event)
            self._owe(booking, first)
        else:
            booking = self._books.append(order_payment.sent_back(event, self._now()))
        self._books.write_lines(booking)

    def order_refund_failed(self, event: OrderRefundFailed) -> None:
        """Reverse a refund that had been told as paid and was not. Raises NotPaidYet if its booking is not to be seen yet."""
        if event.was_paid:
            first, booking = self._append_reversal(event)
            self._books.write_lines(booking)
            self._owe(booking, first)

    def _append_reversal(self, event: OrderRefundFailed) -> tuple[Booking, Booking]:
        """The order's first booking and the reversal."""
        book = order_payment.book_of(event)
        for _ in range(ATTEMPTS):
            refund = next((b for b in self._books.whole_book(book) if order_payment.has_entry(b, event)), None)
            if refund is None:
                break
            before = self._books.bookings(book)
            booked = next((booking for booking in before if order_payment.has_reversal(booking, event)), None)
            stands = booked or self._books.append(order_payment.refund_taken_back(event, refund, before, self._now()))
            if order_payment.has_reversal(stands, event):
                return (before or [stands])[0], stands
        raise NotPaidYet(f"{event.refund_id} of {event.order_id}")

    def payment_disputed(self, event: PaymentDisputed) -> None:
        """Book what the shopper's bank took back, and gave back if the merchant won."""
        for entry in entries_of_dispute(event, self._now()):
            self._books.write_lines(self._books.append(entry))

    def _append_refund(self, event: OrderRefunded) -> tuple[Booking, Booking]:
        """The payment's booking and the refund's."""
        for _ in range(ATTEMPTS):
            before = self._books.bookings(order_payment.book_of(event))
            if not before:
                break
            booked = next((booking for booking in before if order_payment.has_entry(booking, event)), None)
            stands = booked or self._books.append(order_payment.refunded(event, before, self._now()))
            if order_payment.has_entry(stands, event):
                return before[0], stands
        raise NotPaidYet(f"{event.refund_id} of {event.order_id}")

    def _owe(self, booking: Booking, first: Booking) -> None:
        payables = payables_of(booking, available_on(first, self._hold_days))
        if payables:
            self._books.write_payables(booking, payables)

    def _terms(self, event: OrderPaid) -> Terms:
        suppliers = {line.supplier_id for line in event.lines} if self._per_mille else set()
        mine = (s for s in sorted(suppliers) if self._books.introduced_by(event.account_id, s, event.order_id) == event.order_id)
        return Terms(self._per_mille, frozenset(mine))
