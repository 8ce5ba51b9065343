"""payments: how an order is paid, by the plug-ins that its merchant has chosen."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.payments import payment_routes
from functions.payments.bootstrap import Services, services
from functions.payments.consumers import consumers
from functions.payments.pages import pay_routes
from functions.payments.reconciliation import provider_webhook_routes
from functions.payments.reconciliation.reconcile import reconcile_due
from monsoon_plugin.clock import TimeLeft
from shared.api.service import Service
from shared.entry_points import Scheduled, Worker
from shared.providers.installation_routes import installation_routes, provider_routes

SWEPT = 100
"""A sweep asks for at most this many payments."""
ROUTES = (provider_routes(), installation_routes("payment"), payment_routes.ROUTES, provider_webhook_routes.ROUTES, pay_routes.ROUTES)


def sweep_payments(services: Services, time_left: TimeLeft) -> dict[str, int]:
    """Ask providers for the payments that are due."""
    due = services.store.due_for_lookup(services.clock(), SWEPT)
    return {"settled": reconcile_due(services.operation_runner(time_left), due)}


app = Service("payments", services, ROUTES)
worker = Worker(services, consumers)
sweep = Scheduled(services, sweep_payments, app.logger)
