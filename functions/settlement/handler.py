"""settlement: a double-entry ledger that says who earned what of which order, and pays it out."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from functions.settlement.bank.bank_line_store import BankLineStore
from functions.settlement.ledger.journal import PLATFORM
from functions.settlement.ledger.ledger_queries import Reading
from functions.settlement.ledger.ledger_service import Settlement
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.ledger.ledger_views import (
    BalancesView,
    PeriodQuery,
    SplitView,
    StatementQuery,
    StatementView,
    TrialBalanceView,
    TrialQuery,
)
from functions.settlement.payouts.payout_context import Office, Plugins
from functions.settlement.payouts.payout_service import NoticeRefused, PayoutDesk
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_sweep import Sweep
from functions.settlement.payouts.payout_views import (
    MAX_STATEMENT_BODY,
    BankLineView,
    BatchesView,
    BatchView,
    LinesQuery,
    MissingView,
    PageQuery,
    PayoutAccountView,
    PayoutView,
    PutPayoutAccount,
    PutSchedule,
    Received,
    ReconciliationView,
    ScheduleView,
    Statement,
    SummaryView,
)
from monsoon_plugin.clearing import Capability, ClearingPlugin
from monsoon_plugin.clock import remaining, utc_now
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Bytes, Raw
from shared.api.caller import Caller
from shared.api.service import Service
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.bus import consumer
from shared.errors import Conflict, Malformed, NotFound, Unavailable
from shared.messages import PaymentDisputed
from shared.order_messages import OrderPaid, OrderRefunded, OrderRefundFailed
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_routes import installation_routes
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of

FAMILY = Family("clearing", ClearingPlugin, Capability)
SWEPT = 200
"""A sweep takes at most this many appointments."""
LAST = timedelta(seconds=80)
"""A sweep begins nothing later than so long before its end: a provider may take a minute for a batch."""
STOREFRONT = "/v1/storefronts/{storefront_id}"
ONE = STOREFRONT + "/clearing-installations/{installation_id}"
app = Service("settlement", lambda: SimpleNamespace(installations=installations()), [installation_routes("clearing")])  # type: ignore[has-type]


@dataclass(frozen=True, slots=True)
class Settings:
    settlement_table: str
    signing_secret: str
    commission_per_mille: int
    payout_hold_days: int


@dataclass(frozen=True, slots=True)
class PayoutSettings(ProviderSettings):
    settlement_table: str
    credentials_key: str


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def settlement() -> Settlement:
    ledger = LedgerStore(settings().settlement_table)
    return Settlement(ledger, settings().commission_per_mille, utc_now, settings().payout_hold_days)


@cache
def reading() -> Reading:
    return Reading(LedgerStore(settings().settlement_table), Tickets(secret_of(settings().signing_secret)), utc_now)


@cache
def installations() -> Plugins:
    found = settings_of(PayoutSettings)
    store, places = InstallationStore(found.settlement_table), Places.of(found, "clearing")
    return Installations(Functions(FAMILY, places.functions), store, Credentials(KmsKeys(found.credentials_key)), utc_now, places)


@cache
def office() -> Office:
    table = settings_of(PayoutSettings).settlement_table
    return Office(PayoutStore(table), LedgerStore(table), installations(), installations().credentials, utc_now)


@cache
def desk() -> PayoutDesk:
    table, tickets = settings_of(PayoutSettings).settlement_table, Tickets(secret_of(settings().signing_secret))
    return PayoutDesk(office(), PayoutStore(table), BankLineStore(table, utc_now), tickets)


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


@app.put("/v1/payout-account", body=PutPayoutAccount, answers={200: PayoutAccountView}, allow=["supplier", "storefront"],
         problems=[Conflict])  # fmt: skip
def put_payout_account(body: PutPayoutAccount, caller: Caller) -> PayoutAccountView:
    """Say where the caller's account is paid."""
    return PayoutAccountView.of(*desk().put_account(caller.tenant, body))


@app.get("/v1/payout-account", answers={200: PayoutAccountView}, allow=["supplier", "storefront"], problems=[NotFound])
def get_payout_account(caller: Caller) -> PayoutAccountView:
    """Read where the caller's account is paid; its numbers are masked."""
    return PayoutAccountView.of(*desk().account(caller.tenant))


@app.put("/v1/platform/payout-account", body=PutPayoutAccount, answers={200: PayoutAccountView}, allow=["operator"], problems=[Conflict])
def put_platform_payout_account(body: PutPayoutAccount) -> PayoutAccountView:
    """Say where the platform's commission is paid."""
    return PayoutAccountView.of(*desk().put_account(PLATFORM, body))


