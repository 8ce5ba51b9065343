"""The payout sweep: keeps the appointments that are due, paydays and batches, one after another."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from itertools import takewhile

from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_collection import BatchCollection
from functions.settlement.payouts.batches.batch_submission import BatchSubmission
from functions.settlement.payouts.payout_context import PayoutContext
from functions.settlement.payouts.payout_schedule import Minimum, payday_appointment
from monsoon_plugin.clock import rfc3339
from shared.api.trace import where
from shared.errors import Problem
from shared.iteration import sweep_each
from shared.optimistic_retry import Contended

POSTPONED = timedelta(minutes=15)
MOST_KEPT = 200
"""A sweep keeps at most this many appointments."""
LAST = timedelta(seconds=80)
"""A sweep begins nothing later than so long before its end: a provider may take a minute for a batch."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PayoutSweep:
    context: PayoutContext

    def run(self, time_left: timedelta, most: int = MOST_KEPT) -> int:
        """Keep at most `most` appointments that are due, beginning none shortly before the end. Answers how many were kept.

        The next appointment is written before the kept one is removed: a crash between repeats a step, and loses none. Raises as
        `sweep_each` does; a provider that cannot be asked now is no failure.
        """
        now = self.context.clock()
        until = now + time_left - LAST
        due = self.context.store.due_appointments(rfc3339(now), most)
        in_time = takewhile(lambda _: self.context.clock() < until, due)
        return sum(sweep_each(in_time, self._keep_appointment, "appointments", self._put_off))

    def _keep_appointment(self, appointment: Appointment) -> bool:
        try:
            following = self._take_step(appointment)
        except Contended:
            return False  # whoever came first goes on with it; the appointment stands
        except Problem as problem:  # a merchant's plug-in that is away, or gone: no failure of the hub
            logger.warning("%s of %s waits: %s", appointment.what, appointment.tenant, problem)
            following = self._postponed(appointment)
        self._replace(appointment, following)
        return True

    def _put_off(self, appointment: Appointment, failure: Exception) -> None:
        logger.error("%s of %s failed: %s", appointment.what, appointment.tenant, where(failure))
        self._replace(appointment, self._postponed(appointment))

    def _postponed(self, appointment: Appointment) -> Appointment:
        return replace(appointment, due_at=rfc3339(self.context.clock() + POSTPONED))

    def _take_step(self, appointment: Appointment) -> Appointment | None:
        """Keep an appointment and answer the one after it."""
        kind, _, which = appointment.what.partition("#")
        if kind == "payday":
            return self._hold_payday(appointment)
        if kind == "begun":
            self._complete(appointment.tenant, which)
            return None
        when = BatchSubmission(self.context).take_next_step(appointment.tenant, which)
        return None if when is None else replace(appointment, due_at=rfc3339(when))

    def _hold_payday(self, appointment: Appointment) -> Appointment | None:
        """Make the day's batches; none if the schedule is another by now, whose appointment is another too.

        Where nothing waits to be paid the merchant's provider is not looked up, nor are its secrets: on most paydays of most merchants.
        What a crash left half collected has an appointment of its own.
        """
        _, version, day = appointment.what.split("#")
        schedule = self.context.store.schedule(appointment.tenant)
        if schedule is None or schedule.version != int(version):
            return None
        for minimum in schedule.minimums:
            if self.context.store.has_payables(schedule.tenant, minimum.currency):
                self._collection(schedule.tenant, schedule.installation_id, minimum, date.fromisoformat(day)).collect()
        today = self.context.clock().astimezone(UTC).date()
        return payday_appointment(schedule, max(date.fromisoformat(day), today))

    def _complete(self, tenant: str, key: str) -> None:
        """Complete a batch that a crash left half collected, whatever the schedule says by now."""
        batch = self.context.store.batch(tenant, key)
        if batch is not None and batch.state == "collecting":
            self._collection(tenant, batch.installation_id, Minimum(batch.currency, 1), date.fromisoformat(batch.day)).complete(batch)

    def _collection(self, tenant: str, installation_id: str, minimum: Minimum, day: date) -> BatchCollection:
        plugins = self.context.plugins
        installation = plugins.get(tenant, installation_id)
        capability = plugins.capability(installation)
        return BatchCollection(
            context=self.context, tenant=tenant, installation=installation, capability=capability, minimum=minimum, day=day
        )

    def _replace(self, kept: Appointment, following: Appointment | None) -> None:
        if following:
            self.context.store.add_appointment(following)
        if following is None or following.key != kept.key:
            self.context.store.remove_appointment(kept)
