"""The routes by which owners keep their webhooks."""

from collections.abc import Callable
from typing import Any

from functions.fanout.webhook_delivery.delivery_log import page
from functions.fanout.webhooks.subscription import CHANGED, Subscription
from functions.fanout.webhooks.webhook_subscriptions import Order, TooManySubscriptions, Webhooks
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
from monsoon_plugin.clock import Clock, from_rfc3339
from shared.api.answers import Answer
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import Conflict, Invalid, NotFound, TooManyRequests

ALL = "/v1/webhooks"
ONE = ALL + "/{webhook_id}"
OWNER: dict[str, Any] = {"allow": ["storefront"]}


def mount_webhooks(app: Service, webhooks: Callable[[], Webhooks], tickets: Callable[[], Tickets], clock: Clock) -> None:
    """Serve webhooks at `app`; `webhooks` and `tickets` are called with each request."""

    def mine(caller: Caller, webhook_id: str) -> Subscription:
        found = webhooks().get(caller.tenant, webhook_id)
        caller.at_storefront(found.storefront_id)
        return found

    @app.post(ALL, body=SubscribeBody, answers={201: WebhookView}, idempotent=True, verified=True,
              problems=[Invalid, NotFound, Conflict, TooManySubscriptions, KeyReused], **OWNER)  # fmt: skip
    def create_webhook(body: SubscribeBody, caller: Caller, idempotency: Idempotency) -> WebhookView:
        """Subscribe an endpoint of a storefront; deliveries are signed by Standard Webhooks with the secret of this answer."""
        caller.at_storefront(body.storefront_id)
        order = Order(body.url, tuple(dict.fromkeys(body.types)))
        made = webhooks().create(caller.tenant, body.storefront_id, order, idempotency)
        return WebhookView.of(made, webhooks().secret(made) if made.generation == 1 else None)

    @app.get(ALL, query=WebhooksQuery, answers={200: WebhooksView}, **OWNER)
    def list_webhooks(query: WebhooksQuery, caller: Caller) -> WebhooksView:
        """List a storefront's subscriptions."""
        return WebhooksView(items=[WebhookView.of(s) for s in webhooks().store.of(caller.at_storefront(query.storefront_id))])

    _mount_one(app, webhooks, mine)
    _mount_actions(app, webhooks, mine)
    _mount_log(app, webhooks, mine, tickets, clock)


Mine = Callable[[Caller, str], Subscription]


def _mount_one(app: Service, webhooks: Callable[[], Webhooks], mine: Mine) -> None:
    @app.get(ONE, answers={200: WebhookView}, problems=[NotFound], **OWNER)
    def get_webhook(webhook_id: str, caller: Caller) -> WebhookView:
        """Show a subscription and how it fares."""
        return WebhookView.of(mine(caller, webhook_id))

    @app.patch(ONE, body=EditBody, answers={200: WebhookView}, problems=[NotFound, Invalid], **OWNER)
    def edit_webhook(webhook_id: str, body: EditBody, caller: Caller) -> WebhookView:
        """Change a subscription, disable it, or enable it again, from where it stopped."""
        types = tuple(dict.fromkeys(body.types)) if body.types else None
        return WebhookView.of(webhooks().edit(mine(caller, webhook_id), body.url, types, body.enabled))

    @app.delete(ONE, answers={204: None}, problems=[NotFound], **OWNER)
    def delete_webhook(webhook_id: str, caller: Caller) -> Answer:
        """Delete a subscription."""
        webhooks().store.remove(mine(caller, webhook_id))
        return Answer(None)


def _mount_actions(app: Service, webhooks: Callable[[], Webhooks], mine: Mine) -> None:
    @app.post(ONE + "/secret-rotations", answers={200: WebhookView}, idempotent=True, problems=[NotFound, TooManyRequests], **OWNER)
    def rotate_webhook_secret(webhook_id: str, caller: Caller, idempotency: Idempotency) -> WebhookView:
        """Give a subscription a new secret; the old one signs beside it for 24 hours."""
        rotated = webhooks().rotate(mine(caller, webhook_id), idempotency)
        return WebhookView.of(rotated, webhooks().secret(rotated))

    @app.post(
        ONE + "/replays", body=ReplayBody, answers={200: WebhookView}, problems=[NotFound, Invalid, Conflict, TooManyRequests], **OWNER
    )
    def replay_webhook(webhook_id: str, body: ReplayBody, caller: Caller) -> WebhookView:
        """Send again what happened in a span of time, or what a delivery told, as it is now; 20 replays and tests an hour."""
        subscription = mine(caller, webhook_id)
        if body.delivery_id is not None:
            webhooks().replay_delivery(subscription, body.delivery_id)
        elif body.since is None:
            raise Invalid.field("/since", "give since (and until), or delivery_id")
        else:
            until = from_rfc3339(body.until) if body.until else None
            webhooks().replay(subscription, from_rfc3339(body.since), until)
        return WebhookView.of(subscription)

    @app.post(ONE + "/tests", answers={200: WebhookView}, problems=[NotFound, TooManyRequests], **OWNER)
    def ping_webhook(webhook_id: str, caller: Caller) -> WebhookView:
        """Send a signed `ping`; the deliveries show how it went."""
        subscription = mine(caller, webhook_id)
        webhooks().ping(subscription)
        return WebhookView.of(subscription)


def _mount_log(app: Service, webhooks: Callable[[], Webhooks], mine: Mine, tickets: Callable[[], Tickets], clock: Clock) -> None:
    @app.get(ONE + "/deliveries", query=DeliveriesQuery, answers={200: DeliveriesView}, problems=[NotFound], **OWNER)
    def list_webhook_deliveries(webhook_id: str, query: DeliveriesQuery, caller: Caller) -> DeliveriesView:
        """List what was sent to a subscription, and how its endpoint answered."""
        s, now, scope = mine(caller, webhook_id), clock(), f"deliveries {webhook_id}"
        at = at_cursor(tickets(), scope, query.cursor, now)
        found, more = page(webhooks().store, (s.tenant, s.id, s.shard), CHANGED, str(at["before"]) if at else "", query.limit)
        following = cursor_of(tickets(), scope, {"before": more}, now) if more else None
        return DeliveriesView(items=[DeliveryView.of(attempt) for attempt in found], next=following)
