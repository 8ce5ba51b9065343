"""What fanout's entry points need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from secrets import randbelow, token_bytes

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
from functions.fanout.webhook_delivery.retry_schedule import Below
from functions.fanout.webhook_delivery.retry_sweep import RetrySweep
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from functions.fanout.webhook_delivery.subscription_shards import RouteCache
from functions.fanout.webhooks.subscription_states import SubscriptionStates
from functions.fanout.webhooks.subscription_store import SubscriptionStore
from functions.fanout.webhooks.webhook_service import ASKED, ASKED_AGE, WebhookService
from monsoon_plugin.outbound.call import Limits, Outcome, Request
from shared.api.tickets import Secret
from shared.aws.secret import secret_of
from shared.bootstrap.api_parts import ApiParts
from shared.bootstrap.reference_parts import ReferenceParts
from shared.bounds.recent import Recent
from shared.ids import Random, new_id
from shared.trade.fx import Rates


@dataclass(frozen=True, slots=True)
class Settings:
    fanout_table: str


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    deliveries_queue_url: str


@dataclass(frozen=True, slots=True)
class CatchUpSettings:
    catchups_queue_url: str


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    webhook_secret: str


@dataclass(frozen=True, slots=True)
class StageSettings:
    stage: str


@dataclass(frozen=True, slots=True)
class AddressSettings:
    media_url: str
    """What stands before the key of a picture that is served."""


class Services(ApiParts, ReferenceParts):
    @cached_property
    def changes(self) -> ChangeStore:
        return ChangeStore(self.settings(Settings).fanout_table, self.clock, self.retry, self.settings(AddressSettings).media_url)

    @cached_property
    def rules(self) -> RuleStore:
        return RuleStore(self.settings(Settings).fanout_table, self.retry)

    @cached_property
    def subscriptions(self) -> SubscriptionStore:
        return SubscriptionStore(self.settings(Settings).fanout_table, self.retry)

    @cached_property
    def delivery_log(self) -> DeliveryLogStore:
        return DeliveryLogStore(self.settings(Settings).fanout_table, self.clock)

    @cached_property
    def rates(self) -> DayRates:
        return DayRates(self.reference_objects)

    @cached_property
    def deliveries(self) -> JobQueue:
        return SqsQueue(self.settings(DeliverySettings).deliveries_queue_url)

    @cached_property
    def catchups(self) -> JobQueue:
        return SqsQueue(self.settings(CatchUpSettings).catchups_queue_url)

    @cached_property
    def webhook_secret(self) -> Secret:
        return secret_of(self.settings(WebhookSettings).webhook_secret)

    def _rates(self, least: str) -> Rates:
        """Looked up where a subscription is made: who only tells endpoints is not given the bucket's name."""
        return self.rates(least)

    def _hub_secret(self) -> str:
        """Read where a subscription is made or rotated: who only tells endpoints is not given its name."""
        return self.webhook_secret()

    @cached_property
    def random(self) -> Random:
        return token_bytes

    @cached_property
    def below(self) -> Below:
        return randbelow

    def _new_id(self, now: datetime) -> str:
        """A delivery's."""
        return new_id("dlv", now, self.random)

    @cached_property
    def post_all(self) -> PostAll:
        """Made where something is sent: the other entry points need no HTTP client."""
        from anyio import run  # noqa: PLC0415

        from monsoon_plugin.outbound.client import Outbound  # noqa: PLC0415

        outbound = Outbound(Limits(snippet=500), local=self.settings(StageSettings).stage == "local")
        return lambda requests: run(outbound.post_all, requests)

    def _post(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        return self.post_all(requests)

    @cached_property
    def feed(self) -> FeedReader:
        return FeedReader(Feed(self.changes, self.rules), self.rules, self.rates, self.tickets, self.clock)

    @cached_property
    def states(self) -> SubscriptionStates:
        return SubscriptionStates(
            store=self.subscriptions, catchups=self.catchups, clock=self.clock, below=self.below, retry=self.retry
        )  # fmt: skip

    @cached_property
    def webhooks(self) -> WebhookService:
        return WebhookService(
            store=self.subscriptions, states=self.states, views=self.rules, events=self.delivery_log, attempts=self.delivery_log,
            deliveries=self.deliveries, rates=self._rates, hub_secret=self._hub_secret, new_id=self._new_id,
            local=self.settings(StageSettings).stage == "local", asked=Recent(ASKED_AGE, ASKED, self.seconds),
        )  # fmt: skip

    @cached_property
    def planner(self) -> ChangePlanner:
        return ChangePlanner(self.subscriptions.shards, self.deliveries, self._new_id, self.clock)

    @cached_property
    def sender(self) -> EndpointSender:
        return EndpointSender(
            post_all=self._post, attempts=self.delivery_log, secret=self.webhook_secret, clock=self.clock, new_id=self._new_id
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


services = cache(Services)
"""Answers the process's own."""
