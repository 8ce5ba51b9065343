"""One subscription reads the logs again: after a failure, after a new rule, or because its owner asks.

So a retry is no message that was kept for days but a reading of what the hub holds now: an endpoint that was away for three days
is told each product once, as it is. All that differs between the three purposes is where reading begins, what is told of a
change, and what follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.product_change import LAG, SHARDS, Change
from functions.fanout.storefront_view import Lens
from functions.fanout.webhook_delivery.change_planner import Queue
from functions.fanout.webhook_delivery.delivery_jobs import RatesJob, ReadJob
from functions.fanout.webhook_delivery.delivery_worker import Desk, failure_of
from functions.fanout.webhook_delivery.signed_delivery import MOST_CHANGES, Target, Told, Writer, mark
from functions.fanout.webhook_delivery.subscription_shards import RATES_DELAY, WALK_DELAY
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from monsoon_plugin.clock import Clock, from_rfc3339, rfc3339
from monsoon_plugin.outbound.call import Outcome
from shared.trade.fx import Rates
from shared.trade.selling_rule import NO_RATES

BUDGET = timedelta(seconds=35)
"""So long one message reads on before it sends the rest as another; a last page may take five seconds more."""
OVERLAP = timedelta(seconds=30)
"""Reading begins so much earlier than it would have to: clocks differ, and what is written shows in the index a little later."""
CLOSE = timedelta(minutes=1)
"""Who has read up to so lately is level; the pass that follows brings the rest."""
EARLY = timedelta(seconds=2)
"""Clocks may differ by so much."""
LEASE = timedelta(minutes=10)
"""A catch-up that is not heard of for so long is begun again."""
EVENTS = SHARDS
"""The partition after those of changes: the tenant's events."""
EVENTS_READ = 25
SWEPT = 2000
"""Subscriptions that a sweep sends at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one job reads: what of a change is told, and whether events are too."""

    job: ReadJob
    subscription: Subscription
    target: Target
    entry: Callable[[Told], bytes | None]
    taken: bool = False
    """Whether the endpoint has taken anything of it yet: only that shows that it is alive."""

    @property
    def start(self) -> str:
        """What is stamped later is read."""
        if self.job.after:
            return self.job.after
        return "" if self.job.purpose == "walk" else rfc3339(from_rfc3339(self.job.since) - OVERLAP)


