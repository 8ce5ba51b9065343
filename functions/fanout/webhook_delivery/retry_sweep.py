"""Each minute: who is due to be tried again, and whether a new day's rates have come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, takewhile
from typing import Protocol

from functions.fanout.webhook_delivery.catch_up import LEASE
from functions.fanout.webhook_delivery.delivery_jobs import JobQueue, RatesJob, ReadJob
from functions.fanout.webhook_delivery.subscription_shards import RATES_DELAY
from functions.fanout.webhooks.subscription import Subscription
from monsoon_plugin.clock import UNCOUNTED, Clock, TimeLeft, rfc3339
from shared.iteration import sweep_each
from shared.trade.fx import Rates

SWEPT = 2000
"""Subscriptions that a sweep sends at most."""
SPARE = timedelta(seconds=5)
"""With less time left than this it begins nothing more."""


class SweptStore(Protocol):
    def due(self, now: str, limit: int) -> Iterable[Subscription]:
        """Subscriptions whose `due_at` has come, as they are now. Raises at its end as `each_read` does."""
        ...

    def replace(self, subscription: Subscription, *, quiet: bool = False, disabled_at: datetime | None = None) -> bool: ...

    def shards(self) -> int: ...

    def rates_day(self) -> str:
        """The newest day for which RatesJobs were sent; empty if for none."""
        ...

    def keep_rates_day(self, day: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RetrySweep:
    """`rates`: of a day or later."""

    store: SweptStore
    deliveries: JobQueue
    catchups: JobQueue
    rates: Callable[[str], Rates]
    clock: Clock

    def run(self, time_left: TimeLeft = UNCOUNTED) -> int:
        """Answers how many catch-ups it sent; what there is no time for stays due. Raises as `sweep_each` does; rates that cannot be had
        keep no subscription waiting.
        """
        now = self.clock()
        due = self.store.due(rfc3339(now), SWEPT)
        tasks: Iterable[Callable[[], bool]] = chain([self._begin_day], (partial(self._try_again, one, now) for one in due))
        in_time = takewhile(lambda _: time_left() >= SPARE, tasks)
        return sum(sweep_each(in_time, lambda task: task(), "tasks"))

    def _try_again(self, subscription: Subscription, now: datetime) -> bool:
        """Whether it was sent: not if another process, or its owner, was quicker."""
        if subscription.state != "lagging" or not self.store.replace(subscription.claimed(now, LEASE), quiet=True):
            return False
        self.catchups.send([ReadJob.of(subscription, "catchup", subscription.since)])
        return True

    def _begin_day(self) -> bool:
        """Tell the shards of a new day's rates. Sent before it is kept: what fails half-way is sent again, and who was walked by that day
        is not walked again."""
        day, known = self.rates("").day, self.store.rates_day()
        if day > known:
            jobs = (RatesJob(shard=shard, day=day) for shard in range(self.store.shards()))
            self.deliveries.send(jobs, RATES_DELAY)
            self.store.keep_rates_day(day)
        return False
