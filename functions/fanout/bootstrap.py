"""What fanout's entry points need. Its functions have different variables, so each is read when the part that needs it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from secrets import randbelow

from functions.fanout.change_store import ChangeStore
from functions.fanout.day_rates import DayRates
from functions.fanout.feed.feed_page import Feed
from functions.fanout.feed.feed_reader import FeedReader
from functions.fanout.queue_client import SqsQueue
from functions.fanout.rule_store import RuleStore
from functions.fanout.webhook_delivery.catch_up import CatchUp
from functions.fanout.webhook_delivery.change_planner import ChangePlanner
from functions.fanout.webhook_delivery.delivery_jobs import JobQueue
from functions.fanout.webhook_delivery.delivery_log_store import DeliveryLogStore
from functions.fanout.webhook_delivery.delivery_worker import DeliveryWorker
from functions.fanout.webhook_delivery.endpoint_sender import EndpointSender
from functions.fanout.webhook_delivery.retry_sweep import RetrySweep
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from functions.fanout.webhook_delivery.subscription_shards import RouteCache
from functions.fanout.webhooks.subscription_states import SubscriptionStates
from functions.fanout.webhooks.subscription_store import SubscriptionStore
from functions.fanout.webhooks.webhook_service import WebhookService
from monsoon_plugin.clock import Clock, utc_now
from monsoon_plugin.outbound.call import Limits, Outcome, Request
from shared.api.paging import Paging
from shared.api.tickets import Secret, Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.ids import new_id
from shared.optimistic_retry import Retry
from shared.settings import settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    fanout_table: str


@dataclass(frozen=True, slots=True)
class PlannerSettings(Settings):
    deliveries_queue_url: str


@dataclass(frozen=True, slots=True)
class SweepSettings(PlannerSettings):
    catchups_queue_url: str
    reference_bucket: str


@dataclass(frozen=True, slots=True)
class DeliverySettings(SweepSettings):
    webhook_secret: str
    stage: str


@dataclass(frozen=True, slots=True)
class ApiSettings(DeliverySettings):
    signing_secret: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: ApiSettings | None = None,
        *,
        clock: Clock = utc_now,
        tickets: Tickets | None = None,
        rates: DayRates | None = None,
        deliveries: JobQueue | None = None,
        catchups: JobQueue | None = None,
        webhook_secret: Secret | None = None,
        post_all: PostAll | None = None,
        retry: Retry | None = None,
    ) -> None:
        self._given, self.clock, self._retry = settings, clock, retry or Retry()
        parts = {
            "tickets": tickets, "rates": rates, "deliveries": deliveries, "catchups": catchups, "webhook_secret": webhook_secret,
            "post_all": post_all,
        }  # fmt: skip
        vars(self).update({name: part for name, part in parts.items() if part is not None})

    @cached_property
    def _table(self) -> str:
        return (self._given or settings_of(Settings)).fanout_table

    @property
    def _delivery(self) -> DeliverySettings:
        return self._given or settings_of(DeliverySettings)

    @cached_property
    def changes(self) -> ChangeStore:
        return ChangeStore(self._table)

    @cached_property
    def rules(self) -> RuleStore:
        return RuleStore(self._table, self._retry)

    @cached_property
    def subscriptions(self) -> SubscriptionStore:
        return SubscriptionStore(self._table, self._retry)

    @cached_property
    def delivery_log(self) -> DeliveryLogStore:
        return DeliveryLogStore(self._table, self.clock)

    @cached_property
    def rates(self) -> DayRates:
        return DayRates(S3Objects((self._given or settings_of(SweepSettings)).reference_bucket))

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of((self._given or settings_of(ApiSettings)).signing_secret))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def deliveries(self) -> JobQueue:
        return SqsQueue((self._given or settings_of(PlannerSettings)).deliveries_queue_url)

    @cached_property
    def catchups(self) -> JobQueue:
        return SqsQueue((self._given or settings_of(SweepSettings)).catchups_queue_url)

    @cached_property
    def webhook_secret(self) -> Secret:
        return secret_of(self._delivery.webhook_secret)

    @cached_property
    def post_all(self) -> PostAll:
        """Made where something is sent: the other entry points need no HTTP client."""
        from anyio import run  # noqa: PLC0415

        from monsoon_plugin.outbound.client import Outbound  # noqa: PLC0415

        outbound = Outbound(Limits(snippet=500), local=self._delivery.stage == "local")
        return lambda requests: run(outbound.post_all, requests)

    def _post(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        return self.post_all(requests)

    @cached_property
    def feed(self) -> FeedReader:
        return FeedReader(Feed(self.changes, self.rules), self.rules, self.rates, self.tickets, self.clock)

    @cached_property
    def states(self) -> SubscriptionStates:
        return SubscriptionStates(
            store=self.subscriptions, catchups=self.catchups, clock=self.clock, below=randbelow, retry=self._retry
        )  # fmt: skip

    @cached_property
    def webhooks(self) -> WebhookService:
        return WebhookService(
            store=self.subscriptions, states=self.states, views=self.rules, events=self.delivery_log, attempts=self.delivery_log,
            deliveries=self.deliveries, rates=self.rates, hub_secret=self.webhook_secret, new_id=delivery_id,
            local=self._delivery.stage == "local",
        )  # fmt: skip

    @cached_property
    def planner(self) -> ChangePlanner:
        return ChangePlanner(self.subscriptions.shards, self.deliveries, delivery_id, self.clock)

    @cached_property
    def sender(self) -> EndpointSender:
        return EndpointSender(
            post_all=self._post, attempts=self.delivery_log, secret=self.webhook_secret, clock=self.clock, new_id=delivery_id
        )  # fmt: skip

    @cached_property
    def delivery_worker(self) -> DeliveryWorker:
        routes = RouteCache(self.subscriptions, self.rates, self.webhook_secret, self.clock)
        return DeliveryWorker(
            changes=self.changes, subscriptions=self.subscriptions, routes=routes, sender=self.sender, states=self.states,
            records=self.delivery_log,
        )  # fmt: skip

    @cached_property
    def catch_up(self) -> CatchUp:
        return CatchUp(
            changes=self.changes, events=self.delivery_log, rules=self.rules, subscriptions=self.subscriptions, sender=self.sender,
            states=self.states, rates=self.rates,
        )  # fmt: skip

    @cached_property
    def retry_sweep(self) -> RetrySweep:
        return RetrySweep(self.subscriptions, self.deliveries, self.catchups, self.rates, self.clock)


def delivery_id(now: datetime) -> str:
    return new_id("dlv", now)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