@dataclass(frozen=True, slots=True)
class CatchUps:
    desk: Desk

    def read(self, job: ReadJob) -> None:
        """Work on `job` for BUDGET, and send what is left of it as another."""
        found = self.desk.store.find(job.tenant, job.subscription_id)
        reading = self._begun(job, found) if found else None
        deadline = self.desk.clock() + BUDGET
        while reading is not None:
            following, failure, taken = self._page(reading)
            reading = replace(reading, taken=reading.taken or taken)
            if failure is not None:
                self._failed(reading, failure)
                return
            if following is None:
                self._ended(reading)
                return
            reading = replace(reading, job=following)
            if self.desk.clock() >= deadline:
                self._put_off(reading)
                return

    def _begun(self, job: ReadJob, subscription: Subscription) -> Reading | None:
        """How to read; None if there is nothing to read any more, or another job will."""
        lens = self._lens(subscription, job.day)
        if lens is None:
            return None
        target = Target(subscription, lens, self.desk.secret(), self.desk.clock())
        begin = {"walk": self._walk, "catchup": self._catchup, "replay": self._replay}[job.purpose]
        return begin(job, subscription, target)

    def _walk(self, job: ReadJob, subscription: Subscription, target: Target) -> Reading | None:
        """A subscription that lags is walked when it has caught up. A walk is over when a newer rule has come: that has its own."""
        if not (subscription.told_changes and subscription.needs(job.version, job.day)):
            return None
        if subscription.state != "active":
            self.desk.change(subscription, lambda s: s.owing(job.version, job.day), quiet=True)
            return None
        current = mark(target.lens)
        if not job.day and (target.lens.version > job.version or job.mark not in ("", current)):
            return None
        if job.mark not in ("", current):
            job = job.model_copy(update={"until": "", "partition": 0, "after": ""})
        job = job.model_copy(update={"mark": current, "until": job.until or self._latest()})
        before = self._before(subscription, target.lens) if job.since else None

        def entry(told: Told) -> bytes | None:
            recent = told.change.at >= job.since
            return (told.entry(target.lens) if recent else None) or told.difference(target.lens, before)

        return Reading(job, subscription, target, entry)

    def _before(self, subscription: Subscription, lens: Lens) -> Sequence[Lens] | None:
        """The lens that told all that the sites hold; None if it is forgotten, or others came between and were not walked to the end."""
        version = subscription.walked_version
        if version == lens.version:
            return (replace(lens, rates=NO_RATES),)
        if subscription.walked_day != lens.day:
            return None
        return self.desk.store.past(lens, version, lens.rates, 1, self.desk.clock())

    def _catchup(self, job: ReadJob, subscription: Subscription, target: Target) -> Reading | None:
        if subscription.state == "active":  # a message that comes again: the process that made it active may have ended there
            self._follow(subscription, job.since)
            return None
        early = not job.until and rfc3339(self.desk.clock() + EARLY) < subscription.next_at
        if subscription.state != "lagging" or early:  # early: a message that came twice, and failed the first time
            return None
        if not job.until or job.since != subscription.since:
            s = subscription
            update = {"since": s.since, "until": s.until or self._latest(), "partition": s.partition, "after": s.after}
            job = job.model_copy(update=update)
        return Reading(job, subscription, target, lambda told: told.entry(target.lens))

    def _replay(self, job: ReadJob, subscription: Subscription, target: Target) -> Reading | None:
        if subscription.state != "active":
            self.desk.change(subscription, lambda s: s.behind(job.since) if s.state != "active" else s, quiet=True)
            return None
        job = job.model_copy(update={"until": min(job.until or self._latest(), self._latest())})
        return Reading(job, subscription, target, lambda told: told.entry(target.lens))

    def _page(self, reading: Reading) -> tuple[ReadJob | None, Outcome | None, bool]:
        """Read and send the next page.

        Answers what is to be read then, None at the end; why the endpoint did not take it, if so; whether it took anything.
        """
        job = reading.job
        if job.partition == EVENTS:
            return self._events(reading)
        found: Sequence[Change] = ()
        if reading.subscription.told_changes:
            found = self.desk.store.between(str(job.partition), reading.start, job.until, MOST_CHANGES)
        failure, taken = self._send(reading, found)
        if len(found) == MOST_CHANGES:
            return job.model_copy(update={"after": found[-1].at}), failure, taken
        if job.partition == SHARDS - 1 and job.purpose == "walk":
            return None, failure, taken
        return job.model_copy(update={"partition": job.partition + 1, "after": ""}), failure, taken

    def _send(self, reading: Reading, changes: Sequence[Change]) -> tuple[Outcome | None, bool]:
        """Why the endpoint did not take the changes, if so; and whether it took any."""
        desk, now = self.desk, self.desk.clock()
        deliveries = list(Writer(now).changes(reading.target, (reading.entry(Told(change)) for change in changes)))
        if not deliveries:
            return None, False
        outcomes = desk.post(deliveries)
        desk.log(desk.new_id(now), (CHANGED, changes[0].at, changes[-1].at), deliveries, outcomes)
        return next((outcome for outcome in outcomes if not outcome.taken), None), any(outcome.taken for outcome in outcomes)

    def _events(self, reading: Reading) -> tuple[ReadJob | None, Outcome | None, bool]:
        job, told, taken = reading.job, reading.job.after, False
        found = self.desk.store.events(job.tenant, reading.start, job.until, EVENTS_READ)
        for event in found:
            if event.type in reading.subscription.types:
                outcome = self.desk.tell(reading.subscription, event)
                if not outcome.taken:
                    return job.model_copy(update={"after": told}), outcome, taken
                taken = True
            told = event.place
        return (job.model_copy(update={"after": told}) if len(found) == EVENTS_READ else None), None, taken

    def _failed(self, reading: Reading, outcome: Outcome) -> None:
        """An active subscription lags now; one that lagged already waits for its next turn, and goes on where it stands."""
        job, desk, now = reading.job, self.desk, self.desk.clock()
        if job.purpose != "catchup":
            desk.change(reading.subscription, lambda s: s.owing(job.version, job.day), quiet=True)
            desk.failed(reading.subscription, outcome, rfc3339(now) if job.purpose == "walk" else job.since)
            desk.store.touch(reading.subscription.shard)
            return

        def step(s: Subscription) -> Subscription:
            if s.state != "lagging":
                return s
            here = (job.until, job.partition, job.after)
            moved = s.since == job.since and here != (s.until, s.partition, s.after)
            s = s.reached(*here, alive=reading.taken) if moved else s
            return s.failed(failure_of(outcome, s.since), now, desk.below)

        desk.retried(desk.change(reading.subscription, step))

    def _put_off(self, reading: Reading) -> None:
        now = self.desk.clock()
        if reading.job.purpose == "catchup":
            self.desk.change(reading.subscription, lambda s: s.claimed(now, LEASE) if s.state == "lagging" else s, quiet=True)
        self.desk.catchups.send([reading.job])

    def _ended(self, reading: Reading) -> None:
        job, subscription = reading.job, reading.subscription
        if job.purpose == "walk":
            self.desk.change(subscription, lambda s: s.walked_by(job.version, job.day), quiet=True)
        elif job.purpose == "catchup":
            self._caught_up(reading)

    def _caught_up(self, reading: Reading) -> None:
        """Active again, if it has read nearly up to now and nothing older has been missed meanwhile; else it reads on."""
        job, now = reading.job, self.desk.clock()
        level = from_rfc3339(job.until) >= now - CLOSE

        def step(s: Subscription) -> Subscription:
            if s.state != "lagging" or s.since != job.since:
                return s
            return s.recovered() if level else s.caught_up(job.until).claimed(now, LEASE)

        changed = self.desk.change(reading.subscription, step)
        if changed is None or changed.state == "disabled":
            return
        if changed.state == "active":
            self._follow(changed, job.until)
        else:
            self.desk.catchups.send([ReadJob.of(changed, "catchup", changed.since)])

    def _follow(self, subscription: Subscription, since: str) -> None:
        """What an endpoint that is active again may have missed: changes that were skipped a moment before, and a new rule."""
        jobs = [ReadJob.of(subscription, "replay", since)]
        version, day = subscription.owed_version, subscription.owed_day
        if subscription.needs(version, day):
            jobs.append(ReadJob.of(subscription, "walk").model_copy(update={"version": version, "day": day}))
        self.desk.catchups.send(jobs, WALK_DELAY)

    def _lens(self, subscription: Subscription, day: str) -> Lens | None:
        """As of now, with the rates of `day` or later."""
        rates = self.desk.rates(max(subscription.walked_day, day))
        return self.desk.store.lens(subscription.account_id, subscription.storefront_id, rates)

    def _latest(self) -> str:
        return rfc3339(self.desk.clock() - LAG)


