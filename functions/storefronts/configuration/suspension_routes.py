"""The routes of operators, who may suspend a storefront."""

from typing import Any

from functions.storefronts.bootstrap import Services
from functions.storefronts.configuration.storefront import StorefrontChanged
from functions.storefronts.configuration.storefront_routes import ONE
from functions.storefronts.configuration.storefront_views import ReinstatementBody, SanctionView, SuspensionBody
from shared.api.operation import Routes
from shared.errors import NotFound

OPERATOR: dict[str, Any] = {"answers": {200: SanctionView}, "allow": ["operator"], "problems": [NotFound, StorefrontChanged]}

ROUTES = Routes()


@ROUTES.post(ONE + "/suspension", body=SuspensionBody, **OPERATOR)
def suspend_storefront(storefront_id: str, body: SuspensionBody, services: Services) -> SanctionView:
    """Suspend a storefront: from now on it neither lists nor sells; saying it again changes nothing."""
    return SanctionView.of(services.storefronts.sanction(body.account_id, storefront_id, body.reason))


@ROUTES.post(ONE + "/reinstatement", body=ReinstatementBody, **OPERATOR)
def reinstate_storefront(storefront_id: str, body: ReinstatementBody, services: Services) -> SanctionView:
    """Let a suspended storefront list and sell again; saying it again changes nothing."""
    return SanctionView.of(services.storefronts.sanction(body.account_id, storefront_id, ""))
