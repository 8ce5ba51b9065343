"""The routes by which client sites send events up, and read what they sent of views."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from functions.orders.intake.event_batch import Intake
from functions.orders.intake.event_batch_views import MAX_BYTES, BatchView, EventBatch, ViewsQuery, ViewsView
from shared.api.caller import Caller
from shared.api.service import Service
from shared.api.tickets import at_cursor, cursor_of
from shared.errors import Invalid, NotFound

MERCHANT: dict[str, Any] = {"allow": ["storefront"], "key": "sell"}


def mount_intake(app: Service, intake: Callable[[], Intake], unpaid: Callable[[], timedelta]) -> None:
    """Serve events at `app`. `unpaid`: how long the stock of an order is kept that does not say."""

    @app.post("/v1/events", body=EventBatch, answers={200: BatchView}, **MERCHANT, verified=True, problems=[Invalid, NotFound],
              max_body=MAX_BYTES)  # fmt: skip
    def send_events(body: EventBatch, caller: Caller) -> BatchView:
        """Send up to 500 views, stock corrections and orders at once; each row fares by itself, and may be sent again."""
        storefront_id = body.storefront_id or caller.storefront_id
        if storefront_id is None:
            raise Invalid.field("/storefront_id", "name the storefront, or use the key of a client site")
        caller.at_storefront(storefront_id)
        return BatchView.of(intake().take(caller.account_id, storefront_id, body.rows(unpaid())))

    @app.get("/v1/storefronts/{storefront_id}/views", query=ViewsQuery, answers={200: ViewsView}, **MERCHANT, problems=[NotFound])
    def count_views(storefront_id: str, query: ViewsQuery, caller: Caller) -> ViewsView:
        """Count a day's views by product, 2,000 views a page."""
        caller.at_storefront(storefront_id)
        taking = intake()
        tenant, now = taking.known(caller.account_id, storefront_id), taking.clock()
        day = query.day or f"{now:%Y-%m-%d}"
        scope = f"views {tenant} {day}"
        at = at_cursor(taking.tickets, scope, query.cursor, now)
        counts, after = taking.views.counts(tenant, day, str(at["after"]) if at else "")
        return ViewsView.of(day, counts, cursor_of(taking.tickets, scope, {"after": after}, now) if after else None)
