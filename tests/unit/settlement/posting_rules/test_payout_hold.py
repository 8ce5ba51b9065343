"""An order's payables wait for the hold, counted from its payment."""

from datetime import date

import pytest

from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from functions.settlement.posting_rules.order_payment import payment_booking
from functions.settlement.posting_rules.payout_hold import available_on
from tests.fakes import NOON
from tests.unit.settlement.events import order_paid


@pytest.mark.parametrize(("hold_days", "day"), [(0, date(2026, 11, 1)), (14, date(2026, 11, 15)), (31, date(2026, 12, 2))])
def test_payables_are_available_so_many_days_after_the_payment(hold_days, day):
    assert available_on(payment_booking(order_paid(), NO_COMMISSION, NOON), hold_days) == day
