"""What settlement's entry points need, made of the environment when first asked for."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.settlement.bank.bank_line_store import BankLineStore
from functions.settlement.bank.bank_statement_service import BankStatementService
from functions.settlement.ledger.ledger_queries import LedgerQueries
from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.payouts.clearing_notices import ClearingNotices
from functions.settlement.payouts.payout_context import PayoutContext, Plugins
from functions.settlement.payouts.payout_service import PayoutService
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.clearing import Capability, ClearingPlugin
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.optimistic_retry import Retry
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of

FAMILY = Family("clearing", ClearingPlugin, Capability)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the API and the queue's worker."""

    settlement_table: str
    signing_secret: str
    commission_per_mille: int
    payout_hold_days: int


@dataclass(frozen=True, slots=True)
class PayoutSettings(ProviderSettings):
    """Of the API and the sweep."""

    settlement_table: str
    credentials_key: str


class Services:
    """What the service's entry points need. Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: Settings | None = None,
        payout_settings: PayoutSettings | None = None,
        *,
        clock: Clock = utc_now,
        retry: Retry | None = None,
        tickets: Tickets | None = None,
        installations: Plugins | None = None,
    ) -> None:
        self.clock, self.retry = clock, retry or Retry()
        if settings is not None:
            self.settings = settings
        if payout_settings is not None:
            self.payout_settings = payout_settings
        if tickets is not None:
            self.tickets = tickets
        if installations is not None:
            self.installations = installations

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def payout_settings(self) -> PayoutSettings:
        return settings_of(PayoutSettings)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(self.settings.signing_secret))

    @cached_property
    def installations(self) -> Plugins:
        told = self.payout_settings
        places, store = Places.of(told, "clearing"), InstallationStore(told.settlement_table)
        return Installations(Functions(FAMILY, places.functions), store, Credentials(KmsKeys(told.credentials_key)), self.clock, places)

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def ledger(self) -> LedgerService:
        store, told = LedgerStore(self.settings.settlement_table), self.settings
        return LedgerService(store, told.commission_per_mille, self.clock, told.payout_hold_days, self.retry)

    @cached_property
    def ledger_queries(self) -> LedgerQueries:
        return LedgerQueries(LedgerStore(self.settings.settlement_table), self.paging, self.clock)

    @cached_property
    def payout_context(self) -> PayoutContext:
        table, plugins = self.payout_settings.settlement_table, self.installations
        return PayoutContext(PayoutStore(table), LedgerStore(table), plugins, plugins.credentials, self.clock)

    @cached_property
    def payouts(self) -> PayoutService:
        return PayoutService(self.payout_context, self.paging)

    @cached_property
    def payout_sweep(self) -> PayoutSweep:
        return PayoutSweep(self.payout_context)

    @cached_property
    def clearing_notices(self) -> ClearingNotices:
        return ClearingNotices(self.payout_context)

    @cached_property
    def bank_statements(self) -> BankStatementService:
        lines = BankLineStore(self.payout_settings.settlement_table, self.clock)
        return BankStatementService(self.payout_context, lines, self.paging)


@cache
def services() -> Services:
    """The process's own, made of its environment when first asked for: nothing is read or made at import."""
    return Services()
