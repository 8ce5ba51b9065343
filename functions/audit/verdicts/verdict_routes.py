"""A supplier's own verdicts, and its appeals."""

from functions.audit.bootstrap import Services
from functions.audit.verdicts.verdict import AppealedBefore, ChangedMeanwhile, NotRefused
from functions.audit.verdicts.verdict_views import AppealBody, VerdictView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get("/v1/products/{product_id}/verdict", answers={200: VerdictView}, allow=["supplier"], problems=[NotFound])
def get_verdict(product_id: str, caller: Caller, services: Services) -> VerdictView:
    """Show the newest verdict on a product of one's own."""
    return VerdictView.of(services.verdicts.verdict(caller.tenant, product_id))


@ROUTES.post(
    "/v1/products/{product_id}/appeal",
    body=AppealBody,
    answers={200: VerdictView},
    allow=["supplier"],
    idempotent=True,
    problems=[NotFound, NotRefused, AppealedBefore, KeyReused, ChangedMeanwhile],
)
def appeal_refusal(product_id: str, body: AppealBody, caller: Caller, idempotency: Idempotency, services: Services) -> VerdictView:
    """Send a refusal to a person, once a version, with the reason why the product may be sold."""
    return VerdictView.of(services.verdicts.appeal(caller.tenant, product_id, body.reason, idempotency))
