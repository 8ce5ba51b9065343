"""One subscription reads the logs again: after a failure, after a new rule, or because its owner asks.

So a retry is no message that was kept for days but a reading of what the hub holds now: an endpoint that was away for three days
is told each product once, as it is. All that differs between the three purposes is where reading begins, what is told of a
change, and what follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.product_change import LAG, SHARDS, ChangeLog, LogPage, ProductChange
from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.fanout.webhook_delivery.delivery_jobs import ReadJob
from functions.fanout.webhook_delivery.endpoint_sender import EndpointSender
from functions.fanout.webhook_delivery.signed_delivery import MOST_CHANGES, DeliveryWriter, Target
from functions.fanout.webhook_delivery.subscription_shards import WALK_DELAY
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from functions.fanout.webhooks.subscription_states import SubscriptionStates, failure_of
from functions.fanout.webhooks.tenant_event import EventLog
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.outbound.call import Outcome
from shared.trade.fx import NO_RATES, Rates

BUDGET = timedelta(seconds=35)
"""So long one message reads on before it sends the rest as another; a last page may take five seconds more."""
OVERLAP = timedelta(seconds=30)
"""Reading begins so much earlier than it would have to: clocks differ, and what took long to write is stamped anew."""
CLOSE = timedelta(minutes=1)
"""Who has read up to so lately is level; the pass that follows brings the rest."""
EARLY = timedelta(seconds=2)
"""Clocks may differ by so much."""
LEASE = timedelta(minutes=10)
"""A catch-up that is not heard of for so long is begun again."""
EVENTS = SHARDS
"""The partition after those of changes: the tenant's events."""
EVENTS_READ = 25


class Rules(Protocol):
    """Where storefronts' rules are read."""

    def current_view(self, account_id: str, storefront_id: str, rates: Rates) -> SiteView | None:
        """By the storefront's rule as of now."""
        ...

    def earlier_views(self, view: SiteView, version: int, rates: Rates, limit: int, now: datetime) -> Sequence[SiteView] | None:
        """The rules in force before that of `view`, from `version` on; None if there are more than `limit`, or one is forgotten."""
        ...


class Subscriptions(Protocol):
    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        """As of now."""
        ...

    def touch(self, shard: int) -> None:
        """Raise the generation of the shard's head, so that all processes read its routes anew."""
        ...


