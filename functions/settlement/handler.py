"""settlement: a double-entry ledger that says who earned what of which order."""

from dataclasses import dataclass
from functools import cache

from functions.settlement.reading import Reading
from functions.settlement.settlement import Settlement
from functions.settlement.store import LedgerStore
from functions.settlement.views import (
    BalancesView,
    PeriodQuery,
    SplitView,
    StatementQuery,
    StatementView,
    TrialBalanceView,
    TrialQuery,
)
from shared.bus import consumer
from shared.caller import Caller
from shared.clock import utc_now
from shared.errors import Malformed, NotFound
from shared.http import Service
from shared.messages import OrderPaid, OrderRefunded
from shared.secret import secret_of
from shared.settings import settings_of
from shared.tickets import Tickets

app = Service("settlement")


@dataclass(frozen=True, slots=True)
class Settings:
    settlement_table: str
    signing_secret: str
    commission_per_mille: int


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def settlement() -> Settlement:
    return Settlement(LedgerStore(settings().settlement_table), settings().commission_per_mille, utc_now)


@cache
def reading() -> Reading:
    return Reading(LedgerStore(settings().settlement_table), Tickets(secret_of(settings().signing_secret)), utc_now)


@app.get("/v1/statement", query=StatementQuery, answers={200: StatementView}, allow=["supplier", "storefront"], problems=[Malformed])
def statement(query: StatementQuery, caller: Caller) -> StatementView:
    """List what the caller's account earned and paid, newest first."""
    return reading().statement(caller.tenant, query)


@app.get(
    "/v1/statement/balance",
    query=PeriodQuery,
    answers={200: BalancesView},
    allow=["supplier", "storefront"],
    problems=[Malformed],
)
def balance(query: PeriodQuery, caller: Caller) -> BalancesView:
    """Sum up the caller's statement by currency and kind."""
    return reading().balance(caller.tenant, query)


@app.get("/v1/trial-balance", query=TrialQuery, answers={200: TrialBalanceView}, allow=["operator"], problems=[Malformed])
def trial_balance(query: TrialQuery) -> TrialBalanceView:
    """Sum up all debits and credits of a day by currency; the difference is 0."""
    return reading().trial_balance(query)


@app.get("/v1/storefronts/{storefront_id}/orders/{order_id}/split", answers={200: SplitView}, allow=["storefront"], problems=[NotFound])
def split(storefront_id: str, order_id: str, caller: Caller) -> SplitView:
    """Show who earned what of one order."""
    return reading().split(caller, storefront_id, order_id)


worker = consumer(
    {
        OrderPaid: lambda message: settlement().order_paid(message),
        OrderRefunded: lambda message: settlement().order_refunded(message),
    }
)
