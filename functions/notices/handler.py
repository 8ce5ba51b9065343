"""notices: writes to buyers what became of their orders, and to merchants what they want to hear. Routes and entry points."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.notices.bootstrap import services
from functions.notices.consumers import NoticesWorker
from functions.notices.consumers import sweep as sweep_mails
from functions.notices.merchants import settings_routes
from functions.notices.pages import link_routes
from shared.api.service import Service
from shared.entry_points import Scheduled

ROUTES = (settings_routes.ROUTES, link_routes.ROUTES)

app = Service("notices", services, ROUTES)
worker = NoticesWorker(services)
sweep = Scheduled(services, sweep_mails, app.logger)