@dataclass(frozen=True, slots=True)
class LogReading:
    """How one job reads: what of a change is told, and whether events are too."""

    job: ReadJob
    subscription: Subscription
    target: Target
    entry: Callable[[ChangeJson], bytes | None]
    taken: bool = False
    """Whether the endpoint has taken anything of it yet: only that shows that it is alive."""

    @property
    def start(self) -> str:
        """What is stamped later is read."""
        if self.job.after:
            return self.job.after
        return "" if self.job.purpose == "walk" else rfc3339(from_rfc3339(self.job.since) - OVERLAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """`rates`: of a day or later."""

    changes: ChangeLog
    events: EventLog
    rules: Rules
    subscriptions: Subscriptions
    sender: EndpointSender
    states: SubscriptionStates
    rates: Callable[[str], Rates]

    def read(self, job: ReadJob) -> None:
        """Work on `job` for BUDGET, and send what is left of it as another."""
        found = self.subscriptions.find(job.tenant, job.subscription_id)
        reading = self._begin(job, found) if found else None
        deadline = self.sender.clock() + BUDGET
        while reading is not None:
            following, failure, taken = self._page(reading)
            reading = replace(reading, taken=reading.taken or taken)
            if failure is not None:
                self._record_failure(reading, failure)
                return
            if following is None:
                self._end(reading)
                return
            reading = replace(reading, job=following)
            if self.sender.clock() >= deadline:
                self._put_off(reading)
                return

    def _begin(self, job: ReadJob, subscription: Subscription) -> LogReading | None:
        """How to read; None if there is nothing to read any more, or another job will."""
        view = self._view(subscription, job.day)
        if view is None:
            return None
        target = Target(subscription, view, self.sender.secret(), self.sender.clock())
        begin = {"walk": self._walk, "catchup": self._catchup, "replay": self._replay}[job.purpose]
        return begin(job, subscription, target)

    def _walk(self, job: ReadJob, subscription: Subscription, target: Target) -> LogReading | None:
        """A subscription that lags is walked when it has caught up. A walk is over when a newer rule has come: that has its own."""
        if not (subscription.told_changes and subscription.needs(job.version, job.day)):
            return None
        if subscription.state != "active":
            self.states.update(subscription, lambda s: s.owing(job.version, job.day), quiet=True)
            return None
        current = view_stamp(target.view)
        if not job.day and (target.view.version > job.version or job.mark not in ("", current)):
            return None
        if job.mark not in ("", current):
            job = job.model_copy(update={"until": "", "partition": 0, "after": ""})
        job = job.model_copy(update={"mark": current, "until": job.until or self._latest()})
        before = self._before(subscription, target.view) if job.since else None

        def entry(written: ChangeJson) -> bytes | None:
            recent = written.change.at >= job.since
            return (written.entry(target.view) if recent else None) or written.difference(target.view, before)

        return LogReading(job, subscription, target, entry)

    def _before(self, subscription: Subscription, view: SiteView) -> Sequence[SiteView] | None:
        """The view that told all that the sites hold; None if it is forgotten, or others came between and were not walked to the end."""
        version = subscription.walked_version
        if version == view.version:
            return (replace(view, rates=NO_RATES),)
        if subscription.walked_day != view.day:
            return None
        return self.rules.earlier_views(view, version, view.rates, 1, self.sender.clock())

    def _catchup(self, job: ReadJob, subscription: Subscription, target: Target) -> LogReading | None:
        if subscription.state == "active":  # a message that comes again: the process that made it active may have ended there
            self._follow(subscription, job.since)
            return None
        early = not job.until and rfc3339(self.sender.clock() + EARLY) < subscription.next_at
        if subscription.state != "lagging" or early:  # early: a message that came twice, and failed the first time
            return None
        if not job.until or job.since != subscription.since:
            s = subscription
            update = {"since": s.since, "until": s.until or self._latest(), "partition": s.partition, "after": s.after}
            job = job.model_copy(update=update)
        return LogReading(job, subscription, target, lambda written: written.entry(target.view))

    def _replay(self, job: ReadJob, subscription: Subscription, target: Target) -> LogReading | None:
        if subscription.state != "active":
            self.states.update(subscription, lambda s: s.behind(job.since) if s.state != "active" else s, quiet=True)
            return None
        job = job.model_copy(update={"until": min(job.until or self._latest(), self._latest())})
        return LogReading(job, subscription, target, lambda written: written.entry(target.view))

    def _page(self, reading: LogReading) -> tuple[ReadJob | None, Outcome | None, bool]:
        """Read and send the next page.

        Answers what is to be read then, None at the end; why the endpoint did not take it, if so; whether it took anything.
        """
        job = reading.job
        if job.partition == EVENTS:
            return self._events(reading)
        page = LogPage((), job.until)
        if reading.subscription.told_changes:
            page = self.changes.between(str(job.partition), reading.start, job.until, MOST_CHANGES)
        failure, taken = self._send(reading, page.changes)
        if page.until < job.until:
            return job.model_copy(update={"after": page.until}), failure, taken
        if job.partition == SHARDS - 1 and job.purpose == "walk":
            return None, failure, taken
        return job.model_copy(update={"partition": job.partition + 1, "after": ""}), failure, taken

    def _send(self, reading: LogReading, changes: Sequence[ProductChange]) -> tuple[Outcome | None, bool]:
        """Why the endpoint did not take the changes, if so; and whether it took any."""
        sender, now = self.sender, self.sender.clock()
        deliveries = list(DeliveryWriter(now).changes(reading.target, (reading.entry(ChangeJson(change)) for change in changes)))
        if not deliveries:
            return None, False
        outcomes = sender.post(deliveries)
        sender.log_attempt(sender.new_id(now), (CHANGED, changes[0].at, changes[-1].at), deliveries, outcomes)
        return next((outcome for outcome in outcomes if not outcome.taken), None), any(outcome.taken for outcome in outcomes)

    def _events(self, reading: LogReading) -> tuple[ReadJob | None, Outcome | None, bool]:
        job, told, taken = reading.job, reading.job.after, False
        found = self.events.events(job.tenant, reading.start, job.until, EVENTS_READ)
        for event in found:
            if event.type in reading.subscription.types:
                outcome = self.sender.send_event(reading.subscription, event)
                if not outcome.taken:
                    return job.model_copy(update={"after": told}), outcome, taken
                taken = True
            told = event.place
        return (job.model_copy(update={"after": told}) if len(found) == EVENTS_READ else None), None, taken

    def _record_failure(self, reading: LogReading, outcome: Outcome) -> None:
        """An active subscription lags now; one that lagged already waits for its next turn, and goes on where it stands."""
        job, states, now = reading.job, self.states, self.sender.clock()
        if job.purpose != "catchup":
            states.update(reading.subscription, lambda s: s.owing(job.version, job.day), quiet=True)
            states.record_failure(reading.subscription, outcome, rfc3339(now) if job.purpose == "walk" else job.since)
            self.subscriptions.touch(reading.subscription.shard)
            return

        def step(s: Subscription) -> Subscription:
            if s.state != "lagging":
                return s
            here = (job.until, job.partition, job.after)
            moved = s.since == job.since and here != (s.until, s.partition, s.after)
            s = s.reached(*here, alive=reading.taken) if moved else s
            return s.failed(failure_of(outcome, s.since), now, states.below)

        states.schedule_retry(states.update(reading.subscription, step))

    def _put_off(self, reading: LogReading) -> None:
        now = self.sender.clock()
        if reading.job.purpose == "catchup":
            self.states.update(reading.subscription, lambda s: s.claimed(now, LEASE) if s.state == "lagging" else s, quiet=True)
        self.states.catchups.send([reading.job])

    def _end(self, reading: LogReading) -> None:
        job, subscription = reading.job, reading.subscription
        if job.purpose == "walk":
            self.states.update(subscription, lambda s: s.walked_by(job.version, job.day), quiet=True)
        elif job.purpose == "catchup":
            self._become_level(reading)

    def _become_level(self, reading: LogReading) -> None:
        """Active again, if it has read nearly up to now and nothing older has been missed meanwhile; else it reads on."""
        job, now = reading.job, self.sender.clock()
        level = from_rfc3339(job.until) >= now - CLOSE

        def step(s: Subscription) -> Subscription:
            if s.state != "lagging" or s.since != job.since:
                return s
            return s.recovered() if level else s.caught_up(job.until).claimed(now, LEASE)

        changed = self.states.update(reading.subscription, step)
        if changed is None or changed.state == "disabled":
            return
        if changed.state == "active":
            self._follow(changed, job.until)
        else:
            self.states.catchups.send([ReadJob.of(changed, "catchup", changed.since)])

    def _follow(self, subscription: Subscription, since: str) -> None:
        """What an endpoint that is active again may have missed: changes that were skipped a moment before, and a new rule."""
        jobs = [ReadJob.of(subscription, "replay", since)]
        version, day = subscription.owed_version, subscription.owed_day
        if subscription.needs(version, day):
            jobs.append(ReadJob.of(subscription, "walk").model_copy(update={"version": version, "day": day}))
        self.states.catchups.send(jobs, WALK_DELAY)

    def _view(self, subscription: Subscription, day: str) -> SiteView | None:
        """As of now, with the rates of `day` or later."""
        rates = self.rates(max(subscription.walked_day, day))
        return self.rules.current_view(subscription.account_id, subscription.storefront_id, rates)

    def _latest(self) -> str:
        return rfc3339(self.sender.clock() - LAG)


def view_stamp(view: SiteView) -> str:
    """A text of the view that rises with the rule's version and the rates' day."""
    return f"{view.version:010d}.{view.day}"
