"""uploads: suppliers send products and feeds; its queues bring files that have arrived, chunks of rows, and audit's verdicts."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.uploads.bootstrap import services
from functions.uploads.changes import change_routes
from functions.uploads.complete import archive_routes
from functions.uploads.consumers import VerdictWorker, split_arrived_files, take_chunk
from functions.uploads.counts import count_routes
from functions.uploads.defaults import default_routes
from functions.uploads.feeds import feed_routes
from functions.uploads.mappings import mapping_routes
from functions.uploads.products import product_routes
from shared.api.service import Service
from shared.entry_points import JobWorker

ROUTES = (
    product_routes.ROUTES, change_routes.ROUTES, feed_routes.ROUTES, archive_routes.ROUTES, mapping_routes.ROUTES,
    count_routes.ROUTES, default_routes.ROUTES,
)  # fmt: skip

app = Service("uploads", services, ROUTES)
feeds = JobWorker(services, split_arrived_files)
rows = JobWorker(services, take_chunk)
worker = VerdictWorker(services)
