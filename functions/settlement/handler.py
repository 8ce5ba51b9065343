"""settlement: a double-entry ledger that says who earned what of which order, and pays it out. Routes and entry points."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.settlement.bank import bank_routes
from functions.settlement.bootstrap import services
from functions.settlement.consumers import consumers, sweep_payouts
from functions.settlement.ledger import ledger_routes
from functions.settlement.payables import payable_routes
from functions.settlement.payouts import clearing_notice_routes, payout_routes
from shared.api.service import Service
from shared.entry_points import Scheduled, Worker
from shared.providers.installation_routes import installation_routes

ROUTES = (
    installation_routes("clearing"),
    ledger_routes.ROUTES,
    payable_routes.ROUTES,
    payout_routes.ROUTES,
    bank_routes.ROUTES,
    clearing_notice_routes.ROUTES,
)

app = Service("settlement", services, ROUTES)
worker = Worker(services, consumers)
sweep = Scheduled(services, sweep_payouts, app.logger)
