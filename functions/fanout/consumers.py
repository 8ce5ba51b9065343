"""What fanout does with each message of the bus, with the change log's stream, and with the jobs of its own queues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from functions.fanout.bootstrap import Services
from functions.fanout.product_change import ProductChange
from functions.fanout.webhook_delivery.change_planner import changed_products
from functions.fanout.webhook_delivery.delivery_jobs import AnyJob, EventJob, PingJob, RatesJob, ReadJob, ShardJob, job_of
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer, batch
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferPublished,
    OfferRecalled,
    StorefrontConfigured,
    SubscriptionDisabled,
)
from shared.order_messages import (
    OrderCancelled,
    OrderEvent,
    OrderFlagged,
    OrderPaid,
    OrderPlaced,
    OrderReduced,
    OrderRefunded,
    OrderRefundFailed,
    OrderUnitsWithdrawn,
)
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent, ShipmentUnitsKept, ShipmentUnitsReleased

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

TOLD_TO_ENDPOINTS: tuple[type[Message], ...] = (
    SubscriptionDisabled, OrderPlaced, OrderPaid, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderReduced, OrderRefunded,
    OrderRefundFailed, ShipmentDispatched, ShipmentDelivered, ShipmentUnitsReleased, ShipmentUnitsKept,
)  # fmt: skip


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    changes, clock = services.changes, services.clock

    def tell(message: OrderEvent | ShipmentEvent | SubscriptionDisabled) -> None:
        services.webhooks.tell_endpoints(message, message.account_id, message.storefront_id)

    return {
        OfferPublished: lambda message: changes.keep(ProductChange.published(message, clock())),
        OfferRecalled: lambda message: changes.keep(ProductChange.recalled(message, clock())),
        OfferAvailabilityChanged: lambda message: changes.keep_stock(ProductChange.stocked(message, clock())),
        StorefrontConfigured: lambda message: configure(services, message),
        **dict.fromkeys(TOLD_TO_ENDPOINTS, tell),
    }


def configure(services: Services, message: StorefrontConfigured) -> None:
    if services.rules.configure(message, services.clock()):
        services.webhooks.follow_rule(message.account_id, message.storefront_id, message.version)


def work(services: Services, job: AnyJob) -> None:
    """A job of either queue."""
    match job:
        case ShardJob():
            services.delivery_worker.tell_shard(job)
        case EventJob():
            services.delivery_worker.tell_tenant(job)
        case PingJob():
            services.delivery_worker.ping(job)
        case RatesJob():
            services.delivery_worker.walk_for_rates(job)
        case ReadJob():
            services.catch_up.read(job)


@dataclass(frozen=True)
class JobWorker:
    """The entry point of the queues of deliveries and of catch-ups: each job is done, and one that raises is reported alone."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        return batch(self._handle)(event, context)

    def _handle(self, record: "SQSRecord") -> None:
        work(self.services(), job_of(record.body))


@dataclass(frozen=True)
class ChangeStream:
    """The entry point of the change log's stream. Raises only if SQS refuses: the stream then gives the batch again, and sites drop
    doubles."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        self.services().planner.plan(changed_products(event["Records"]))
        return {}