@app.get("/v1/platform/payout-account", answers={200: PayoutAccountView}, allow=["operator"], problems=[NotFound])
def get_platform_payout_account() -> PayoutAccountView:
    """Read where the platform's commission is paid; its numbers are masked."""
    return PayoutAccountView.of(*desk().account(PLATFORM))


@app.put(STOREFRONT + "/payout-schedule", body=PutSchedule, answers={200: ScheduleView}, allow=["storefront"], verified=True,
         problems=[NotFound, Conflict])  # fmt: skip
def put_payout_schedule(storefront_id: str, body: PutSchedule, caller: Caller) -> ScheduleView:
    """Choose when the storefront's payees are paid, and by which clearing installation."""
    return ScheduleView.of(*desk().put_schedule(caller.at_storefront(storefront_id), body))


@app.get(STOREFRONT + "/payout-schedule", answers={200: ScheduleView}, allow=["storefront"], problems=[NotFound])
def get_payout_schedule(storefront_id: str, caller: Caller) -> ScheduleView:
    """Read when the storefront's payees are paid."""
    return ScheduleView.of(*desk().schedule(caller.at_storefront(storefront_id)))


@app.get(STOREFRONT + "/payout-batches", query=PageQuery, answers={200: BatchesView}, allow=["storefront"], problems=[Malformed])
def list_payout_batches(storefront_id: str, query: PageQuery, caller: Caller) -> BatchesView:
    """List the storefront's payout batches, newest first."""
    found, following = desk().batches(caller.at_storefront(storefront_id), query)
    return BatchesView(items=[BatchView.of(batch) for batch in found], next=following)


@app.get(STOREFRONT + "/payout-batches/{key}", answers={200: BatchView}, allow=["storefront"], problems=[NotFound])
def get_payout_batch(storefront_id: str, key: str, caller: Caller) -> BatchView:
    """Read a payout batch and what became of each payout."""
    return BatchView.of(*desk().batch(caller.at_storefront(storefront_id), key))


@app.get(STOREFRONT + "/payout-batches/{key}/file", answers={200: Bytes}, allow=["storefront"], verified=True, problems=[NotFound])
def get_payout_file(storefront_id: str, key: str, caller: Caller) -> Bytes:
    """Fetch the batch's file, to hand it to the bank."""
    content, media_type = desk().file(caller.at_storefront(storefront_id), key)
    return Bytes(content, media_type, f"{key}.xml")


@app.post(ONE + "/statements", body=Statement, answers={200: SummaryView}, allow=["storefront"], max_body=MAX_STATEMENT_BODY,
          problems=[NotFound, Conflict])  # fmt: skip
def take_statement(storefront_id: str, installation_id: str, body: Statement, caller: Caller) -> SummaryView:
    """Reconcile a statement of the bank; sent again, it changes nothing."""
    tenant = caller.at_storefront(storefront_id)
    return SummaryView.of(desk().take_statement(tenant, installation_id, body.file, body.media_type))


@app.get(ONE + "/reconciliation", query=LinesQuery, answers={200: ReconciliationView}, allow=["storefront"],
         problems=[NotFound, Malformed])  # fmt: skip
def reconciliation(storefront_id: str, installation_id: str, query: LinesQuery, caller: Caller) -> ReconciliationView:
    """List the bank's lines and what they mean: matched, differing, unmatched, passed on to payments."""
    found, following = desk().reconciliation(caller.at_storefront(storefront_id), installation_id, query)
    return ReconciliationView(items=[BankLineView.of(line) for line in found], next=following)


@app.get(ONE + "/reconciliation/missing", answers={200: MissingView}, allow=["storefront"], problems=[NotFound])
def missing_payouts(storefront_id: str, installation_id: str, caller: Caller) -> MissingView:
    """List the payouts that no statement has shown although they should be booked by now."""
    found = desk().missing(caller.at_storefront(storefront_id), installation_id)
    return MissingView(items=[PayoutView.of(record) for record in found])


@app.post("/v1/hooks/clearing/{installation_id}", answers={200: Received}, public=True, problems=[NotFound, NoticeRefused, Unavailable])
def take_clearing_notice(installation_id: str, raw: Raw) -> Received:
    """Take a clearing provider's notice; it is verified with the installation's own secret."""
    desk().notice(installation_id, RawWebhook(raw.body, raw.headers))
    return Received()


worker = consumer(
    {
        OrderPaid: lambda message: settlement().order_paid(message),
        OrderRefunded: lambda message: settlement().order_refunded(message),
        OrderRefundFailed: lambda message: settlement().order_refund_failed(message),
        PaymentDisputed: lambda message: settlement().payment_disputed(message),
    }
)


def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's entry point: paydays and batches that are due."""
    until = utc_now() + remaining(context) - LAST
    return {"kept": Sweep(office()).run(SWEPT, until)}
