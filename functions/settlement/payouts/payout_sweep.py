"""The sweep: takes what the agenda says is due, paydays and batches, one after another."""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_collection import Collecting
from functions.settlement.payouts.batches.batch_submission import Sending
from functions.settlement.payouts.payout_context import Office, Overtaken
from functions.settlement.payouts.payout_schedule import Minimum, payday_of
from monsoon_plugin.clock import rfc3339
from shared.api.trace import where

POSTPONED = timedelta(minutes=15)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    office: Office

    def run(self, most: int, until: datetime) -> int:
        """Keep at most `most` appointments that are due, beginning none after `until`. Answers how many were kept.

        The next appointment is written before the kept one is forgotten: a crash between repeats a step, and loses none.
        """
        kept = 0
        for appointment in list(self.office.store.appointments(rfc3339(self.office.clock()), most)):
            if self.office.clock() >= until:
                break
            kept += self._keep(appointment)
        return kept

    def _keep(self, appointment: Appointment) -> bool:
        try:
            following = self._following(appointment)
        except Overtaken:
            return False  # whoever came first goes on with it; the appointment stands
        except Exception as error:  # one merchant's fault must not keep the others waiting
            logger.error("%s of %s failed: %s", appointment.what, appointment.tenant, where(error))
            following = replace(appointment, due_at=rfc3339(self.office.clock() + POSTPONED))
        self._appoint(appointment, following)
        return True

    def _following(self, appointment: Appointment) -> Appointment | None:
        """Keep an appointment and answer the one after it."""
        kind, _, which = appointment.what.partition("#")
        if kind == "payday":
            return self._payday(appointment)
        if kind == "begun":
            self._completed(appointment.tenant, which)
            return None
        when = Sending(self.office).follow(appointment.tenant, which)
        return None if when is None else replace(appointment, due_at=rfc3339(when))

    def _payday(self, appointment: Appointment) -> Appointment | None:
        """Make the day's batches; none if the schedule is another by now, whose appointment is another too."""
        _, version, day = appointment.what.split("#")
        schedule = self.office.store.schedule(appointment.tenant)
        if schedule is None or schedule.version != int(version):
            return None
        for minimum in schedule.minimums:
            self._collecting(schedule.tenant, schedule.installation_id, minimum, date.fromisoformat(day)).batches()
        today = self.office.clock().astimezone(UTC).date()
        return payday_of(schedule, max(date.fromisoformat(day), today))

    def _completed(self, tenant: str, key: str) -> None:
        """Complete a batch that a crash left half collected, whatever the schedule says by now."""
        batch = self.office.store.batch(tenant, key)
        if batch is not None and batch.state == "collecting":
            self._collecting(tenant, batch.installation_id, Minimum(batch.currency, 1), date.fromisoformat(batch.day)).complete(batch)

    def _collecting(self, tenant: str, installation_id: str, minimum: Minimum, day: date) -> Collecting:
        plugins = self.office.plugins
        installation = plugins.get(tenant, installation_id)
        capability = plugins.capability(installation)
        return Collecting(self.office, tenant, installation, capability, minimum, day)

    def _appoint(self, kept: Appointment, following: Appointment | None) -> None:
        if following:
            self.office.store.appoint(following)
        if following is None or following.key != kept.key:
            self.office.store.forget(kept)