class SweptStore(Protocol):
    def due(self, now: str, limit: int) -> Sequence[Subscription]:
        """Subscriptions whose `due_at` has come, as they are now."""
        ...

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool: ...

    def shards(self) -> int: ...

    def rates_day(self) -> str:
        """The newest day for which RatesJobs were sent; empty if for none."""
        ...

    def keep_rates_day(self, day: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Sweep:
    """Each minute: who is due to be tried again, and whether a new day's rates have come."""

    store: SweptStore
    deliveries: Queue
    catchups: Queue
    rates: Callable[[str], Rates]
    clock: Clock

    def run(self) -> int:
        """Answers how many catch-ups it sent."""
        self._new_day()
        now, sent = self.clock(), 0
        for subscription in self.store.due(rfc3339(now), SWEPT):
            if subscription.state == "lagging" and self.store.replace(subscription.claimed(now, LEASE), quiet=True):
                self.catchups.send([ReadJob.of(subscription, "catchup", subscription.since)])
                sent += 1
        return sent

    def _new_day(self) -> None:
        """Sent before it is kept: what fails half-way is sent again, and who was walked by that day is not walked again."""
        day, known = self.rates("").day, self.store.rates_day()
        if day > known:
            jobs = (RatesJob(shard=shard, day=day) for shard in range(self.store.shards()))
            self.deliveries.send(jobs, RATES_DELAY)
            self.store.keep_rates_day(day)
