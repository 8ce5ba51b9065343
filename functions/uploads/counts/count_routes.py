"""Counts of stock, sent without their products."""

from functions.uploads.bootstrap import Services
from functions.uploads.counts.count_views import CountStock, CountsView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Invalid
from shared.optimistic_retry import Busy

ROUTES = Routes()


@ROUTES.post(
    "/v1/stock-counts", body=CountStock, answers={202: CountsView}, allow=["supplier"], verified=True, idempotent=True,
    problems=[Invalid, KeyReused, Busy],
)  # fmt: skip
def count_stock(body: CountStock, caller: Caller, idempotency: Idempotency, services: Services) -> CountsView:
    """Count the stock of up to 50 of your own products or variants, by sku; the same Idempotency-Key counts once."""
    return CountsView.of(caller.tenant, services.counts.take(caller.tenant, body.asks(), body.moment, idempotency))
