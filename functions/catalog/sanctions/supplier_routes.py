"""Suppliers, suspended and reinstated by operators."""

from functions.catalog.bootstrap import Services
from functions.catalog.offers.offer import ChangedMeanwhile
from functions.catalog.sanctions.supplier_standing_views import StandingView, SuspensionBody
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound
from shared.ids import named

ROUTES = Routes()


@ROUTES.post(
    "/v1/suppliers/{supplier_id}/suspension",
    body=SuspensionBody,
    answers={200: StandingView},
    allow=["operator"],
    problems=[NotFound, ChangedMeanwhile],
)
def suspend_supplier(supplier_id: str, body: SuspensionBody, services: Services) -> StandingView:
    """Suspend a supplier: nothing of it is sold or listed from now on; saying it again changes nothing."""
    named(supplier_id)
    return StandingView.of(services.suspensions.suspend(supplier_id, body.reason))


@ROUTES.post(
    "/v1/suppliers/{supplier_id}/reinstatement", answers={200: StandingView}, allow=["operator"], problems=[NotFound, ChangedMeanwhile]
)
def reinstate_supplier(supplier_id: str, services: Services) -> StandingView:
    """Let a suspended supplier sell again; what it or an operator recalled stays recalled."""
    named(supplier_id)
    return StandingView.of(services.suspensions.reinstate(supplier_id))


@ROUTES.get("/v1/suppliers/{supplier_id}/standing", answers={200: StandingView}, allow=["supplier", "operator"], problems=[NotFound])
def get_standing(supplier_id: str, caller: Caller, services: Services) -> StandingView:
    """Show whether a supplier may sell: to itself, and to operators."""
    named(supplier_id)
    if "operator" not in caller.roles and supplier_id != caller.tenant:
        raise NotFound("you are not this supplier")
    return StandingView.of(services.suspensions.standing(supplier_id))
