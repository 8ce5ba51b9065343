"""Webhooks, as their owners keep them, and what the bus brings for them: new rules, and events of a tenant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.storefront_view import Lens
from functions.fanout.webhook_delivery.change_planner import Queue
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, PingJob, ReadJob
from functions.fanout.webhook_delivery.delivery_log import Attempt
from functions.fanout.webhook_delivery.delivery_worker import Desk, Event, Store
from functions.fanout.webhook_delivery.subscription_shards import RECENT, WALK_DELAY
from functions.fanout.webhooks.subscription import MOST, EventType, Subscription, secret_text
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.outbound.ssrf_url import Refused, checked
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import derived_id
from shared.messages import Message
from shared.recent import Recent

REPLAYED = timedelta(days=30)
UNTOLD = {"account_id", "lines", "address", "shipping", "payment_id", "payment_plugin", "provider_fee"}
"""Of an event: who shopped and where to, and what the hub and its providers settle among themselves. Its owner reads the order."""


class TooManySubscriptions(Conflict):
    code, title = "too-many-subscriptions", f"A storefront has at most {MOST} webhook subscriptions"


class OwnerStore(Store, Protocol):
    """What the owner's side needs beside."""

    def add(self, subscription: Subscription, lens: Lens) -> Subscription | None:
        """Keep a new subscription in a shard that has room; the one that is kept under its id, if one is.

        None if the storefront's rule is no longer that of `lens`.
        """
        ...

    def anywhere(self, account_id: str, subscription_id: str) -> Subscription | None:
        """The account's subscription, of whichever storefront."""
        ...

    def remove(self, subscription: Subscription) -> None: ...

    def attempt(self, subscription: Subscription, delivery_id: str) -> Attempt | None: ...

    def keep_event(self, event: Event) -> None: ...

    def route(self, subscription: Subscription) -> None:
        """Copy the rule in force into the subscription's route, unless it holds a newer one, and raise the head of its shard."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What an owner orders."""

    url: str
    types: tuple[EventType, ...]


