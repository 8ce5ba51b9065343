"""What one product writes: the real consumers of the five services that follow a decision of audit, on a DynamoDB in this process, each
write charged by the documented rules (bench.capacity). Before it, so many storefronts are configured with rules of the market.
"""

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

import boto3
from moto import mock_aws

from bench.fanout.market import Market
from bench.laboratory import BATCH, sqs
from bench.meter import Meter, Tally
from functions.catalog.bootstrap import services as catalog_services
from functions.catalog.offers.offer import Recall
from functions.publish.stream_events import new_events
from infra.templates import template
from monsoon_plugin.clock import utc_now
from shared.api.idempotency import Idempotency
from shared.bus import envelope
from shared.ids import derived_id
from shared.messages import Message, ProductApproved, StorefrontConfigured
from shared.pictures.picture_messages import PictureShown
from shared.pictures.shown_picture import ShownPicture
from shared.subscribers import SUBSCRIBERS

SERVICES = ("catalog", "storefronts", "fanout", "orders", "shipping")
AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}


@dataclass
class Cost:
    """Of one publication or recall, whichever storefronts there are."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    events: int = 0
    """Published to SNS, once each."""
    messages: int = 0
    """That SNS put into queues."""

    def told(self) -> dict[str, Any]:
        total = Tally()
        for tally in self.tallies.values():
            total += tally
        by_service = {service: tally.wcu for service, tally in self.tallies.items()}
        return {
            "writes": total.writes,
            "wcu": total.wcu,
            "rcu": total.rcu,
            "by_service": by_service,
            "sns": self.events,
            "sqs": self.messages,
        }


class Hub:
    """The five services in this process."""

    def __init__(self, market: Market) -> None:
        self.market, self.meter = market, Meter(boto3.client("dynamodb"))
        self.meter.install()
        self._configured = 0
        _deploy()
        with redirect_stdout(open(os.devnull, "w")):  # the loggers keep it for as long as the process lives
            self.handlers: dict[str, ModuleType] = {service: import_module(f"functions.{service}.handler") for service in SERVICES}

    def open(self, storefronts: int) -> None:
        """Have so many storefronts, with the market's rules."""
        rules = self.market.rules(0, storefronts)
        messages = [
            StorefrontConfigured(
                version=1, storefront_id=derived_id("sf", str(n)), account_id=derived_id("acc", str(n)), name="Shop", open=True,
                selection=rule.selection, price_rule=rule.price_rule,
            ) for n, rule in enumerate(rules)
        ]  # fmt: skip
        for service in ("fanout", "orders"):
            for start in range(self._configured, storefronts, BATCH):
                self._work(service, messages[start : start + BATCH])
        self._configured = storefronts

    def published(self, number: int, *, pictured: bool) -> Cost:
        """Audit approves a product that is new; with its picture, that was read before."""
        product_id, supplier_id, product = self.market.product(number)
        if pictured:
            self._work("catalog", [shown(supplier_id, each) for each in product.pictures])
        else:
            product = product.model_copy(update={"pictures": []})
        message = ProductApproved(version=1, product_id=product_id, supplier_id=supplier_id, product=product, decided_by="rules")
        cost = Cost(events=1, messages=1)
        with self._counted(cost, "catalog"):
            self._work("catalog", [message])
        return self._followed(cost)

    def recalled(self, number: int) -> Cost:
        """An operator recalls it."""
        product_id, supplier_id, _ = self.market.product(number)
        cost, asked = Cost(), Idempotency(f"recall {number}", "bench", "")
        with self._counted(cost, "catalog"):
            catalog_services().offers.recall(supplier_id, product_id, Recall("operator", "cracks"), asked)
        return self._followed(cost)

    def _followed(self, cost: Cost) -> Cost:
        """Each service hears of it, until nothing is left to tell."""
        while records := [r for r in self.meter.records if "event" in r["dynamodb"].get("NewImage", {})]:
            self.meter.records.clear()
            envelopes = list(new_events(records))
            cost.events += len(envelopes)
            for service in SERVICES:
                types = {f'"type":"{message.type}"' for message in SUBSCRIBERS[service]}
                bodies = [text for text in envelopes if any(kind in text for kind in types)]
                cost.messages += len(bodies)
                if bodies:
                    with self._counted(cost, service):
                        self._deliver(service, bodies)
        return cost

    @contextmanager
    def _counted(self, cost: Cost, service: str) -> Iterator[None]:
        with self.meter.on(cost.tallies.setdefault(service, Tally())):
            yield

    def _work(self, service: str, messages: Sequence[Message]) -> None:
        self._deliver(service, [envelope(message, utc_now()) for message in messages])

    def _deliver(self, service: str, bodies: list[str]) -> None:
        failed = self.handlers[service].worker(sqs(bodies), None)["batchItemFailures"]
        if failed:
            raise RuntimeError(f"{service}'s worker failed on {len(failed)} messages")


def shown(supplier_id: str, picture_id: str) -> PictureShown:
    """The news of a photograph that was read, its blur as long as most are."""
    blur = base64.b64encode(hashlib.sha256(picture_id.encode()).digest() * 2).decode()
    read = ShownPicture(content=derived_id("img", picture_id), width=4032, height=3024, colour="#a1b2c3", blur=blur)
    return PictureShown(version=1, picture_id=picture_id, account_id=supplier_id, shown=read)


def _deploy() -> None:
    """The tables as the template has them, and the variables that the workers read."""
    environment = {"SIGNING_SECRET": "-", "CREDENTIALS_KEY": "-", "WEBHOOK_SECRET": "-", "STAGE": "prod", "UNPAID_MINUTES": "60",
                   "PUBLIC_URL": "", "PROVIDER_BASES": "{}", "PLUGIN_FUNCTIONS": "", "MEDIA_URL": "http://127.0.0.1/media"}  # fmt: skip
    dynamodb, queues, buckets = boto3.client("dynamodb"), boto3.client("sqs"), boto3.client("s3")
    for service in SERVICES:
        kept = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
        properties = template("infra/tables.yaml")["Resources"][f"{service.capitalize()}Table"]["Properties"]
        dynamodb.create_table(TableName=service, **{name: properties[name] for name in kept if name in properties})
        environment[f"{service.upper()}_TABLE"] = service
    for name in ("deliveries", "catchups", "sanctions"):
        environment[f"{name.upper()}_QUEUE_URL"] = queues.create_queue(QueueName=name)["QueueUrl"]
    for name in ("reference", "index", "documents"):
        buckets.create_bucket(Bucket=name)
        environment[f"{name.upper()}_BUCKET"] = name
    os.environ |= environment


def publish(market: Market, counts: list[int], say: Any) -> dict[int, dict[str, Any]]:
    """For each number of storefronts what one publication and one recall cost. Raises RuntimeError if two numbers differ in anything."""
    os.environ |= AWS
    found: dict[int, dict[str, Any]] = {}
    with mock_aws():
        hub = Hub(market)
        for number, count in enumerate(counts):
            say(f"publishing and recalling with {count} storefronts configured")
            hub.open(count)
            found[count] = {
                "published": hub.published(number, pictured=False).told(),
                "recalled": hub.recalled(number).told(),
                "with a picture": hub.published(len(counts) + number, pictured=True).told(),
            }
    return found
