"""Every event by its type, and which service hears it: bus, contract and template are held to these two tables."""

from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferDelisted,
    OfferPublished,
    OfferRecalled,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentDisputed,
    PaymentRefunded,
    PaymentRefundFailed,
    ProductApproved,
    ProductDelisted,
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
    OrderPromiseRetained,
    OrderReduced,
    OrderRefunded,
    OrderRefundFailed,
    OrderUnitsKept,
    OrderUnitsWithdrawn,
    RefundRequested,
)
from shared.pictures.picture_messages import (
    ContentModerated,
    ContentWalkContinued,
    PictureHidden,
    PictureLikenessFound,
    PictureRefused,
    PictureShown,
)
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched, ShipmentHeld, ShipmentUnitsKept, ShipmentUnitsReleased
from shared.trade.payment_messages import (
    PaymentAuthorizationEnded,
    PaymentCancelFailed,
    PaymentCaptureReversed,
    PaymentRefundedElsewhere,
    PayoutFailed,
)

MESSAGES: dict[str, type[Message]] = {
    message.type: message
    for message in (
        PictureShown, PictureLikenessFound, PictureRefused, PictureHidden, ContentModerated,
        ContentWalkContinued, ProductSubmitted, StockCounted, ProductApproved, ProductRefused, ProductDelisted, ProductHeld,
        OfferPublished, OfferRecalled, OfferDelisted, SupplierSuspended, SupplierReinstated,
        StorefrontConfigured, OfferAvailabilityChanged, StockOwed,
        OrderPlaced, OrderAccepted, OrderPaid, OrderPaymentLost, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderUnitsKept,
        OrderReduced, RefundRequested, OrderRefunded, OrderRefundFailed, OrderPromiseRetained,
        PaymentAuthorized, PaymentAuthorizationEnded, PaymentCaptured, PaymentCaptureReversed, PaymentRefunded, PaymentRefundedElsewhere,
        PaymentRefundFailed, PaymentCancelFailed, PaymentDisputed,
        ShipmentDispatched, ShipmentDelivered, ShipmentHeld, ShipmentUnitsReleased, ShipmentUnitsKept, StatementLineBooked,
        PayoutFailed, SubscriptionDisabled,
    )
}  # fmt: skip
"""Every event by its type."""

SUBSCRIBERS: dict[str, tuple[type[Message], ...]] = {
    "pictures": (
        ContentModerated, ContentWalkContinued, ProductSubmitted, OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed,
        PaymentDisputed,
    ),
    "uploads": (PictureShown, PictureRefused, PictureHidden, ProductApproved, ProductRefused, ProductDelisted, ProductHeld),
    "audit": (PictureLikenessFound, ProductSubmitted),
    "catalog": (
        PictureShown, PictureRefused, PictureHidden, ProductApproved, ProductRefused, ProductDelisted, SupplierSuspended,
        SupplierReinstated,
    ),
    "storefronts": (OfferPublished, OfferRecalled, OfferDelisted, SupplierSuspended, SupplierReinstated, OfferAvailabilityChanged),
    "fanout": (
        OfferPublished, OfferRecalled, OfferDelisted, OfferAvailabilityChanged, StorefrontConfigured, SubscriptionDisabled,
        OrderPlaced, OrderPaid, OrderPaymentLost, OrderCancelled, OrderFlagged, OrderUnitsWithdrawn, OrderUnitsKept, OrderReduced,
        OrderRefunded, OrderRefundFailed, OrderPromiseRetained,
        ShipmentDispatched, ShipmentDelivered, ShipmentUnitsReleased, ShipmentUnitsKept,
    ),
    "orders": (
        StockCounted, OfferPublished, OfferRecalled, OfferDelisted, SupplierSuspended, SupplierReinstated, StorefrontConfigured,
        PaymentAuthorized, PaymentAuthorizationEnded, PaymentCaptured, PaymentCaptureReversed, PaymentRefunded, PaymentRefundedElsewhere,
        PaymentRefundFailed, PaymentCancelFailed,
        ShipmentDispatched, ShipmentDelivered, ShipmentHeld, ShipmentUnitsReleased, ShipmentUnitsKept,
    ),
    "payments": (OrderCancelled, OrderReduced, RefundRequested, ShipmentDelivered, StatementLineBooked),
    "shipping": (
        OfferPublished, OfferRecalled, OfferDelisted, StockOwed,
        OrderAccepted, OrderPaid, OrderPaymentLost, OrderCancelled, OrderUnitsWithdrawn,
    ),
    "settlement": (OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed, PaymentDisputed),
    "notices": (
        StorefrontConfigured, OrderPlaced, OrderAccepted, OrderPaid, OrderCancelled, OrderRefunded, ShipmentDispatched, ShipmentDelivered,
        ProductRefused, ProductHeld, OfferAvailabilityChanged, StockOwed, PayoutFailed, SubscriptionDisabled,
    ),
}  # fmt: skip
"""Which service hears what: the template's filter policies are held to this."""
