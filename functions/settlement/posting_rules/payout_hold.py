"""How long a payout is held back: PAYOUT_HOLD_DAYS after an order's payment was booked (the template's parameter PayoutHoldDays). Pure."""

from datetime import date, timedelta

from functions.settlement.ledger.booking import Booking


def available_on(payment: Booking, hold_days: int) -> date:
    """From when on an order's payables may be paid, those of its refunds too: `hold_days` after its payment was booked."""
    return date.fromisoformat(payment.entry.occurred_at[:10]) + timedelta(days=hold_days)
