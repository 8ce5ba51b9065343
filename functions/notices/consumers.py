"""What notices does with the queue's messages, those of the bus and those of SES, and at its schedule."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from functions.notices.bootstrap import Services
from functions.notices.causes import buyers_causes, merchants_causes
from functions.notices.outbox.ses_events import SesEvent, is_validation
from monsoon_plugin.clock import TimeLeft, remaining
from shared.bus import Consumer, batch, opened
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    ProductHeld,
    ProductRefused,
    StockOwed,
    StorefrontConfigured,
    SubscriptionDisabled,
)
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched
from shared.trade.payment_messages import PayoutFailed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    post = services.post
    return {
        StorefrontConfigured: post.know_shop,
        OrderPlaced: post.place,
        OrderAccepted: post.promise,
        OrderPaid: post.pay,
        OrderCancelled: post.cancel,
        OrderRefunded: lambda event: post.tell_buyer(buyers_causes.refunded(event)),
        ShipmentDispatched: lambda event: post.tell_buyer(buyers_causes.dispatched(event)),
        ShipmentDelivered: lambda event: post.tell_buyer(buyers_causes.delivered(event)),
        ProductRefused: lambda event: post.list_for_merchant(merchants_causes.verdict(event)),
        ProductHeld: lambda event: post.list_for_merchant(merchants_causes.verdict(event)),
        OfferAvailabilityChanged: lambda event: post.list_for_merchant(merchants_causes.sold_out(event)),
        StockOwed: lambda event: post.list_for_merchant(merchants_causes.owed(event)),
        PayoutFailed: lambda event: post.tell_merchants([merchants_causes.payout_failed(event)]),
        SubscriptionDisabled: lambda event: post.tell_merchants([merchants_causes.webhook_disabled(event)]),
    }


@dataclass(frozen=True)
class NoticesWorker:
    """The queue's entry point. What raises is reported alone, and comes again."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        services = self.services()
        heard = consumers(services, partial(remaining, context))

        def handle(record: "SQSRecord") -> None:
            if is_validation(record.body):
                return
            document = json.loads(record.body)
            if "eventType" in document:
                services.outbox.hear(SesEvent.of(document))
            else:
                message = opened(record.body)
                heard[type(message)](message)

        return batch(handle)(event, context)


def sweep(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """What is due, and what nobody learned the outcome of."""
    return {"looked_at": services.outbox.sweep(time_left) if services.sends else 0}
