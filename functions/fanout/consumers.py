"""What fanout does with each message of the bus, with the change log's stream, and with the jobs of its own queues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.fanout.bootstrap import Services
from functions.fanout.product_change import ProductChange
from functions.fanout.webhook_delivery.change_planner import changed_products
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, PingJob, RatesJob, ReadJob, ShardJob, job_of
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferDelisted,
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
    OrderPaymentLost,
    OrderPlaced,
    OrderPromiseRetained,
    OrderReduced,
    OrderRefunded,
    OrderRefundFailed,
    OrderUnitsKept,
    OrderUnitsWithdrawn,
)
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentEvent, ShipmentUnitsKept, ShipmentUnitsReleased

TOLD_TO_ENDPOINTS: tuple[type[Message], ...] = (
    SubscriptionDisabled, OrderPlaced, OrderPaid, OrderPaymentLost, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderUnitsKept,
    OrderReduced, OrderRefunded, OrderRefundFailed, OrderPromiseRetained,
    ShipmentDispatched, ShipmentDelivered, ShipmentUnitsReleased, ShipmentUnitsKept,
)  # fmt: skip


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    changes, clock = services.changes, services.clock

    def tell(message: OrderEvent | ShipmentEvent | SubscriptionDisabled) -> None:
        services.webhooks.tell_endpoints(message, message.account_id, message.storefront_id)

    return {
        OfferPublished: lambda message: changes.keep(ProductChange.published(message, clock())),
        OfferRecalled: lambda message: changes.keep(ProductChange.recalled(message, clock())),
        OfferDelisted: lambda message: changes.keep(ProductChange.recalled(message, clock())),
        OfferAvailabilityChanged: lambda message: changes.keep_stock(ProductChange.stocked(message, clock())),
        StorefrontConfigured: lambda message: configure(services, message),
        **dict.fromkeys(TOLD_TO_ENDPOINTS, tell),
    }


def announce_together(services: Services, messages: Sequence[Message]) -> None:
    """Products that are on sale for the first time are looked for and announced by two calls, not by two each."""
    several = [each for each in messages if isinstance(each, OfferPublished) and each.version == 1]
    if len(several) > 1:
        services.changes.announce(several)


def configure(services: Services, message: StorefrontConfigured) -> None:
    if services.rules.configure(message, services.clock()):
        services.webhooks.follow_rule(message.account_id, message.storefront_id, message.version)


def deliver_job(services: Services, body: str) -> None:
    """A job of the deliveries' queue. Raises TypeError for one that is the catch-ups'."""
    match job_of(body):
        case ShardJob() as job:
            services.delivery_worker.tell_shard(job)
        case EventJob() as job:
            services.delivery_worker.tell_tenant(job)
        case PingJob() as job:
            services.delivery_worker.ping(job)
        case RatesJob() as job:
            services.delivery_worker.walk_for_rates(job)
        case other:
            raise TypeError(f"{type(other).__name__} is no delivery")


def catch_up(services: Services, body: str) -> None:
    """A job of the catch-ups' queue. Raises TypeError for one that is the deliveries'."""
    job = job_of(body)
    if not isinstance(job, ReadJob):
        raise TypeError(f"{type(job).__name__} is no catch-up")
    services.catch_up.read(job)


@dataclass(frozen=True)
class ChangeStream:
    """The entry point of the change log's stream. Raises only if SQS refuses: the stream then gives the batch again, and sites drop
    doubles."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        self.services().planner.plan(changed_products(event["Records"]))
        return {}
