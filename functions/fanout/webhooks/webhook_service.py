"""Webhook subscriptions, as their owners keep them, and what the bus brings for them: new rules, and events of a tenant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from functions.fanout.storefront_view import SiteView
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, JobQueue, PingJob, ReadJob
from functions.fanout.webhook_delivery.delivery_log import DeliveryAttempt
from functions.fanout.webhook_delivery.subscription_shards import RECENT, WALK_DELAY
from functions.fanout.webhooks.endpoint_url import require_public_url
from functions.fanout.webhooks.signing_secret import secret_text
from functions.fanout.webhooks.subscription import MOST, EventType, Subscription
from functions.fanout.webhooks.subscription_states import Step, SubscriptionStates
from functions.fanout.webhooks.tenant_event import EventLog, TenantEvent, webhook_type
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.api.idempotency import Idempotency
from shared.bounds.recent import Recent
from shared.errors import Conflict, Invalid, NotFound
from shared.messages import Message
from shared.trade.fx import Rates

REPLAYED = timedelta(days=30)


class TooManySubscriptions(Conflict):
    code, title = "too-many-subscriptions", f"A storefront has at most {MOST} webhook subscriptions"


class Views(Protocol):
    def current_view(self, account_id: str, storefront_id: str, rates: Rates) -> SiteView | None:
        """By the storefront's rule as of now."""
        ...


class Attempts(Protocol):
    def attempt(self, subscription: Subscription, delivery_id: str) -> DeliveryAttempt | None: ...


class Subscriptions(Protocol):
    """Where subscriptions are kept, as their owners see them."""

    def of(self, tenant: str) -> Sequence[Subscription]:
        """The storefront's subscriptions, as of now."""
        ...

    def add(self, subscription: Subscription, view: SiteView) -> Subscription | None:
        """Keep a new subscription in a shard that has room; the one that is kept under its id, if one is.

        None if the storefront's rule is no longer that of `view`.
        """
        ...

    def find_of_account(self, account_id: str, subscription_id: str) -> Subscription | None:
        """The account's subscription, of whichever storefront."""
        ...

    def remove(self, subscription: Subscription) -> None: ...

    def copy_rule(self, subscription: Subscription) -> None:
        """Copy the rule in force into the subscription's route, unless it holds a newer one, and raise the head of its shard."""
        ...


ASKED_AGE, ASKED = 5.0, 1000
"""Seconds for which it is kept what a tenant's endpoints asked for, and of how many tenants."""


