"""A client site's endpoint, what it is told of, and how it fares: active, lagging behind a failure, or disabled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, computed_field, field_serializer, model_validator

from functions.fanout.webhook_delivery.retry_schedule import Below, pause
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.errors import TooManyRequests

State = Literal["active", "lagging", "disabled"]
EventType = Literal[
    "product.changed", "order.placed", "order.paid", "order.payment_lost", "order.cancelled", "order.flagged", "order.units_withdrawn",
    "order.units_kept", "order.reduced", "order.refunded", "order.refund_failed", "order.promise_retained",
    "shipment.dispatched", "shipment.delivered", "shipment.units_released", "shipment.units_kept",
    "subscription.disabled",
]  # fmt: skip
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
CHANGED: EventType = "product.changed"
LATER: frozenset[EventType] = frozenset({"order.payment_lost", "order.units_kept", "order.promise_retained"})
"""Of 2026-12-01. They are kept apart for a release: the one before can read no subscription whose `types` has one that it does not know."""
MOST = 20
"""Subscriptions of one storefront."""
BOTH_SIGN = timedelta(hours=24)
"""So long after a rotation the old secret signs beside those that came later."""
MOST_ROTATIONS = 3
"""Within BOTH_SIGN: each more is a signature more in every delivery."""
DEMANDS, DEMANDS_SPAN = 20, timedelta(hours=1)
"""Replays and tests that an owner may ask for in such a span: each takes a worker's time that others wait for."""
BY_QUEUE = timedelta(minutes=15)
"""Pauses up to this long are a queue's delay; the sweep looks for what is due later."""
NET = timedelta(minutes=2)
"""The sweep takes up what a queue should have brought so long ago."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Failed:
    """A delivery that an endpoint did not take. `since`: the earliest moment of what it told; `retry_after`: seconds."""

    why: str
    status: int | None
    since: str
    retry_after: int | None = None


class Subscription(BaseModel):
    """One endpoint of a storefront. `tenant` is `account#storefront`; moments are RFC 3339."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    account_id: str
    storefront_id: str
    url: str
    types: tuple[EventType, ...]
    created_at: str
    fingerprint: str
    shard: int = 0
    generation: int = 1
    """Of its secret."""
    rotations: tuple[tuple[str, str], ...] = ()
    """The last ones, the oldest first: the request that asked for it, and when."""
    demands: tuple[str, ...] = ()
    """When its owner last asked for a replay or a test."""
    state: State = "active"
    reason: str = ""
    """Why it lags or is disabled."""
    since: str = ""
    """What was stamped from then on may not have been delivered; empty while it is active."""
    until: str = ""
    partition: int = 0
    after: str = ""
    """How far the last catch-up came (`delivery_jobs.ReadJob`)."""
    failures: int = 0
    """In a row."""
    next_at: str = ""
    """When it is tried again."""
    due_at: str = ""
    """When the sweep tries it again if nobody else has."""
    walked_version: int = 0
    walked_day: str = ""
    """The rule and the rates by which all that it may hold has been told, by a walk that was sent for their sake."""
    owed_version: int = 0
    owed_day: str = ""
    """Those whose walk came while it could not be sent anything."""
    version: int = 1

    @model_validator(mode="before")
    @classmethod
    def _joined(cls, said: Any) -> Any:
        """What is kept apart belongs together; a type that only a later release knows is passed over."""
        if not isinstance(said, dict) or "later_types" not in said:
            return said
        return {**said, "types": [each for each in (*said["types"], *said["later_types"]) if each in EVENT_TYPES]}

    @field_serializer("types")
    def _known_before(self, types: tuple[EventType, ...]) -> list[EventType]:
        return [each for each in types if each not in LATER]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def later_types(self) -> list[EventType]:
        return [each for each in self.types if each in LATER]

    @property
    def tenant(self) -> str:
        return f"{self.account_id}#{self.storefront_id}"

    @property
    def told_changes(self) -> bool:
        return CHANGED in self.types

    def skips(self, at: str) -> bool:
        """Whether what is stamped `at` is not sent now: a lagging endpoint's catch-up brings it, a disabled one is sent nothing.

        What is older than the catch-up's beginning is sent at once, since the catch-up will not bring it.
        """
        return self.state == "disabled" or (self.state == "lagging" and at >= self.since)

    def disabled_since(self, at: str) -> bool:
        """Whether what is stamped `at` comes late: it was disabled only later, and its catch-up would not bring it."""
        return self.state == "disabled" and at < self.since

    def failed(self, failure: Failed, now: datetime, below: Below) -> Self:
        """After a delivery has failed, and no other was under way."""
        behind, failures = self.behind(failure.since), self.failures + 1
        if failure.status == GONE:
            return behind._disabled("the endpoint answered 410 Gone")
        wait = pause(failures, below, failure.retry_after)
        if wait is None:
            return behind._disabled(f"it failed {failures} times in a row; the last time: {failure.why}")
        net = wait + NET if wait <= BY_QUEUE else wait
        return behind._with(state="lagging", reason=failure.why, failures=failures, next_at=rfc3339(now + wait), due_at=rfc3339(now + net))

    def missed(self, failure: Failed, now: datetime, below: Below) -> Self:
        """After one of perhaps many deliveries at once has failed: all that fail in one outage count as one failure."""
        return self.failed(failure, now, below) if self.state == "active" else self.behind(failure.since)

    def behind(self, since: str) -> Self:
        """One that is not active must catch up from `since`, if it need not from earlier."""
        earliest = min(since, self.since) if self.since else since
        return self if earliest == self.since else self._with(since=earliest, until="", partition=0, after="")

    def reached(self, until: str, partition: int, after: str, *, alive: bool) -> Self:
        """How far the catch-up came; `alive`: the endpoint took something of it."""
        return self._with(until=until, partition=partition, after=after, failures=0 if alive else self.failures)

    def caught_up(self, since: str) -> Self:
        """All that is stamped before `since` has been delivered."""
        return self._with(since=since, until="", partition=0, after="", failures=0)

    def recovered(self) -> Self:
        return self.caught_up("")._with(state="active", reason="", next_at="", due_at="")

    def claimed(self, now: datetime, lease: timedelta) -> Self:
        """The sweep has sent it to be tried; if that is lost, it is due again after the lease."""
        return self._with(due_at=rfc3339(now + lease))

    def stopped(self, now: datetime) -> Self:
        """Disabled by its owner."""
        return self if self.state == "disabled" else self.behind(rfc3339(now))._disabled("disabled by its owner")

    def resumed(self, now: datetime) -> Self:
        """Tried again now, from where it stopped; one that is active stays so."""
        if self.state == "active":
            return self
        return self._with(state="lagging", failures=0, next_at=rfc3339(now), due_at=rfc3339(now + NET))

    def rotated(self, request: str, now: datetime) -> Self:
        """With one secret more; as it is, if this request has rotated it before. Raises TooManyRequests."""
        if any(request == known for known, _ in self.rotations):
            return self
        young = self.rotations[len(self.rotations) - len(self.old_secrets_until(now)) :]
        if len(young) >= MOST_ROTATIONS:
            seconds = int((from_rfc3339(young[0][1]) + BOTH_SIGN - now).total_seconds()) + 1
            raise TooManyRequests(f"at most {MOST_ROTATIONS} rotations a day: wait, or make another subscription", retry_after=seconds)
        return self._with(generation=self.generation + 1, rotations=(*young, (request, rfc3339(now))))

    def demanded(self, now: datetime) -> Self:
        """After its owner has asked for a replay or a test. Raises TooManyRequests."""
        young = tuple(at for at in self.demands if at > rfc3339(now - DEMANDS_SPAN))
        if len(young) >= DEMANDS:
            seconds = int((from_rfc3339(young[0]) + DEMANDS_SPAN - now).total_seconds()) + 1
            raise TooManyRequests(f"at most {DEMANDS} replays and tests an hour of one subscription", retry_after=seconds)
        return self._with(demands=(*young, rfc3339(now)))

    def changed(self, url: str, types: tuple[EventType, ...]) -> Self:
        return self._with(url=url, types=types)

    def walked_by(self, version: int, day: str) -> Self:
        """After a walk for the sake of this rule and these rates.

        Another's, that met them early, does not count: some process may still tell by those before.
        """
        return self._with(walked_version=max(self.walked_version, version), walked_day=max(self.walked_day, day))

    def owing(self, version: int, day: str) -> Self:
        return self._with(owed_version=max(self.owed_version, version), owed_day=max(self.owed_day, day))

    def needs(self, version: int, day: str) -> bool:
        """Whether a walk for their sake is still to be made."""
        return version > self.walked_version or day > self.walked_day

    def _disabled(self, reason: str) -> Self:
        return self._with(state="disabled", reason=reason, next_at="", due_at="")

    def _with(self, **changes: object) -> Self:
        return self.model_copy(update=changes)

    def saved(self) -> Self:
        """As it is kept next."""
        return self._with(version=self.version + 1)

    def old_secrets_until(self, now: datetime) -> list[datetime]:
        """Until when each secret before the present one still signs, the newest first."""
        ends = [from_rfc3339(at) + BOTH_SIGN for _, at in reversed(self.rotations)]
        return [end for end in ends if now < end]

    def generations(self, now: datetime) -> list[int]:
        """Of the secrets that sign now, the newest first."""
        return [self.generation - n for n in range(len(self.old_secrets_until(now)) + 1)]
