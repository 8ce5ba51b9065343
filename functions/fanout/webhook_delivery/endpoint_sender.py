"""Posts signed deliveries to endpoints, and keeps how each attempt went."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.fanout.webhook_delivery.delivery_log import DeliveryAttempt
from functions.fanout.webhook_delivery.signed_delivery import Delivery, DeliveryWriter, Endpoint, PostAll, message_id
from functions.fanout.webhooks.subscription import Subscription
from functions.fanout.webhooks.tenant_event import TenantEvent
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.outbound.call import Outcome


class Attempts(Protocol):
    def log(self, tenant: str, subscription_id: str, attempt: DeliveryAttempt) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSender:
    """`new_id`: of a delivery, sorting by time; `secret`: the hub's, of which each subscription's is derived."""

    post_all: PostAll
    attempts: Attempts
    secret: Callable[[], str]
    clock: Clock
    new_id: Callable[[datetime], str]

    def send_event(self, subscription: Subscription, event: TenantEvent) -> Outcome:
        """Send one event to one endpoint, and log how it went."""
        now = self.clock()
        endpoint = Endpoint(subscription, self.secret(), now)
        delivery = DeliveryWriter(now).delivery(endpoint, message_id(subscription.id, event.id), event.type, event.told.encode())
        (outcome,) = self.post([delivery])
        self.log_attempt(self.new_id(now), (event.type, event.at, event.at), [delivery], [outcome])
        return outcome

    def post(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
        return self.post_all([delivery.request for delivery in deliveries])

    def log_attempt(
        self, delivery_id: str, told: tuple[str, str, str], deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]
    ) -> None:
        """Keep one attempt of one subscription; `told`: the type, the first and the last stamp of what it tells.

        Of several deliveries the first that failed is kept.
        """
        subscription, (kind, first, last) = deliveries[0].endpoint.subscription, told
        outcome = next((outcome for outcome in outcomes if not outcome.taken), outcomes[0])
        made = DeliveryAttempt(
            id=delivery_id,
            at=rfc3339(self.clock()),
            type=kind,
            status=outcome.status,
            error=outcome.error.value if outcome.error else "",
            ms=outcome.ms,
            snippet=outcome.snippet,
            changes=sum(delivery.changes for delivery in deliveries),
            first=first,
            last=last,
        )
        self.attempts.log(subscription.tenant, subscription.id, made)
