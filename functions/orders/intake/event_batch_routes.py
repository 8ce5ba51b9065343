"""The routes by which client sites send events up, and read what they sent of views."""

from functions.orders.bootstrap import Services
from functions.orders.intake.event_batch_views import MAX_BYTES, BatchView, EventBatch, ViewsQuery, ViewsView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Invalid, NotFound

ROUTES = Routes()


@ROUTES.post(
    "/v1/events",
    body=EventBatch,
    answers={200: BatchView},
    allow=["storefront"],
    key="sell",
    verified=True,
    problems=[Invalid, NotFound],
    max_body=MAX_BYTES,
)
def send_events(body: EventBatch, caller: Caller, services: Services) -> BatchView:
    """Send up to 500 views, stock corrections and orders at once; each row fares by itself, and may be sent again."""
    storefront_id = body.storefront_id or caller.storefront_id
    if storefront_id is None:
        raise Invalid.field("/storefront_id", "name the storefront, or use the key of a client site")
    caller.at_storefront(storefront_id)
    return BatchView.of(services.intake.carry_out(caller.account_id, storefront_id, body.rows(services.unpaid)))


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/views",
    query=ViewsQuery,
    answers={200: ViewsView},
    allow=["storefront"],
    key="sell",
    problems=[NotFound],
)
def count_views(storefront_id: str, query: ViewsQuery, caller: Caller, services: Services) -> ViewsView:
    """Count a day's views by product, 2,000 views a page."""
    caller.at_storefront(storefront_id)
    tenant = services.intake.tenant_of(caller.account_id, storefront_id)
    day = query.day or f"{services.clock():%Y-%m-%d}"
    views = services.intake.views
    counts, following = services.paging.page(f"views {tenant} {day}", query.cursor, lambda at: views.counts(tenant, day, at))
    return ViewsView.of(day, counts, following)
