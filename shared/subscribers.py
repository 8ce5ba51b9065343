"""Every event by its type, and which service hears it: bus, contract and template are held to these two tables."""

from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferPublished,
    OfferRecalled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDisputed,
    PaymentRefunded,
    PaymentRefundFailed,
    ProductApproved,
    ProductHeld,
    ProductRefused,
    ProductSubmitted,
    StatementLineBooked,
    StockCounted,
    StockOwed,
    StorefrontConfigured,
    SubscriptionDisabled,
    SupplierReinstated,
    SupplierSuspended,
)
from shared.order_messages import (
    OrderAccepted,
    OrderCancelled,
    OrderFlagged,
    OrderPaid,
    OrderPaymentLost,
    OrderPlaced,
    OrderReduced,
    OrderRefunded,
    OrderRefundFailed,
    OrderUnitsWithdrawn,
    RefundRequested,
)
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentHeld, ShipmentUnitsKept, ShipmentUnitsReleased
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentCancelFailed, PaymentCaptureReversed, PaymentRefundedElsewhere

MESSAGES: dict[str, type[Message]] = {
    message.type: message
    for message in (
        ProductSubmitted, StockCounted, ProductApproved, ProductRefused, ProductHeld, OfferPublished, OfferRecalled, SupplierSuspended,
        SupplierReinstated, StorefrontConfigured, OfferAvailabilityChanged, StockOwed,
        OrderPlaced, OrderAccepted, OrderPaid, OrderPaymentLost, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderReduced,
        RefundRequested, OrderRefunded, OrderRefundFailed,
        PaymentAuthorized, PaymentAuthorizationEnded, PaymentCaptured, PaymentCaptureReversed, PaymentRefunded, PaymentRefundedElsewhere,
        PaymentRefundFailed, PaymentCancelFailed, PaymentDisputed,
        ShipmentDispatched, ShipmentDelivered, ShipmentHeld, ShipmentUnitsReleased, ShipmentUnitsKept, StatementLineBooked,
        SubscriptionDisabled,
    )
}  # fmt: skip
"""Every event by its type."""

SUBSCRIBERS: dict[str, tuple[type[Message], ...]] = {
    "uploads": (ProductApproved, ProductRefused, ProductHeld),
    "audit": (ProductSubmitted,),
    "catalog": (ProductApproved, ProductRefused, SupplierSuspended, SupplierReinstated),
    "storefronts": (OfferPublished, OfferRecalled, SupplierSuspended, SupplierReinstated, OfferAvailabilityChanged),
    "fanout": (
        OfferPublished, OfferRecalled, OfferAvailabilityChanged, StorefrontConfigured, SubscriptionDisabled,
        OrderPlaced, OrderPaid, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderReduced, OrderRefunded, OrderRefundFailed,
        ShipmentDispatched, ShipmentDelivered, ShipmentUnitsReleased, ShipmentUnitsKept,
    ),
    "orders": (
        StockCounted, OfferPublished, OfferRecalled, SupplierSuspended, SupplierReinstated, StorefrontConfigured,
        PaymentAuthorized, PaymentAuthorizationEnded, PaymentCaptured, PaymentCaptureReversed, PaymentRefunded, PaymentRefundedElsewhere,
        PaymentRefundFailed, PaymentCancelFailed,
        ShipmentDispatched, ShipmentDelivered, ShipmentHeld, ShipmentUnitsReleased, ShipmentUnitsKept,
    ),
    "payments": (OrderCancelled, OrderReduced, RefundRequested, ShipmentDelivered, StatementLineBooked),
    "shipping": (OfferPublished, OfferRecalled, StockOwed, OrderAccepted, OrderPaid, OrderPaymentLost, OrderCancelled, OrderUnitsWithdrawn),
    "settlement": (OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed, PaymentDisputed),
}  # fmt: skip
"""Which service hears what: the template's filter policies are held to this."""
