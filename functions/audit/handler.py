"""audit: decides what may be sold, by rules, and by people where rules cannot."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.audit.bootstrap import services
from functions.audit.consumers import SubmissionWorker
from functions.audit.likenesses import likeness_routes
from functions.audit.verdicts import review_routes, verdict_routes
from shared.api.service import Service

ROUTES = (review_routes.ROUTES, likeness_routes.ROUTES, verdict_routes.ROUTES)

app = Service("audit", services, ROUTES)
worker = SubmissionWorker(services, app.logger)
