"""fanout: the feed of changes that client sites pull. Wiring only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from secrets import randbelow
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from functions.fanout.change_store import FanoutStore
from functions.fanout.day_rates import DayRates
from functions.fanout.feed.feed_cursor import SIGNED, CursorTooOld, Mark, start
from functions.fanout.feed.feed_page import Page, pull
from functions.fanout.feed.feed_views import ChangeView, FeedQuery, FeedView
from functions.fanout.product_change import Change
from functions.fanout.queue_client import SqsQueue
from functions.fanout.webhook_delivery.catch_up import CatchUps, Sweep
from functions.fanout.webhook_delivery.change_planner import Planner, changed
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, PingJob, RatesJob, ReadJob, ShardJob, job_of
from functions.fanout.webhook_delivery.delivery_worker import Desk, Dispatch
from functions.fanout.webhook_delivery.signed_delivery import Sender
from functions.fanout.webhook_delivery.subscription_shards import Roster
from functions.fanout.webhooks.subscription_store import PushStore
from functions.fanout.webhooks.webhook_routes import mount_webhooks
from functions.fanout.webhooks.webhook_subscriptions import Webhooks
from monsoon_plugin.clock import utc_now
from monsoon_plugin.outbound.call import Limits, Outcome, Request
from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.service import Service
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import batch, consumer
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.messages import (
    OfferAvailabilityChanged,
    OfferPublished,
    OfferRecalled,
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentEvent,
    StorefrontConfigured,
    SubscriptionDisabled,
)
from shared.order_messages import OrderCancelled, OrderEvent, OrderFlagged, OrderPaid, OrderPlaced, OrderRefunded, OrderRefundFailed
from shared.settings import settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    fanout_table: str


@dataclass(frozen=True, slots=True)
class RatesSettings(Settings):
    reference_bucket: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str
    reference_bucket: str


app = Service("fanout")


@cache
def store() -> FanoutStore:
    return FanoutStore(settings_of(Settings).fanout_table)


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings_of(ApiSettings).signing_secret))


@cache
def rates() -> DayRates:
    return DayRates(S3Objects(settings_of(RatesSettings).reference_bucket))


@app.get(
    "/v1/feed",
    query=FeedQuery,
    answers={200: FeedView, 304: None},
    allow=["storefront"],
    key="sell",
    problems=[NotFound, CursorTooOld],
)
def read_feed(query: FeedQuery, caller: Caller, raw: Raw) -> Answer:
    """Read what has changed for a storefront since the cursor; changes are shown five seconds after they happen.

    Each product comes once, with its last change. A site that begins without a cursor gets all that the storefront sells; after
    a change of the storefront's rule the same cursor brings what that added, changed and removed.
    """
    storefront_id = query.storefront_id or caller.storefront_id
    if storefront_id is None:
        raise Invalid.field("query/storefront_id", "name the storefront, or use the key of a client site")
    caller.at_storefront(storefront_id)
    now, scope = utc_now(), f"changes {storefront_id}"
    at = at_cursor(tickets(), scope, query.cursor, now)
    mark = Mark.of(at, now) if at else None
    lens = store().lens(caller.account_id, storefront_id, rates()(mark.day if mark else ""))
    if lens is None:
        raise NotFound("no such storefront of yours")
    page = pull(mark or start(lens, now), lens, query.limit, now, store())
    if query.cursor and page.mark == mark and not mark.needs_renewal(now):
        return _answer(page, query.cursor, raw)
    return _answer(page, cursor_of(tickets(), scope, page.mark.given_at(now).cursor(), now, SIGNED), raw)


def _answer(page: Page, cursor: str, raw: Raw) -> Answer:
    changes = [ChangeView.model_validate(told) for told in page.entries]
    view = FeedView(changes=changes, next=cursor, more=page.more, snapshot=page.mark.snapshot, rule_version=page.mark.version)
    tag = f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return Answer(None, 304, headers) if tag in raw.headers.get("if-none-match", "") else Answer(view, 200, headers)


def _configured(message: StorefrontConfigured) -> None:
    if store().configure(message, utc_now()):
        webhooks().rule_changed(message.account_id, message.storefront_id, message.version)


def _heard(message: OrderEvent | ShipmentEvent | SubscriptionDisabled) -> None:
    webhooks().heard(message, message.account_id, message.storefront_id)


worker = consumer(
    {
        OfferPublished: lambda message: store().keep(Change.published(message, utc_now())),
        OfferRecalled: lambda message: store().keep(Change.recalled(message, utc_now())),
        OfferAvailabilityChanged: lambda message: store().keep_stock(Change.stocked(message, utc_now())),
        StorefrontConfigured: _configured,
        SubscriptionDisabled: _heard,
        OrderPlaced: _heard,
        OrderPaid: _heard,
        OrderCancelled: _heard,
        OrderFlagged: _heard,
        OrderRefunded: _heard,
        OrderRefundFailed: _heard,
        ShipmentDispatched: _heard,
        ShipmentDelivered: _heard,
    }
)


@dataclass(frozen=True, slots=True)
class PlannerSettings(Settings):
    deliveries_queue_url: str


@dataclass(frozen=True, slots=True)
class SweepSettings(PlannerSettings):
    catchups_queue_url: str
    reference_bucket: str


@dataclass(frozen=True, slots=True)
class PushSettings(SweepSettings):
    webhook_secret: str
    stage: str


@cache
def push_store() -> PushStore:
    return PushStore(settings_of(Settings).fanout_table, utc_now)


@cache
def deliveries() -> SqsQueue:
    return SqsQueue(settings_of(PlannerSettings).deliveries_queue_url)


@cache
def catchups() -> SqsQueue:
    return SqsQueue(settings_of(SweepSettings).catchups_queue_url)


@cache
def planned() -> Planner:
    return Planner(push_store().shards, deliveries(), _delivery_id, utc_now)


@cache
def swept() -> Sweep:
    return Sweep(push_store(), deliveries(), catchups(), rates(), utc_now)


@cache
def sender() -> Sender:
    """Made where something is sent: the other entry points need no HTTP client."""
    from anyio import run  # noqa: PLC0415

    from monsoon_plugin.outbound.client import Outbound  # noqa: PLC0415

    outbound = Outbound(Limits(snippet=500), local=settings_of(PushSettings).stage == "local")
    return lambda requests: run(outbound.post_all, requests)


@cache
def desk() -> Desk:
    secret = secret_of(settings_of(PushSettings).webhook_secret)
    return Desk(push_store(), _send, catchups(), rates(), secret, utc_now, randbelow, _delivery_id)


@cache
def webhooks() -> Webhooks:
    return Webhooks(desk(), push_store(), deliveries(), settings_of(PushSettings).stage == "local")


@cache
def dispatch() -> Dispatch:
    return Dispatch(desk(), Roster(push_store(), rates(), desk().secret, utc_now))


def _send(requests: Sequence[Request]) -> Sequence[Outcome]:
    return sender()(requests)


def _delivery_id(now: datetime) -> str:
    return new_id("dlv", now)


mount_webhooks(app, webhooks, tickets, utc_now)


def planner(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The change log's stream. Raises only if SQS refuses: the stream then gives the batch again, and sites drop doubles."""
    planned().plan(changed(event["Records"]))
    return {}


@batch
def deliver(record: SQSRecord) -> None:
    """A job of either queue."""
    job = job_of(record.body)
    match job:
        case ShardJob():
            dispatch().changes(job)
        case EventJob():
            dispatch().event(job)
        case PingJob():
            dispatch().ping(job)
        case RatesJob():
            dispatch().rates(job)
        case ReadJob():
            CatchUps(desk()).read(job)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's entry point: send who is due to be tried again, and look for a new day's rates."""
    return {"tried": swept().run()}
