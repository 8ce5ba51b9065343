"""What settlement's entry points need."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.settlement.bank.bank_line_store import BankLineStore
from functions.settlement.bank.bank_statement_service import BankStatementService
from functions.settlement.ledger.ledger_queries import LedgerQueries
from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.payables.owed import OwedQuery
from functions.settlement.payouts.clearing_notices import ClearingNotices
from functions.settlement.payouts.payout_context import PayoutContext, Plugins
from functions.settlement.payouts.payout_service import PayoutService
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.clearing import Capability, ClearingPlugin
from shared.bootstrap.api_parts import ApiParts
from shared.bootstrap.provider_parts import ProviderParts
from shared.providers.elsewhere.operator_plugins import Family

FAMILY = Family("clearing", ClearingPlugin, Capability)


@dataclass(frozen=True, slots=True)
class Settings:
    settlement_table: str


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Of the API and the queue's worker."""

    commission_per_mille: int
    payout_hold_days: int


class Services(ApiParts, ProviderParts):
    @cached_property
    def installations(self) -> Plugins:
        return self.installed(FAMILY, self.settings(Settings).settlement_table, "clearing")

    @cached_property
    def ledger_store(self) -> LedgerStore:
        return LedgerStore(self.settings(Settings).settlement_table)

    @cached_property
    def payout_store(self) -> PayoutStore:
        return PayoutStore(self.settings(Settings).settlement_table)

    @cached_property
    def ledger(self) -> LedgerService:
        told = self.settings(LedgerSettings)
        return LedgerService(self.ledger_store, told.commission_per_mille, self.clock, told.payout_hold_days, self.retry)

    @cached_property
    def ledger_queries(self) -> LedgerQueries:
        return LedgerQueries(self.ledger_store, self.paging, self.clock)

    @cached_property
    def payout_context(self) -> PayoutContext:
        plugins = self.installations
        return PayoutContext(self.payout_store, self.ledger_store, plugins, plugins.credentials, self.clock)

    @cached_property
    def payouts(self) -> PayoutService:
        return PayoutService(self.payout_context, self.paging)

    @cached_property
    def owed(self) -> OwedQuery:
        return OwedQuery(self.payout_store, self.paging)

    @cached_property
    def payout_sweep(self) -> PayoutSweep:
        return PayoutSweep(self.payout_context)

    @cached_property
    def clearing_notices(self) -> ClearingNotices:
        return ClearingNotices(self.payout_context)

    @cached_property
    def bank_statements(self) -> BankStatementService:
        lines = BankLineStore(self.settings(Settings).settlement_table, self.clock)
        return BankStatementService(self.payout_context, lines, self.paging)


services = cache(Services)
"""Answers the process's own."""
