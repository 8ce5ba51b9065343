"""The routes by which a supplier reads and corrects the stock of its offers."""

from functions.orders.bootstrap import Services
from functions.orders.inventory.adjustment import TooFew
from functions.orders.inventory.stock_views import AdjustmentView, AdjustStock, StockView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import NotFound
from shared.optimistic_retry import Busy

ROUTES = Routes()


@ROUTES.get("/v1/offers/{offer_id}/stock", answers={200: StockView}, allow=["supplier"], problems=[NotFound])
def get_stock(offer_id: str, caller: Caller, services: Services) -> StockView:
    """Look at what is left of one's own offer."""
    return StockView.of(services.inventory.stock_item(caller.tenant, offer_id))


@ROUTES.post(
    "/v1/offers/{offer_id}/stock-adjustments",
    body=AdjustStock,
    answers={201: AdjustmentView},
    allow=["supplier"],
    idempotent=True,
    problems=[NotFound, TooFew, KeyReused, Busy],
)
def adjust_stock(offer_id: str, body: AdjustStock, caller: Caller, idempotency: Idempotency, services: Services) -> AdjustmentView:
    """Correct the stock of one's own offer; the same Idempotency-Key corrects it once."""
    return AdjustmentView.of(services.inventory.adjust(caller.tenant, offer_id, body.delta, body.reason, idempotency))
