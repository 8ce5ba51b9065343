"""What shipping does when it hears of offers and orders."""

from collections.abc import Mapping

from functions.shipping.bootstrap import Services
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipment_sweep import MAX_SWEPT
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import Message, OfferPublished, OfferRecalled, StockOwed
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid, OrderUnitsWithdrawn


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    """What is done with each message of the service's queue."""
    return {
        OfferPublished: lambda offer: services.recall_holds.offer_published(ParcelFacts.of(offer), offer.version),
        OfferRecalled: services.recall_holds.offer_recalled,
        StockOwed: services.shortfalls.record,
        OrderAccepted: lambda order: services.order_shipments(time_left).order_confirmed(order),
        OrderPaid: lambda order: services.order_shipments(time_left).order_confirmed(order),
        OrderCancelled: lambda order: services.order_shipments(time_left).order_cancelled(order),
        OrderUnitsWithdrawn: lambda order: services.unit_withdrawals(time_left).answer(order),
    }


def sweep_shipments(services: Services, time_left: TimeLeft) -> Mapping[str, int]:
    """Recover purchases, give labels back, ask couriers where parcels are."""
    return {"seen": services.sweep(time_left).run(services.store.due(services.clock(), MAX_SWEPT))}
