"""Banks' statements over HTTP: import one, list its lines and what they mean, list the payouts that none has shown."""

from functions.settlement.bank.bank_views import (
    MAX_STATEMENT_BODY,
    BankLineView,
    LinesQuery,
    MissingView,
    ReconciliationView,
    Statement,
    SummaryView,
)
from functions.settlement.bootstrap import Services
from functions.settlement.payouts.payout_views import PayoutView
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Conflict, Malformed, NotFound

ONE = "/v1/storefronts/{storefront_id}/clearing-installations/{installation_id}"
ROUTES = Routes()


@ROUTES.post(
    ONE + "/statements",
    body=Statement,
    answers={200: SummaryView},
    allow=["storefront"],
    max_body=MAX_STATEMENT_BODY,
    problems=[NotFound, Conflict],
)
def take_statement(storefront_id: str, installation_id: str, body: Statement, caller: Caller, services: Services) -> SummaryView:
    """Reconcile a statement of the bank; sent again, it changes nothing."""
    tenant = caller.at_storefront(storefront_id)
    return SummaryView.of(services.bank_statements.import_statement(tenant, installation_id, body.file, body.media_type))


@ROUTES.get(
    ONE + "/reconciliation",
    query=LinesQuery,
    answers={200: ReconciliationView},
    allow=["storefront"],
    problems=[NotFound, Malformed],
)
def reconciliation(storefront_id: str, installation_id: str, query: LinesQuery, caller: Caller, services: Services) -> ReconciliationView:
    """List the bank's lines and what they mean: matched, differing, unmatched, passed on to payments."""
    tenant = caller.at_storefront(storefront_id)
    found, following = services.bank_statements.lines(
        tenant, installation_id, outcome=query.outcome, limit=query.limit, cursor=query.cursor
    )
    return ReconciliationView(items=[BankLineView.of(line) for line in found], next=following)


@ROUTES.get(ONE + "/reconciliation/missing", answers={200: MissingView}, allow=["storefront"], problems=[NotFound])
def missing_payouts(storefront_id: str, installation_id: str, caller: Caller, services: Services) -> MissingView:
    """List the payouts that no statement has shown although they should be booked by now."""
    found = services.bank_statements.missing_payouts(caller.at_storefront(storefront_id), installation_id)
    return MissingView(items=[PayoutView.of(record) for record in found])
