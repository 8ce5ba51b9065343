"""shipping: quotes, shipments and tracking, by the couriers that each storefront has installed."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.shipping.bootstrap import services
from functions.shipping.consumers import consumers, sweep_shipments
from functions.shipping.documents import document_routes
from functions.shipping.fulfilment import decline_routes
from functions.shipping.labels import label_routes
from functions.shipping.pages import parcels_routes, rates_routes
from functions.shipping.quotes import quote_routes
from functions.shipping.shipments import shipment_routes
from functions.shipping.shortfalls import shortfall_routes
from functions.shipping.tracking import courier_notice_routes, tracking_routes
from functions.shipping.virtual import virtual_routes
from shared.api.service import Service
from shared.entry_points import Scheduled, Worker
from shared.providers.installation_routes import installation_routes

ROUTES = (
    installation_routes("courier"),
    quote_routes.ROUTES,
    rates_routes.ROUTES,
    parcels_routes.ROUTES,
    shipment_routes.ROUTES,
    shortfall_routes.ROUTES,
    tracking_routes.ROUTES,
    label_routes.ROUTES,
    decline_routes.ROUTES,
    virtual_routes.ROUTES,
    document_routes.ROUTES,
    courier_notice_routes.ROUTES,
)
app = Service("shipping", services, ROUTES)
worker = Worker(services, consumers)
"""The queue's entry point."""
sweep = Scheduled(services, sweep_shipments, app.logger)
"""The schedule's entry point."""
