"""What paying works with: store, ledger, the merchants' plug-ins, keys and time; and the one way a payout's state becomes books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from functions.settlement.ledger.ledger_service import Ledger
from functions.settlement.payables.payable import Payable
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_documents import parse_plan, unseal_document
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord
from functions.settlement.payouts.batches.payout_postings import as_booked, book_of_payout, next_booking, owed_by
from functions.settlement.payouts.payout_account import PayoutAccount, unseal_account
from functions.settlement.payouts.payout_schedule import PayoutSchedule
from monsoon_plugin.clearing import ClearingPlugin, Payee
from monsoon_plugin.clock import Clock
from shared.errors import Problem
from shared.optimistic_retry import Contended
from shared.providers.credentials import Credentials
from shared.providers.installations import Installations

Plugins = Installations[ClearingPlugin[Any]]


class Store(Protocol):
    """Where payables, batches and payouts lie; payout_store says what each does."""

    def account(self, account_id: str) -> PayoutAccount | None: ...
    def accounts(self, account_ids: Iterable[str]) -> dict[str, PayoutAccount]: ...
    def keep_account(self, account: PayoutAccount) -> bool: ...
    def schedule(self, tenant: str) -> PayoutSchedule | None: ...
    def keep_schedule(self, schedule: PayoutSchedule, payday: Appointment) -> bool: ...
    def add_appointment(self, appointment: Appointment) -> None: ...
    def remove_appointment(self, appointment: Appointment) -> None: ...
    def due_appointments(self, now: str, limit: int) -> Iterable[Appointment]: ...
    def has_payables(self, tenant: str, currency: str) -> bool: ...
    def due_payables(self, tenant: str, currency: str, day: str, most: int) -> list[Payable]: ...
    def payables_in(self, batch: PayoutBatch) -> list[Payable]: ...
    def claim_payables(self, batch: PayoutBatch, payables: Sequence[Payable]) -> PayoutBatch | None: ...
    def carry_over(self, batch: PayoutBatch, unpaid: Sequence[Payable]) -> PayoutBatch | None: ...
    def batch(self, tenant: str, key: str) -> PayoutBatch | None: ...
    def batches(self, tenant: str, limit: int, after: str | None) -> tuple[list[PayoutBatch], str | None]: ...
    def add_batch(self, batch: PayoutBatch) -> PayoutBatch: ...
    def keep_batch(self, batch: PayoutBatch) -> PayoutBatch | None: ...
    def fix_batch(self, batch: PayoutBatch, plan: bytes, follow: Appointment) -> PayoutBatch | None: ...
    def plan(self, batch: PayoutBatch) -> bytes: ...
    def keep_file(self, batch: PayoutBatch, sealed: bytes, media_type: str) -> None: ...
    def file(self, batch: PayoutBatch) -> tuple[bytes, str] | None: ...
    def payout(self, tenant: str, payout_id: str) -> PayoutRecord | None: ...
    def payouts_in(self, batch: PayoutBatch) -> dict[str, PayoutRecord]: ...
    def add_payout(self, record: PayoutRecord) -> None: ...
    def keep_payout(self, record: PayoutRecord, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class PayoutContext:
    store: Store
    ledger: Ledger
    plugins: Plugins
    credentials: Credentials
    clock: Clock

    def keep_batch(self, batch: PayoutBatch) -> PayoutBatch:
        """Raises Contended: somebody else works on it, the sweep or a caller; whoever comes back to it goes on."""
        kept = self.store.keep_batch(batch)
        if kept is None:
            raise Contended(batch.key)
        return kept

    def book_payout(self, record: PayoutRecord) -> None:
        """Keep a payout in its new state, after the ledger has it: whatever crashes between is told again, and booked once.

        Two who were told differently of one payout book one after the other. Raises Contended.
        """
        booked = list(self.ledger.whole_book(book_of_payout(record), consistent=True))
        for entry in booked:
            stands = entry if entry.payables is not None else self.ledger.adopt(entry, owed_by(record, entry, booked))
            self.ledger.complete(stands)
        while new := next_booking(record, booked, self.clock()):
            stands = self.ledger.append(new)
            if stands.entry.id != new.entry.id:
                raise Contended(record.payout_id)
            self.ledger.complete(stands)
            booked.append(stands)
        if not self.store.keep_payout(as_booked(record, booked), self.clock()):
            raise Contended(record.payout_id)

    def block_account(self, record: PayoutRecord) -> None:
        """Pay nothing more to an account that a payout failed at or came back from, until its holder says another; if it has meanwhile,
        that one stays as it is.
        """
        account = self.store.account(record.payee)
        if account is not None and not account.blocked and self._was_paid_to(record, unseal_account(account, self.credentials)):
            reason = record.reason or "a payout came back"
            self.store.keep_account(replace(account, blocked=reason, version=account.version + 1))

    def _was_paid_to(self, record: PayoutRecord, payee: Payee) -> bool:
        """Whether the payout was ordered to this account of its payee's: the IBAN, or the provider's account, that its plug-in pays to."""
        batch = self.store.batch(record.tenant, record.batch_key)
        plan = parse_plan(unseal_document(batch, "plan", self.store.plan(batch), self.credentials)) if batch else []
        ordered = (payout.payee for payout in plan if payout.id == record.payout_id)
        ways = self._ways(record)
        return any(all(getattr(to, way) == getattr(payee, way) for way in ways) for to in ordered)

    def _ways(self, record: PayoutRecord) -> tuple[str, ...]:
        """What of a payee its plug-in pays to; of one that is away nobody can tell: then all that is named is compared."""
        try:
            return (self.plugins.capability(self.plugins.get(record.tenant, record.installation_id)).pays_to,)
        except Problem:
            return "iban", "provider_account"
