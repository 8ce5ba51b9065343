"""pictures: suppliers send pictures; each content is read once, kept, and served."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.pictures.bootstrap import services
from functions.pictures.consumers import ArrivalWorker
from functions.pictures.places import picture_routes
from shared.api.service import Service

ROUTES = (picture_routes.ROUTES,)

app = Service("pictures", services, ROUTES)
reader = ArrivalWorker(services)