@dataclass(frozen=True, slots=True)
class Webhooks:
    desk: Desk
    store: OwnerStore
    deliveries: Queue
    local: bool
    """The laptop stage, where an endpoint may lie on this machine."""
    asked: Recent = field(default_factory=lambda: Recent(5.0, 1000))
    """Which types a tenant's endpoints asked for: a new subscription hears of events some seconds after it was made."""

    def create(self, account_id: str, storefront_id: str, order: Order, idempotency: Idempotency) -> Subscription:
        """Subscribe an endpoint to what happens from now on. Raises Invalid, NotFound, TooManySubscriptions, Conflict, KeyReused."""
        self._check(order.url)
        lens = self.store.lens(account_id, storefront_id, self.desk.rates(""))
        if lens is None:
            raise NotFound("no such storefront of yours")
        now = rfc3339(self.desk.clock())
        made = Subscription(
            id=idempotency.id("whk"), account_id=account_id, storefront_id=storefront_id, url=order.url, types=order.types,
            created_at=now, fingerprint=idempotency.fingerprint, walked_version=lens.version,
        )  # fmt: skip
        others = [one for one in self.store.of(made.tenant) if one.id != made.id]
        if len(others) >= MOST:
            raise TooManySubscriptions("delete one that is not needed")
        kept = self.store.add(made, lens)
        if kept is None:
            raise Conflict("the storefront's rule has just been changed: try again")
        idempotency.same(kept.fingerprint)
        self.desk.catchups.send([ReadJob.of(kept, "replay", kept.created_at)], WALK_DELAY)
        return kept

    def get(self, account_id: str, subscription_id: str) -> Subscription:
        """Raises NotFound."""
        found = self.store.anywhere(account_id, subscription_id)
        if found is None:
            raise NotFound("no such subscription of yours")
        return found

    def edit(self, subscription: Subscription, url: str | None, types: tuple[EventType, ...] | None, enabled: bool | None) -> Subscription:
        """Change what is not None. One that lags or was disabled goes on from where it stopped. Raises Invalid, NotFound."""
        if url is not None:
            self._check(url)
        now = self.desk.clock()

        def step(s: Subscription) -> Subscription:
            changed = s.changed(url or s.url, types or s.types)
            if enabled is False:
                return changed.stopped(now)
            return changed.resumed(now) if enabled or (url and s.state == "lagging") else changed

        changed = self._changed(subscription, step)
        self.desk.retried(changed)
        if changed.told_changes and not subscription.told_changes:
            self.desk.catchups.send([ReadJob.of(changed, "replay", rfc3339(now))], WALK_DELAY)
        return changed

    def rotate(self, subscription: Subscription, idempotency: Idempotency) -> Subscription:
        """Give it a new secret; the old one signs beside it for a day. Raises NotFound, TooManyRequests."""
        request, now = idempotency.id("rot"), self.desk.clock()
        return self._changed(subscription, lambda s: s.rotated(request, now))

    def secret(self, subscription: Subscription) -> str:
        return secret_text(self.desk.secret(), subscription.id, subscription.generation)

    def replay(self, subscription: Subscription, since: datetime, until: datetime | None = None) -> None:
        """Send again what was stamped between the two moments (now, without the second), as it is now.

        Raises Invalid, Conflict, TooManyRequests.
        """
        now = self.desk.clock()
        until = until or now
        if not now - REPLAYED <= since <= until <= now + timedelta(minutes=1):
            raise Invalid.field("/since", "give two moments of the last 30 days, the earlier one first")
        if subscription.state == "disabled":
            raise Conflict("this subscription is disabled: enable it, and it goes on from where it stopped")
        self._demanded(subscription)
        self.desk.catchups.send([ReadJob.of(subscription, "replay", rfc3339(since), rfc3339(until))])

    def replay_delivery(self, subscription: Subscription, delivery_id: str) -> None:
        """Send again what a delivery told, and what was stamped in the same half-minute. Raises as `replay` does."""
        found = self.store.attempt(subscription, delivery_id)
        if found is None:
            raise Invalid.field("/delivery_id", "no delivery of the last 30 days has this id: see the subscription's deliveries")
        first, last = from_rfc3339(found.first.partition("#")[0]), from_rfc3339(found.last.partition("#")[0])
        self.replay(subscription, first, last + timedelta(milliseconds=1))

    def ping(self, subscription: Subscription) -> None:
        """Have a test sent at once. Raises TooManyRequests."""
        self._demanded(subscription)
        job = PingJob(tenant=subscription.tenant, subscription_id=subscription.id, id=self.desk.new_id(self.desk.clock()))
        self.deliveries.send([job])

    def rule_changed(self, account_id: str, storefront_id: str, version: int) -> None:
        """The storefront's new rule is kept: put it into its routes, and have all walked by it. The order is what shards.py relies on.

        `version`: the storefront's, that brought the rule.
        """
        subscriptions = self.store.of(f"{account_id}#{storefront_id}")
        for subscription in subscriptions:
            self.store.route(subscription)
        since = rfc3339(self.desk.clock() - RECENT)
        walks = [ReadJob.of(s, "walk", since).model_copy(update={"version": version}) for s in subscriptions if s.told_changes]
        self.desk.catchups.send(walks, WALK_DELAY)

    def heard(self, message: Message, account_id: str, storefront_id: str) -> None:
        """An event of a tenant: keep it for those that lag, and have it sent; nothing if nobody there asked for its type."""
        tenant, kind = f"{account_id}#{storefront_id}", told_type(message)
        if kind not in self.asked.get(tenant, lambda: frozenset(kind for s in self.store.of(tenant) for kind in s.types)):
            return
        now, event_id = self.desk.clock(), f"{message.subject}:{message.type}:{message.version}"
        told = message.model_dump_json(exclude=UNTOLD, exclude_none=True)
        event = Event(tenant, f"{rfc3339(now)}#{derived_id('evt', event_id)}", event_id, kind, told)
        self.store.keep_event(event)
        self.deliveries.send([EventJob(tenant=tenant, id=event.id, type=kind, place=event.place, told=told)])

    def _demanded(self, subscription: Subscription) -> None:
        now = self.desk.clock()
        if self.desk.change(subscription, lambda s: s.demanded(now), quiet=True) is None:
            raise NotFound("no such subscription of yours")

    def _changed(self, subscription: Subscription, step: Callable[[Subscription], Subscription]) -> Subscription:
        changed = self.desk.change(subscription, step)
        if changed is None:
            raise NotFound("no such subscription of yours")
        return changed

    def _check(self, url: str) -> None:
        try:
            checked(url, local=self.local)
        except Refused as refused:
            raise Invalid.field("/url", str(refused)) from refused


def told_type(message: Message) -> str:
    """`monsoon.order.placed.v1` as endpoints know it: `order.placed`."""
    return message.type.removeprefix("monsoon.").rsplit(".v", 1)[0]
