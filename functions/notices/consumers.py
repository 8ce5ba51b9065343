"""What notices does with the queue's messages, those of the bus and those of SES, and at its schedule."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from functions.notices.bootstrap import Services
from functions.notices.causes import buyers_causes, merchants_causes
from functions.notices.causes.merchants_causes import Listed
from functions.notices.outbox.ses_events import SesEvent, is_validation
from monsoon_plugin.clock import TimeLeft, from_rfc3339, remaining
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


def consumers(services: Services, time_left: TimeLeft, at: str = "") -> Mapping[type[Message], Consumer]:
    """`at`: when the event happened, RFC 3339; empty: now."""
    post, moment = services.post, from_rfc3339(at) if at else services.clock()

    def together(listed: Callable[[Any], Listed | None]) -> Consumer:
        return lambda event: post.list_for_merchant(listed(event), moment)

    return {
        StorefrontConfigured: post.know_shop,
        OrderPlaced: post.place,
        OrderAccepted: post.promise,
        OrderPaid: post.pay,
        OrderCancelled: post.cancel,
        OrderRefunded: lambda event: post.tell_buyer(buyers_causes.refunded(event)),
        ShipmentDispatched: lambda event: post.tell_buyer(buyers_causes.dispatched(event)),
        ShipmentDelivered: lambda event: post.tell_buyer(buyers_causes.delivered(event)),
        ProductRefused: together(merchants_causes.verdict),
        ProductHeld: together(merchants_causes.verdict),
        OfferAvailabilityChanged: together(merchants_causes.sold_out),
        StockOwed: together(merchants_causes.owed),
        PayoutFailed: lambda event: post.tell_merchants([merchants_causes.payout_failed(event)]),
        SubscriptionDisabled: lambda event: post.tell_merchants([merchants_causes.webhook_disabled(event)]),
    }


@dataclass(frozen=True)
class NoticesWorker:
    """The queue's entry point. What raises is reported alone, and comes again."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        services = self.services()
        time_left = partial(remaining, context)

        def handle(record: "SQSRecord") -> None:
            if is_validation(record.body):
                return
            document = json.loads(record.body)
            if "eventType" in document:
                services.outbox.hear(SesEvent.of(document))
            else:
                message = opened(record.body)
                consumers(services, time_left, str(document.get("time", "")))[type(message)](message)

        return batch(handle)(event, context)


def sweep(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """What is due, and what nobody learned the outcome of."""
    return {"looked_at": services.outbox.sweep(time_left) if services.sends else 0}
