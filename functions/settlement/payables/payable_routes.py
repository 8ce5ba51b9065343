"""What a storefront owes to whom, over HTTP."""

from functions.settlement.bootstrap import Services
from functions.settlement.payables.payable_views import PayablesQuery, PayablesView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Malformed

ROUTES = Routes()


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/payables",
    query=PayablesQuery,
    answers={200: PayablesView},
    allow=["storefront"],
    problems=[Malformed],
)
def list_payables(storefront_id: str, query: PayablesQuery, caller: Caller, services: Services) -> PayablesView:
    """List what the storefront owes to each payee and has not paid, or what a payee owes back."""
    found, following = services.owed.page(caller.at_storefront(storefront_id), query.currency, query.cursor)
    return PayablesView.of(query.currency, found, following)
