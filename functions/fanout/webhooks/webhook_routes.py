"""The routes by which owners keep their webhooks."""

from typing import Any

from functions.fanout.bootstrap import Services
from functions.fanout.webhook_delivery.delivery_log import DeliveryAttempt, attempts_page
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from functions.fanout.webhooks.webhook_service import SubscriptionRequest, TooManySubscriptions
from functions.fanout.webhooks.webhook_views import (
    DeliveriesQuery,
    DeliveriesView,
    DeliveryView,
    EditBody,
    ReplayBody,
    SubscribeBody,
    WebhooksQuery,
    WebhooksView,
    WebhookView,
)
from monsoon_plugin.clock import from_rfc3339
from shared.api.answers import Answer
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.api.paging import Position
from shared.errors import Conflict, Invalid, NotFound, TooManyRequests

ALL = "/v1/webhooks"
ONE = ALL + "/{webhook_id}"
OWNER: dict[str, Any] = {"allow": ["storefront"]}

ROUTES = Routes()


def owned(services: Services, caller: Caller, webhook_id: str) -> Subscription:
    """The caller's subscription. Raises NotFound."""
    found = services.webhooks.get(caller.tenant, webhook_id)
    caller.at_storefront(found.storefront_id)
    return found


@ROUTES.post(
    ALL, body=SubscribeBody, answers={201: WebhookView}, idempotent=True, verified=True,
    problems=[Invalid, NotFound, Conflict, TooManySubscriptions, KeyReused], **OWNER,
)  # fmt: skip
def create_webhook(body: SubscribeBody, caller: Caller, idempotency: Idempotency, services: Services) -> WebhookView:
    """Subscribe an endpoint of a storefront; deliveries are signed by Standard Webhooks with the secret of this answer."""
    caller.at_storefront(body.storefront_id)
    request = SubscriptionRequest(body.url, tuple(dict.fromkeys(body.types)))
    made = services.webhooks.create(caller.tenant, body.storefront_id, request, idempotency)
    return WebhookView.of(made, services.webhooks.secret(made) if made.generation == 1 else None)


@ROUTES.get(ALL, query=WebhooksQuery, answers={200: WebhooksView}, **OWNER)
def list_webhooks(query: WebhooksQuery, caller: Caller, services: Services) -> WebhooksView:
    """List a storefront's subscriptions."""
    return WebhooksView(items=[WebhookView.of(s) for s in services.subscriptions.of(caller.at_storefront(query.storefront_id))])


@ROUTES.get(ONE, answers={200: WebhookView}, problems=[NotFound], **OWNER)
def get_webhook(webhook_id: str, caller: Caller, services: Services) -> WebhookView:
    """Show a subscription and how it fares."""
    return WebhookView.of(owned(services, caller, webhook_id))


@ROUTES.patch(ONE, body=EditBody, answers={200: WebhookView}, problems=[NotFound, Invalid], **OWNER)
def edit_webhook(webhook_id: str, body: EditBody, caller: Caller, services: Services) -> WebhookView:
    """Change a subscription, disable it, or enable it again, from where it stopped."""
    types = tuple(dict.fromkeys(body.types)) if body.types else None
    return WebhookView.of(services.webhooks.edit(owned(services, caller, webhook_id), body.url, types, body.enabled))


@ROUTES.delete(ONE, answers={204: None}, problems=[NotFound], **OWNER)
def delete_webhook(webhook_id: str, caller: Caller, services: Services) -> Answer:
    """Delete a subscription."""
    services.subscriptions.remove(owned(services, caller, webhook_id))
    return Answer(None)


@ROUTES.post(ONE + "/secret-rotations", answers={200: WebhookView}, idempotent=True, problems=[NotFound, TooManyRequests], **OWNER)
def rotate_webhook_secret(webhook_id: str, caller: Caller, idempotency: Idempotency, services: Services) -> WebhookView:
    """Give a subscription a new secret; the old one signs beside it for 24 hours."""
    rotated = services.webhooks.rotate(owned(services, caller, webhook_id), idempotency)
    return WebhookView.of(rotated, services.webhooks.secret(rotated))


@ROUTES.post(
    ONE + "/replays", body=ReplayBody, answers={200: WebhookView}, problems=[NotFound, Invalid, Conflict, TooManyRequests], **OWNER
)
def replay_webhook(webhook_id: str, body: ReplayBody, caller: Caller, services: Services) -> WebhookView:
    """Send again what happened in a span of time, or what a delivery told, as it is now; 20 replays and tests an hour."""
    subscription = owned(services, caller, webhook_id)
    if body.delivery_id is not None:
        services.webhooks.replay_delivery(subscription, body.delivery_id)
    elif body.since is None:
        raise Invalid.field("/since", "give since (and until), or delivery_id")
    else:
        until = from_rfc3339(body.until) if body.until else None
        services.webhooks.replay(subscription, from_rfc3339(body.since), until)
    return WebhookView.of(subscription)


@ROUTES.post(ONE + "/tests", answers={200: WebhookView}, problems=[NotFound, TooManyRequests], **OWNER)
def ping_webhook(webhook_id: str, caller: Caller, services: Services) -> WebhookView:
    """Send a signed `ping`; the deliveries show how it went."""
    subscription = owned(services, caller, webhook_id)
    services.webhooks.ping(subscription)
    return WebhookView.of(subscription)


@ROUTES.get(ONE + "/deliveries", query=DeliveriesQuery, answers={200: DeliveriesView}, problems=[NotFound], **OWNER)
def list_webhook_deliveries(webhook_id: str, query: DeliveriesQuery, caller: Caller, services: Services) -> DeliveriesView:
    """List what was sent to a subscription, and how its endpoint answered."""
    s = owned(services, caller, webhook_id)

    def read(at: Position | None) -> tuple[list[DeliveryAttempt], Position | None]:
        before = str(at["before"]) if at else ""
        found, last = attempts_page(services.delivery_log, (s.tenant, s.id, s.shard), CHANGED, before, query.limit)
        return found, {"before": last} if last else None

    found, following = services.paging.page(f"deliveries {webhook_id}", query.cursor, read)
    return DeliveriesView(items=[DeliveryView.of(attempt) for attempt in found], next=following)
