"""The routes by which a supplier says what its products are unless they say otherwise."""

from functions.uploads.bootstrap import Services
from functions.uploads.defaults.default_views import DefaultsView, SetDefaults
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Invalid

ROUTES = Routes()


@ROUTES.put("/v1/product-defaults", body=SetDefaults, answers={200: DefaultsView}, allow=["supplier"], verified=True, problems=[Invalid])
def set_product_defaults(body: SetDefaults, caller: Caller, services: Services) -> DefaultsView:
    """Say by category what fills a gap in what you send from now on; what you sent before stays as it is."""
    services.defaults.replace(caller.tenant, body.items)
    return DefaultsView(items=body.items)


@ROUTES.get("/v1/product-defaults", answers={200: DefaultsView}, allow=["supplier"], verified=True)
def get_product_defaults(caller: Caller, services: Services) -> DefaultsView:
    """Show your defaults."""
    return DefaultsView(items=services.defaults.of(caller.tenant))
