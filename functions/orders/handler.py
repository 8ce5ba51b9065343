"""orders: takes orders and their stock, carries them through payment, shipping, cancellation and refunds. Wiring only."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.orders import order_routes
from functions.orders.bootstrap import services
from functions.orders.buyers import guest_routes
from functions.orders.checkout import checkout_routes
from functions.orders.consumers import StockStream, consumers
from functions.orders.intake import event_batch_routes
from functions.orders.inventory import stock_routes
from functions.orders.pages import followed_order_routes, review_routes
from functions.orders.pages.receipts import receipt_routes
from functions.orders.refunds import refund_routes
from shared.api.service import Service
from shared.entry_points import Scheduled, Worker

ROUTES = (
    *(checkout_routes.ROUTES, order_routes.ROUTES, guest_routes.ROUTES),
    *(refund_routes.ROUTES, stock_routes.ROUTES, event_batch_routes.ROUTES),
    *(review_routes.ROUTES, followed_order_routes.ROUTES, receipt_routes.ROUTES),
)

app = Service("orders", services, ROUTES)
worker = Worker(services, consumers)
sweep = Scheduled(services, lambda services, time_left: services.orders.sweep(time_left), app.logger)
"""Once a minute: what is due of orders (OrderService.sweep)."""
stock = StockStream(services, app.logger)
