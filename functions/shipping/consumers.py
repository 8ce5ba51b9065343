"""What shipping does when it hears of offers and orders."""

from collections.abc import Mapping
from functools import partial

from functions.shipping.bootstrap import Services
from functions.shipping.shipment_sweep import MAX_SWEPT
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import Message, OfferDelisted, OfferPublished, OfferRecalled, StockOwed
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderPaymentLost, OrderUnitsWithdrawn


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    """What is done with each message of the service's queue."""
    return {
        OfferPublished: services.recall_walks.product_published,
        OfferRecalled: services.recall_walks.offer_recalled,
        OfferDelisted: services.recall_walks.product_delisted,
        StockOwed: services.shortfalls.record,
        OrderAccepted: partial(confirm, services, time_left),
        OrderPaid: partial(confirm, services, time_left),
        OrderPaymentLost: services.payment_holds.payment_lost,
        OrderCancelled: lambda order: services.order_shipments(time_left).order_cancelled(order),
        OrderUnitsWithdrawn: lambda order: services.unit_withdrawals(time_left).answer(order),
    }


def confirm(services: Services, time_left: TimeLeft, order: OrderAccepted | OrderPaid) -> None:
    """Make the order's parcels, and free what was held because it had lost its payment: that waits for no courier."""
    try:
        services.order_shipments(time_left).order_confirmed(order)
    finally:
        services.payment_holds.payment_regained(order)


def sweep_shipments(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """Go through recalled offers' shipments again, recover purchases, give labels back, ask couriers where parcels are."""
    walked = seen = 0
    try:
        walked = services.recall_walks.walk_again(time_left)
    finally:
        seen = services.sweep(time_left).run(services.store.due(services.clock(), MAX_SWEPT))
    return {"walked": walked, "seen": seen}
