"""What the ledger answers over HTTP: statement, balance, trial balance, one order's split."""

from functions.settlement.bootstrap import Services
from functions.settlement.ledger.ledger_views import (
    BalancesView,
    LineView,
    PeriodQuery,
    SplitView,
    StatementQuery,
    StatementView,
    TrialBalanceView,
    TrialQuery,
)
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Malformed, NotFound

ROUTES = Routes()


@ROUTES.get(
    "/v1/statement",
    query=StatementQuery,
    answers={200: StatementView},
    allow=["supplier", "storefront"],
    problems=[Malformed],
)
def statement(query: StatementQuery, caller: Caller, services: Services) -> StatementView:
    """List what the caller's account earned and paid, newest first."""
    lines, following = services.ledger_queries.statement(
        caller.tenant, query.period, currency=query.currency, limit=query.limit, cursor=query.cursor, test=query.test
    )
    return StatementView(items=[LineView.of(line) for line in lines], test=query.test, next=following)


@ROUTES.get(
    "/v1/statement/balance",
    query=PeriodQuery,
    answers={200: BalancesView},
    allow=["supplier", "storefront"],
    problems=[Malformed],
)
def balance(query: PeriodQuery, caller: Caller, services: Services) -> BalancesView:
    """Sum up the caller's statement by currency and kind."""
    return BalancesView.of(*services.ledger_queries.balance(caller.tenant, query.period, query.cursor, test=query.test), test=query.test)


@ROUTES.get("/v1/trial-balance", query=TrialQuery, answers={200: TrialBalanceView}, allow=["operator"], problems=[Malformed])
def trial_balance(query: TrialQuery, services: Services) -> TrialBalanceView:
    """Sum up all debits and credits of a day by currency; the difference is 0."""
    day = query.day or services.ledger_queries.today()
    return TrialBalanceView.of(day, *services.ledger_queries.trial_balance(day, query.cursor, test=query.test), test=query.test)


@ROUTES.get("/v1/storefronts/{storefront_id}/orders/{order_id}/split", answers={200: SplitView}, allow=["storefront"], problems=[NotFound])
def split(storefront_id: str, order_id: str, caller: Caller, services: Services) -> SplitView:
    """Show who earned what of one order."""
    return SplitView.of(order_id, services.ledger_queries.order_bookings(caller.at_storefront(storefront_id), order_id))
