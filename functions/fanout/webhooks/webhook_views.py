"""What requests about webhooks and their answers carry."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from functions.fanout.webhook_delivery.delivery_log import DeliveryAttempt
from functions.fanout.webhooks.subscription import EventType, State, Subscription
from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.outbound.ssrf_url import MAX_LENGTH
from shared.api.payload import Body, Query, View


def _moment(text: str) -> str:
    from_rfc3339(text)
    return text


Url = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH, description="https", examples=["https://hooks.example.com/monsoon"])]
Types = Annotated[list[EventType], Field(min_length=1, max_length=20, description="what the endpoint is told of")]
Moment = Annotated[str, AfterValidator(_moment), Field(max_length=40, description="RFC 3339", examples=["2026-11-01T12:00:00Z"])]


class SubscribeBody(Body):
    """Subscribe an endpoint."""

    storefront_id: str = Field(min_length=1, max_length=40)
    url: Url
    types: Types


class EditBody(Body):
    """Change a subscription; what is absent stays."""

    url: Url | None = None
    types: Types | None = None
    enabled: bool | None = Field(default=None, description="true: go on from where it stopped")


class ReplayBody(Body):
    """Either a span of the last 30 days, or one delivery."""

    since: Moment | None = None
    until: Moment | None = None
    delivery_id: str | None = Field(default=None, min_length=1, max_length=40)


class WebhooksQuery(Query):
    storefront_id: str = Field(min_length=1, max_length=40)


class DeliveriesQuery(Query):
    cursor: str | None = Field(default=None, max_length=1500, description="the last page's `next`")
    limit: int = Field(default=24, ge=1, le=100)


class WebhookView(View):
    id: str
    storefront_id: str
    url: str
    types: list[EventType]
    state: State = Field(description="lagging: it failed and is tried again; disabled: it is sent nothing")
    reason: str | None = Field(default=None, description="why it lags or is disabled")
    since: str | None = Field(default=None, description="what happened from then on may not have been delivered")
    failures: int = Field(description="in a row")
    next_at: str | None = Field(default=None, description="when it is tried again")
    created_at: str
    secret: str | None = Field(default=None, description="shown when it is made or rotated, and never again")

    @classmethod
    def of(cls, s: Subscription, secret: str | None = None) -> Self:
        return cls(
            id=s.id, storefront_id=s.storefront_id, url=s.url, types=list(s.types), state=s.state, reason=s.reason or None,
            since=s.since or None, failures=s.failures, next_at=s.next_at or None, created_at=s.created_at, secret=secret,
        )  # fmt: skip


class WebhooksView(View):
    items: list[WebhookView] = Field(description="all of the storefront's, at most 20")


class DeliveryView(View):
    id: str = Field(description="of one message; `POST …/replays` takes it")
    at: str
    type: str
    status: int | None = Field(default=None, description="what the endpoint answered; absent if nothing")
    error: str | None = None
    ms: int
    snippet: str | None = Field(default=None, description="the beginning of the answer to what failed")
    changes: int = Field(description="how many changes of products it told")

    @classmethod
    def of(cls, a: DeliveryAttempt) -> Self:
        return cls(
            id=a.id, at=a.at, type=a.type, status=a.status, error=a.error or None, ms=a.ms, snippet=a.snippet or None, changes=a.changes
        )


class DeliveriesView(View):
    items: list[DeliveryView] = Field(description="newest first, of the last 30 days; a page may be short though there is a `next`")
    next: str | None = None
