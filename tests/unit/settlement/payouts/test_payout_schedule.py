"""When a storefront pays."""

from datetime import date
from typing import Any

import pytest

from functions.settlement.payouts.payout_schedule import Minimum, PayoutSchedule


def schedule(every: Any, on: int) -> PayoutSchedule:
    return PayoutSchedule(tenant="acc#sf", installation_id="ins", every=every, on=on, minimums=(Minimum("EUR", 1),))


@pytest.mark.parametrize(
    ("every", "on", "day", "following"),
    [("day", 0, "2026-12-31", "2027-01-01"), ("week", 1, "2026-11-23", "2026-11-30"), ("week", 7, "2026-11-23", "2026-11-29"),
     ("month", 28, "2026-02-28", "2026-03-28"), ("month", 1, "2026-11-23", "2026-12-01"), ("month", 28, "2028-02-28", "2028-03-28")],
)  # fmt: skip
def test_the_next_payday_is_the_first_after_the_day(every, on, day, following):
    assert schedule(every, on).next_after(date.fromisoformat(day)).isoformat() == following
