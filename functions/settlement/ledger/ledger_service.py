"""From events to the ledger: each entry once, its lines completed by whichever delivery comes last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from functions.settlement.ledger.booking import Booking, book_of
from functions.settlement.payables.payable import Payable
from functions.settlement.posting_rules.dispute import dispute_bookings
from functions.settlement.posting_rules.first_introduction import Introductions, fix_terms
from functions.settlement.posting_rules.lost_payment import (
    anew_fee_booking,
    failed_refund_moves,
    lost_payment_booking,
    regained_payment_booking,
)
from functions.settlement.posting_rules.order_payables import payables_of, with_payables
from functions.settlement.posting_rules.order_payment import payment_booking
from functions.settlement.posting_rules.payout_hold import available_on
from functions.settlement.posting_rules.refund_reversal import (
    failed_refund_booking,
    is_order_refund,
    is_refund,
    is_reversal,
    refund_booking,
    returned_payment_booking,
)
from monsoon_plugin.clock import Clock
from shared.messages import PaymentDisputed
from shared.optimistic_retry import Contended, Retry
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed


class NotPaidYet(Exception):
    """A refund came before its order's payment, or lost the race for a slot too often; the queue brings it again."""


class Ledger(Introductions, Protocol):
    """Where orders' books lie."""

    def bookings(self, book: str) -> list[Booking]:
        """The order's payment and refunds in the order they were booked, read consistently; empty if it was not paid."""
        ...

    def whole_book(self, book: str, *, consistent: bool = False) -> list[Booking]:
        """All that was booked for an order, payments that were sent back too."""
        ...

    def append(self, booking: Booking) -> Booking:
        """Write `booking` with what it makes payable, unless its slot is taken; answers what now stands in the slot."""
        ...

    def adopt(self, booking: Booking, payables: Sequence[Payable]) -> Booking:
        """Let a booking that does not say what it makes payable say so, unless that was written beside it; answers how it stands then."""
        ...

    def complete(self, booking: Booking) -> None:
        """Put the booking's statement lines and what it makes due; doing it again changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerService:
    """Books what orders and payments tell."""

    ledger: Ledger
    commission_per_mille: int
    """0 for none."""
    clock: Clock
    hold_days: int = 0
    retry: Retry = field(default_factory=Retry)

    def book_payment(self, event: OrderPaid) -> None:
        """Book an order's payment. Raises Unbalanced, which ends in the dead-letter queue, and NotPaidYet: of one that pays anew the
        fee is booked after the first payment.
        """
        if event.paid_before or event.regained:
            self.ledger.complete(self.ledger.append(regained_payment_booking(event, self.clock())))
            self._book_anew_fee(event)
            return
        terms = fix_terms(event, self.commission_per_mille, self.ledger)
        booking = self._append(payment_booking(event, terms, self.clock()))
        self._complete(booking, booking)

    def _book_anew_fee(self, event: OrderPaid) -> None:
        first = next(iter(self.ledger.bookings(book_of(event))), None)
        if first is None and event.provider_fee:
            raise NotPaidYet(f"{event.payment_id} of {event.order_id} pays anew")
        fee = first and anew_fee_booking(event, first, self.clock())
        if fee:
            self.ledger.complete(self.ledger.append(fee))

    def book_refund(self, event: OrderRefunded) -> None:
        """Raises NotPaidYet, or Unbalanced, which ends in the dead-letter queue."""
        if is_order_refund(event):
            payment, booking = self._retry(event, lambda: self._append_refund(event))
            self._complete(booking, payment)
        else:
            self.ledger.complete(self.ledger.append(returned_payment_booking(event, self.clock())))

    def reverse_refund(self, event: OrderRefundFailed) -> None:
        """Reverse a refund that had been told as paid and was not. Raises NotPaidYet if its booking is not to be seen yet."""
        if event.was_paid:
            payment, booking = self._retry(event, lambda: self._append_reversal(event))
            self._complete(booking, payment)
        elif event.at_providers:
            self.ledger.complete(self.ledger.append(failed_refund_moves(event, self.clock())))

    def book_loss(self, event: OrderPaymentLost) -> None:
        """Book what a paid order's provider took back; a promise that ended moved nothing."""
        if event.amount or event.at_providers:
            self.ledger.complete(self.ledger.append(lost_payment_booking(event, self.clock())))

    def book_dispute(self, event: PaymentDisputed) -> None:
        """Book what the shopper's bank took back, and gave back if the merchant won."""
        for entry in dispute_bookings(event, self.clock()):
            self.ledger.complete(self.ledger.append(entry))

    def _retry(self, event: OrderRefunded | OrderRefundFailed, attempt: Callable[[], tuple[Booking, Booking]]) -> tuple[Booking, Booking]:
        return self.retry(attempt, lambda: _not_paid_yet(event))

    def _append_refund(self, event: OrderRefunded) -> tuple[Booking, Booking]:
        """The payment's booking and the refund's. Raises NotPaidYet, Contended."""
        before = self.ledger.bookings(book_of(event))
        if not before:
            raise _not_paid_yet(event)
        booked = next((booking for booking in before if is_refund(booking, event)), None)
        stands = booked or self._append(refund_booking(event, before, self.clock()), before[0])
        if not is_refund(stands, event):
            raise Contended
        return before[0], stands

    def _append_reversal(self, event: OrderRefundFailed) -> tuple[Booking, Booking]:
        """The order's first booking and the reversal. Raises NotPaidYet, Contended."""
        book = book_of(event)
        refund = next((booking for booking in self.ledger.whole_book(book) if is_refund(booking, event)), None)
        if refund is None:
            raise _not_paid_yet(event)
        before = self.ledger.bookings(book)
        booked = next((booking for booking in before if is_reversal(booking, event)), None)
        reversal = failed_refund_booking(event, refund, before, self.clock())
        stands = booked or self._append(reversal, before[0] if before else reversal)
        if not is_reversal(stands, event):
            raise Contended
        return (before or [stands])[0], stands

    def _append(self, booking: Booking, payment: Booking | None = None) -> Booking:
        """Append an order's booking with what it makes due; `payment` is the order's first booking, if that is another."""
        return self.ledger.append(with_payables(booking, available_on(payment or booking, self.hold_days)))

    def _complete(self, booking: Booking, payment: Booking) -> None:
        if booking.payables is None:
            booking = self.ledger.adopt(booking, payables_of(booking, available_on(payment, self.hold_days)))
        self.ledger.complete(booking)


def _not_paid_yet(event: OrderRefunded | OrderRefundFailed) -> NotPaidYet:
    return NotPaidYet(f"{event.refund_id} of {event.order_id}")
