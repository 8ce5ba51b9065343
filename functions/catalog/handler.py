"""catalog: what is on sale, and in which category; suppliers' suspensions."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.catalog.bootstrap import services
from functions.catalog.consumers import carry_out_job, consumers
from functions.catalog.offers import offer_routes
from functions.catalog.sanctions import supplier_routes
from functions.catalog.taxonomy import attribute_routes, taxonomy_routes
from shared.api.service import Service
from shared.entry_points import JobWorker, Scheduled, Worker

ROUTES = (taxonomy_routes.ROUTES, attribute_routes.ROUTES, offer_routes.ROUTES, supplier_routes.ROUTES)

app = Service("catalog", services, ROUTES)
worker = Worker(services, consumers)
sanctions = JobWorker(services, carry_out_job)
sweep = Scheduled(services, lambda services, time_left: services.sales.run(time_left), app.logger)
"""Once a minute: whose sales have begun or ended (SaleSweep)."""
