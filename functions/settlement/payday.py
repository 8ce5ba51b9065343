"""The sweep: takes what the agenda says is due, paydays and batches, one after another."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from functions.settlement.agenda import Appointment
from functions.settlement.collecting import Collecting
from functions.settlement.office import Office, Overtaken
from functions.settlement.schedule import Schedule, midnight
from functions.settlement.sending import Sending
from shared.clock import rfc3339

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
            following = self._followed(appointment)
        except Overtaken:
            return False  # whoever came first goes on with it; the appointment stands
        except Exception:  # one merchant's fault must not keep the others waiting
            logger.exception("%s of %s failed", appointment.what, appointment.tenant)
            following = self.office.clock() + POSTPONED
        self._appoint(appointment, following)
        return True

    def _followed(self, appointment: Appointment) -> datetime | None:
        kind, _, which = appointment.what.partition("#")
        if kind == "batch":
            return Sending(self.office).follow(appointment.tenant, which)
        return self._payday(appointment, int(which))

    def _payday(self, appointment: Appointment, version: int) -> datetime | None:
        """Make the day's batches and answer the next payday; None if the schedule is another by now."""
        schedule = self.office.store.schedule(appointment.tenant)
        if schedule is None or schedule.version != version:
            return None
        today = self.office.clock().astimezone(UTC).date()
        self._collect(schedule, today)
        return midnight(schedule.next_after(today))

    def _collect(self, schedule: Schedule, day: date) -> None:
        plugins = self.office.plugins
        installation = plugins.get(schedule.tenant, schedule.installation_id)
        if not installation.enabled:
            return
        capability = plugins.plugin(installation).capability(plugins.config(installation))
        for minimum in schedule.minimums:
            if capability.pays and (capability.currencies is None or minimum.currency in capability.currencies):
                Collecting(
                    self.office, schedule.tenant, installation.id, installation.plugin, capability, minimum, day
                ).batches()  # fmt: skip

    def _appoint(self, appointment: Appointment, following: datetime | None) -> None:
        new = following and Appointment(rfc3339(following), appointment.tenant, appointment.what)
        if new:
            self.office.store.appoint(new)
        if not new or new.key != appointment.key:
            self.office.store.forget(appointment)
