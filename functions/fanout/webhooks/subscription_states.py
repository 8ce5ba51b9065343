"""How subscriptions fare, kept: each change of one is made of what is stored at that moment, and a lagging one is tried again in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.webhook_delivery.delivery_jobs import JobQueue, ReadJob
from functions.fanout.webhook_delivery.retry_schedule import Below
from functions.fanout.webhooks.subscription import BY_QUEUE, Failed, Subscription
from monsoon_plugin.clock import Clock, from_rfc3339
from monsoon_plugin.outbound.call import Outcome
from shared.optimistic_retry import Contended, Retry

MOMENT = 24
"""Characters of a stamp that are its moment."""
Step = Callable[[Subscription], Subscription]


class Subscriptions(Protocol):
    """Where subscriptions are kept."""

    def find(self, tenant: str, subscription_id: str) -> Subscription | None:
        """As of now."""
        ...

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool:
        """Keep it and its route, unless it was changed since it was read, and raise the shard's head unless `quiet`.

        With `disabled_at`, its owner is told. Answers whether it was kept.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionStates:
    """`catchups`: the queue of ReadJobs."""

    store: Subscriptions
    catchups: JobQueue
    clock: Clock
    below: Below
    retry: Retry

    def update(self, subscription: Subscription, step: Step, *, quiet: bool = False) -> Subscription | None:
        """Keep what `step` makes of the subscription as it is now; None if it is gone. Raises RuntimeError if others keep changing it."""

        def attempt() -> Subscription | None:
            found = self.store.find(subscription.tenant, subscription.id)
            changed = step(found) if found else None
            if found is None or changed is None or changed == found:
                return changed
            disabled = changed.state == "disabled" and found.state != "disabled"
            if not self.store.replace(changed, quiet=quiet, disabled_at=self.clock() if disabled else None):
                raise Contended
            return changed.saved()

        return self.retry(attempt, lambda: RuntimeError(f"{subscription.id} is being changed by others too"))

    def record_failure(self, subscription: Subscription, outcome: Outcome, since: str) -> None:
        """A delivery of what is stamped from `since` on failed: the subscription lags, and is tried again by the schedule.

        The shard's head is not raised: who still takes the endpoint for active tries it in vain, and no more.
        """
        now, failure = self.clock(), failure_of(outcome, since)
        lagging = self.update(subscription, lambda s: s.missed(failure, now, self.below), quiet=True)
        self.schedule_retry(lagging)

    def schedule_retry(self, subscription: Subscription | None) -> None:
        """Have a lagging subscription tried again when it is time, if that is soon; the sweep sees to what is later."""
        if subscription is None or subscription.state != "lagging":
            return
        wait = from_rfc3339(subscription.next_at) - self.clock()
        if wait <= BY_QUEUE:
            self.catchups.send([ReadJob.of(subscription, "catchup", subscription.since)], max(wait, timedelta(0)))


def failure_of(outcome: Outcome, since: str) -> Failed:
    """Of a delivery of what is stamped from `since` on."""
    why = outcome.error.value if outcome.error else f"the endpoint answered {outcome.status}"
    return Failed(why, outcome.status, since[:MOMENT], outcome.retry_after)
