"""What paying works with: stores, the ledger, the merchants' plug-ins, keys and time; and the one way a payout's state becomes books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from functions.settlement.ledger.ledger_service import Books
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord
from functions.settlement.payouts.batches.payout_postings import entries_of_payout, payables_of_payout
from functions.settlement.payouts.payout_account import PayoutAccount
from functions.settlement.payouts.payout_schedule import Schedule
from functions.settlement.posting_rules.payable import Payable
from monsoon_plugin.clearing import ClearingPlugin
from monsoon_plugin.clock import Clock
from shared.providers.credentials import Credentials
from shared.providers.installations import Installations

Plugins = Installations[ClearingPlugin[Any]]


class Overtaken(Exception):
    """Somebody else works on the same batch: the sweep, or the caller, comes back to it."""


class Store(Protocol):
    """Where payables, batches and payouts lie; payout_store says what each does."""

    def account(self, account_id: str) -> PayoutAccount | None: ...
    def accounts(self, account_ids: Iterable[str]) -> dict[str, PayoutAccount]: ...
    def keep_account(self, account: PayoutAccount) -> bool: ...
    def schedule(self, tenant: str) -> Schedule | None: ...
    def appoint(self, appointment: Appointment) -> None: ...
    def forget(self, appointment: Appointment) -> None: ...
    def appointments(self, now: str, limit: int) -> Iterable[Appointment]: ...
    def due(self, tenant: str, currency: str, day: str, most: int) -> list[Payable]: ...
    def claimed(self, batch: PayoutBatch) -> list[Payable]: ...
    def claim(self, batch: PayoutBatch, payables: Sequence[Payable]) -> PayoutBatch | None: ...
    def batch(self, tenant: str, key: str) -> PayoutBatch | None: ...
    def add_batch(self, batch: PayoutBatch) -> PayoutBatch: ...
    def keep_batch(self, batch: PayoutBatch) -> PayoutBatch | None: ...
    def fix(self, batch: PayoutBatch, plan: bytes, carried: Sequence[Payable], follow: Appointment) -> PayoutBatch | None: ...
    def plan(self, batch: PayoutBatch) -> bytes: ...
    def keep_file(self, batch: PayoutBatch, sealed: bytes, media_type: str) -> None: ...
    def records(self, batch: PayoutBatch) -> dict[str, PayoutRecord]: ...
    def record(self, tenant: str, payout_id: str) -> PayoutRecord | None: ...
    def add_record(self, record: PayoutRecord) -> None: ...
    def keep_record(self, record: PayoutRecord) -> bool: ...


@dataclass(frozen=True, slots=True)
class Office:
    store: Store
    books: Books
    plugins: Plugins
    credentials: Credentials
    clock: Clock

    def keep(self, batch: PayoutBatch) -> PayoutBatch:
        """Raises Overtaken."""
        kept = self.store.keep_batch(batch)
        if kept is None:
            raise Overtaken(batch.key)
        return kept

    def book(self, record: PayoutRecord) -> None:
        """Keep a payout in its new state, after the ledger has it: whatever crashes between is told again, and booked once.

        Raises Overtaken.
        """
        for entry in entries_of_payout(record, self.clock()):
            booking = self.books.append(entry)
            self.books.write_lines(booking)
            if payables := payables_of_payout(record, booking):
                self.books.write_payables(booking, payables)
        if not self.store.keep_record(record):
            raise Overtaken(record.payout_id)

    def block(self, record: PayoutRecord) -> None:
        """Pay nothing more to an account that a payout failed at or came back from, until its holder says another."""
        account = self.store.account(record.payee)
        if account is not None and not account.blocked:
            reason = record.reason or "a payout came back"
            self.store.keep_account(replace(account, blocked=reason, version=account.version + 1))
