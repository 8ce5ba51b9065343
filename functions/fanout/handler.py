"""fanout: client sites keep a copy of what their storefront sells, by the feed that they pull and by webhooks that are pushed."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.fanout.bootstrap import services
from functions.fanout.consumers import ChangeStream, announce_together, catch_up, consumers, deliver_job
from functions.fanout.feed import feed_routes
from functions.fanout.webhooks import webhook_routes
from shared.api.service import Service
from shared.entry_points import JobWorker, Scheduled, Worker

ROUTES = (feed_routes.ROUTES, webhook_routes.ROUTES)

app = Service("fanout", services, ROUTES)
worker = Worker(services, consumers, announce_together)
planner = ChangeStream(services)
deliver = JobWorker(services, deliver_job)
catchup = JobWorker(services, catch_up)
sweep = Scheduled(services, lambda services, time_left: {"tried": services.retry_sweep.run(time_left)}, app.logger)
