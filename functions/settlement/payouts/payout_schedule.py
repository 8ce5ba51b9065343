"""When a storefront's owner pays its payees. Pure; days are UTC's."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from functions.settlement.payouts.appointments import Appointment
from monsoon_plugin.clock import rfc3339

Every = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Minimum:
    """In `currency`, less than `amount` minor units is carried over to the next payday."""

    currency: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutSchedule:
    tenant: str
    installation_id: str
    """The clearing installation that pays."""
    every: Every
    on: int
    """Weekday 1 (Monday) to 7, or day of the month 1 to 28; 0 for every day."""
    minimums: tuple[Minimum, ...]
    """The currencies that are paid."""
    version: int = 1

    def next_after(self, day: date) -> date:
        """The first payday after `day`."""
        following = (day + timedelta(days=ahead) for ahead in range(1, 32))
        return next(candidate for candidate in following if self._is_payday(candidate))

    def _is_payday(self, day: date) -> bool:
        return self.every == "day" or self.on == (day.isoweekday() if self.every == "week" else day.day)


def payday_appointment(schedule: PayoutSchedule, after: date) -> Appointment:
    """The appointment of the first payday after a day. Its day stays with it, whenever it is kept: batches are named by it."""
    day = schedule.next_after(after)
    return Appointment(rfc3339(datetime.combine(day, time(), UTC)), schedule.tenant, f"payday#{schedule.version}#{day}")
