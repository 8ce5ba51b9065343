"""What orders hear: other services' events from the queue, and their own stock from the table's stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from functions.orders.bootstrap import Services
from functions.orders.inventory.inventory_items import stock_in_image
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import (
    Message,
    OfferDelisted,
    OfferPublished,
    OfferRecalled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentRefunded,
    PaymentRefundFailed,
    StockCounted,
    StorefrontConfigured,
    SupplierReinstated,
    SupplierSuspended,
)
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentHeld, ShipmentUnitsKept, ShipmentUnitsReleased
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    return {
        StockCounted: services.inventory.record_count,
        OfferPublished: services.inventory.record_publication,
        OfferRecalled: services.inventory.record_recall,
        OfferDelisted: services.inventory.record_delisting,
        SupplierSuspended: services.replica.record_suspension,
        SupplierReinstated: services.replica.record_reinstatement,
        StorefrontConfigured: services.replica.record_storefront,
        PaymentAuthorized: services.orders.record_authorization,
        PaymentCaptured: services.orders.record_capture,
        PaymentRefunded: services.orders.record_refund,
        PaymentRefundedElsewhere: services.orders.record_refund_elsewhere,
        PaymentCaptureReversed: services.orders.record_reversal,
        PaymentAuthorizationEnded: services.orders.record_ended_authorization,
        PaymentRefundFailed: services.orders.record_failed_refund,
        PaymentCancelFailed: services.orders.record_failed_cancellation,
        ShipmentDispatched: services.orders.record_shipment,
        ShipmentDelivered: services.orders.record_shipment,
        ShipmentHeld: services.orders.record_hold,
        ShipmentUnitsReleased: services.orders.record_release,
        ShipmentUnitsKept: services.orders.record_kept,
    }


@dataclass(frozen=True)
class StockStream:
    """The entry point of the table's stream, of which the source's filter lets only offers through: announces whether
    units are left, and what is owed.

    A record that cannot be read never will be: it is logged and passed over, lest it block the stream. All else that fails raises,
    and the stream gives the batch again.
    """

    services: Callable[[], Services]
    logger: Logger

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
        for record in event["Records"]:
            try:
                before, after = (stock_in_image(record["dynamodb"].get(image)) for image in ("OldImage", "NewImage"))
            except (KeyError, TypeError, ValueError):
                self.logger.exception("unreadable", keys=record.get("dynamodb", {}).get("Keys"))
                continue
            self.services().availability.record_move(before, after)
            self.services().debts.record_move(before, after)
        return {"batchItemFailures": []}
