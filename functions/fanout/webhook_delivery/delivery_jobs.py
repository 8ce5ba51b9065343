"""What lies on the queues of webhooks: changes for a shard, one event for one tenant, one subscription's reading of the log."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from functions.fanout.webhooks.subscription import Subscription
from functions.fanout.webhooks.tenant_event import TenantEvent


class Job(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ShardJob(Job):
    """Products have changed: tell the shard's subscriptions. `id` is the delivery's in their logs."""

    kind: Literal["changes"] = "changes"
    id: str
    shard: int
    product_ids: list[str]
    since: dict[str, str] = Field(default={}, exclude_if=lambda since: not since)
    """Product → when the state was written that its change follows, where that is worth a look: storefronts may tell the same by both."""


class RatesJob(Job):
    """A new day's rates: have the shard's converting storefronts walked."""

    kind: Literal["rates"] = "rates"
    shard: int
    day: str


class EventJob(Job):
    """An event of a tenant, `told` as its endpoints are told it (JSON)."""

    kind: Literal["event"] = "event"
    tenant: str
    id: str
    type: str
    place: str
    told: str

    @property
    def event(self) -> TenantEvent:
        return TenantEvent(tenant=self.tenant, place=self.place, id=self.id, type=self.type, told=self.told)


class PingJob(Job):
    """A test that the owner asked for."""

    kind: Literal["ping"] = "ping"
    tenant: str
    subscription_id: str
    id: str


Purpose = Literal["walk", "catchup", "replay"]


class ReadJob(Job):
    """One subscription reads the log of changes, partition by partition, and then the log of its tenant's events.

    walk: the rule or the rates have changed, and all products are looked at. catchup: it lags. replay: it is active, and some of
    what is stamped from `since` to `until` may not have been sent to it.
    """

    kind: Literal["read"] = "read"
    purpose: Purpose
    tenant: str
    subscription_id: str
    since: str = ""
    until: str = ""
    """Empty: until as late as can be read when it begins."""
    partition: int = 0
    after: str = ""
    version: int = 0
    day: str = ""
    """Of the rule and of the rates for whose sake it is walked."""
    mark: str = ""
    """Of the rule and the rates that a walk began with."""

    @classmethod
    def of(cls, subscription: Subscription, purpose: Purpose, since: str = "", until: str = "") -> Self:
        return cls(purpose=purpose, tenant=subscription.tenant, subscription_id=subscription.id, since=since, until=until)


AnyJob = ShardJob | RatesJob | EventJob | PingJob | ReadJob


@cache
def _adapter() -> TypeAdapter[AnyJob]:
    return TypeAdapter(Annotated[AnyJob, Field(discriminator="kind")])


def job_of(text: str) -> AnyJob:
    return _adapter().validate_json(text)


class JobQueue(Protocol):
    """Where jobs are sent."""

    def send(self, jobs: Iterable[Job], delay: timedelta = timedelta(0)) -> None:
        """Send all; they show after `delay`, at most 15 minutes. Raises if the queue did not take one."""
        ...
