"""pictures: suppliers send pictures; each content is read once, kept, and served."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.pictures.bootstrap import services
from functions.pictures.commons import commons_routes
from functions.pictures.consumers import ArrivalWorker, consumers, fetch
from functions.pictures.places import picture_routes
from functions.pictures.takedowns import notice_routes
from shared.api.service import Service
from shared.entry_points import JobWorker, Worker

ROUTES = (picture_routes.ROUTES, commons_routes.ROUTES, notice_routes.ROUTES)

app = Service("pictures", services, ROUTES)
reader = ArrivalWorker(services)
worker = Worker(services, consumers)
fetcher = JobWorker(services, fetch)