@dataclass(frozen=True, slots=True)
class SubscriptionRequest:
    """What an owner wants: where to, and of what."""

    url: str
    types: tuple[EventType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookService:
    store: Subscriptions
    states: SubscriptionStates
    views: Views
    events: EventLog
    attempts: Attempts
    deliveries: JobQueue
    rates: Callable[[str], Rates]
    hub_secret: Callable[[], str]
    new_id: Callable[[datetime], str]
    """Of a delivery, sorting by time."""
    local: bool
    """The laptop stage, where an endpoint may lie on this machine."""
    asked: Recent = field(default_factory=lambda: Recent(ASKED_AGE, ASKED))
    """Which types a tenant's endpoints asked for: a new subscription hears of events some seconds after it was made."""

    def create(self, account_id: str, storefront_id: str, request: SubscriptionRequest, idempotency: Idempotency) -> Subscription:
        """Subscribe an endpoint to what happens from now on. Raises Invalid, NotFound, TooManySubscriptions, Conflict, KeyReused."""
        require_public_url(request.url, local=self.local)
        view = self.views.current_view(account_id, storefront_id, self.rates(""))
        if view is None:
            raise NotFound("no such storefront of yours")
        now = rfc3339(self.states.clock())
        made = Subscription(
            id=idempotency.id("whk"), account_id=account_id, storefront_id=storefront_id, url=request.url, types=request.types,
            created_at=now, fingerprint=idempotency.fingerprint, walked_version=view.version,
        )  # fmt: skip
        others = [one for one in self.store.of(made.tenant) if one.id != made.id]
        if len(others) >= MOST:
            raise TooManySubscriptions("delete one that is not needed")
        kept = self.store.add(made, view)
        if kept is None:
            raise Conflict("the storefront's rule has just been changed: try again")
        idempotency.same(kept.fingerprint)
        self.states.catchups.send([ReadJob.of(kept, "replay", kept.created_at)], WALK_DELAY)
        return kept

    def get(self, account_id: str, subscription_id: str) -> Subscription:
        """Raises NotFound."""
        found = self.store.find_of_account(account_id, subscription_id)
        if found is None:
            raise NotFound("no such subscription of yours")
        return found

    def edit(self, subscription: Subscription, url: str | None, types: tuple[EventType, ...] | None, enabled: bool | None) -> Subscription:
        """Change what is not None. One that lags or was disabled goes on from where it stopped. Raises Invalid, NotFound."""
        if url is not None:
            require_public_url(url, local=self.local)
        now = self.states.clock()

        def step(s: Subscription) -> Subscription:
            changed = s.changed(url or s.url, types or s.types)
            if enabled is False:
                return changed.stopped(now)
            return changed.resumed(now) if enabled or (url and s.state == "lagging") else changed

        changed = self._update(subscription, step)
        self.states.schedule_retry(changed)
        if changed.told_changes and not subscription.told_changes:
            self.states.catchups.send([ReadJob.of(changed, "replay", rfc3339(now))], WALK_DELAY)
        return changed

    def rotate(self, subscription: Subscription, idempotency: Idempotency) -> Subscription:
        """Give it a new secret; the old one signs beside it for a day. Raises NotFound, TooManyRequests."""
        request, now = idempotency.id("rot"), self.states.clock()
        return self._update(subscription, lambda s: s.rotated(request, now))

    def secret(self, subscription: Subscription) -> str:
        return secret_text(self.hub_secret(), subscription.id, subscription.generation)

    def replay(self, subscription: Subscription, since: datetime, until: datetime | None = None) -> None:
        """Send again what was stamped between the two moments (now, without the second), as it is now.

        Raises Invalid, Conflict, TooManyRequests.
        """
        now = self.states.clock()
        until = until or now
        if not now - REPLAYED <= since <= until <= now + timedelta(minutes=1):
            raise Invalid.field("/since", "give two moments of the last 30 days, the earlier one first")
        if subscription.state == "disabled":
            raise Conflict("this subscription is disabled: enable it, and it goes on from where it stopped")
        self._count_demand(subscription)
        self.states.catchups.send([ReadJob.of(subscription, "replay", rfc3339(since), rfc3339(until))])

    def replay_delivery(self, subscription: Subscription, delivery_id: str) -> None:
        """Send again what a delivery told, and what was stamped in the same half-minute. Raises as `replay` does."""
        found = self.attempts.attempt(subscription, delivery_id)
        if found is None:
            raise Invalid.field("/delivery_id", "no delivery of the last 30 days has this id: see the subscription's deliveries")
        first, last = from_rfc3339(found.first.partition("#")[0]), from_rfc3339(found.last.partition("#")[0])
        self.replay(subscription, first, last + timedelta(milliseconds=1))

    def ping(self, subscription: Subscription) -> None:
        """Have a test sent at once. Raises TooManyRequests."""
        self._count_demand(subscription)
        job = PingJob(tenant=subscription.tenant, subscription_id=subscription.id, id=self.new_id(self.states.clock()))
        self.deliveries.send([job])

    def follow_rule(self, account_id: str, storefront_id: str, version: int) -> None:
        """The storefront's new rule is kept: put it into its routes, and have all walked by it.

        The order is what subscription_shards.py relies on. `version`: the storefront's, that brought the rule.
        """
        subscriptions = self.store.of(f"{account_id}#{storefront_id}")
        for subscription in subscriptions:
            self.store.copy_rule(subscription)
        since = rfc3339(self.states.clock() - RECENT)
        walks = [ReadJob.of(s, "walk", since).model_copy(update={"version": version}) for s in subscriptions if s.told_changes]
        self.states.catchups.send(walks, WALK_DELAY)

    def tell_endpoints(self, message: Message, account_id: str, storefront_id: str) -> None:
        """Of an event of their tenant: keep it for those that lag, and have it sent; nothing if nobody there asked for its type."""
        tenant, kind = f"{account_id}#{storefront_id}", webhook_type(message)
        if kind not in self.asked.get(tenant, lambda: frozenset(kind for s in self.store.of(tenant) for kind in s.types)):
            return
        event = TenantEvent.of(message, tenant, self.states.clock())
        self.events.keep_event(event)
        self.deliveries.send([EventJob(tenant=tenant, id=event.id, type=kind, place=event.place, told=event.told)])

    def _count_demand(self, subscription: Subscription) -> None:
        now = self.states.clock()
        if self.states.update(subscription, lambda s: s.demanded(now), quiet=True) is None:
            raise NotFound("no such subscription of yours")

    def _update(self, subscription: Subscription, step: Step) -> Subscription:
        changed = self.states.update(subscription, step)
        if changed is None:
            raise NotFound("no such subscription of yours")
        return changed
