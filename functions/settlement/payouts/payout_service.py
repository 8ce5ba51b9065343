"""What merchants ask about payouts: where they are paid, when they pay, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_documents import unseal_document
from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT, PayoutBatch, PayoutRecord
from functions.settlement.payouts.payout_account import PayoutAccount, seal_account, unseal_account
from functions.settlement.payouts.payout_context import PayoutContext, Store
from functions.settlement.payouts.payout_schedule import PayoutSchedule, payday_appointment
from monsoon_plugin.clearing import Payee
from shared.api.paging import Paging, by_key
from shared.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class PayoutService:
    context: PayoutContext
    paging: Paging

    def put_account(self, payee: Payee) -> PayoutAccount:
        """Keep where an account is paid. Raises Invalid, Conflict."""
        if not (payee.iban or payee.provider_account):
            raise Invalid.field("/iban", "give an IBAN, a provider_account, or both")
        before = self._store.account(payee.account_id)
        account = seal_account(payee, before.version + 1 if before else 1, self.context.credentials)
        if not self._store.keep_account(account):
            raise Conflict("the payout account was changed meanwhile: read it and try again")
        return account

    def account(self, account_id: str) -> tuple[PayoutAccount, Payee]:
        """Raises NotFound."""
        account = self._store.account(account_id)
        if account is None:
            raise NotFound("there is no payout account yet: put one")
        return account, unseal_account(account, self.context.credentials)

    def put_schedule(self, wanted: PayoutSchedule) -> tuple[PayoutSchedule, str]:
        """Keep when the tenant pays. Answers the schedule and its first payday. Raises Invalid, NotFound (installation), Conflict."""
        self._check(wanted)
        before = self._store.schedule(wanted.tenant)
        schedule = replace(wanted, version=before.version + 1 if before else 1)
        payday = self._payday(schedule)
        if not self._store.keep_schedule(schedule, payday):
            raise Conflict("the schedule was changed meanwhile: read it and try again")
        return schedule, payday.due_at

    def schedule(self, tenant: str) -> tuple[PayoutSchedule, str]:
        """The schedule and its next payday. Raises NotFound."""
        schedule = self._store.schedule(tenant)
        if schedule is None:
            raise NotFound("there is no schedule yet: nobody is paid")
        return schedule, self._payday(schedule).due_at

    def batches(self, tenant: str, limit: int, cursor: str | None) -> tuple[list[PayoutBatch], str | None]:
        """A page of the storefront's batches, the newest first. Raises Malformed."""
        return self.paging.page(f"batches:{tenant}", cursor, by_key(lambda after: self._store.batches(tenant, limit, after)))

    def batch(self, tenant: str, key: str) -> tuple[PayoutBatch, Sequence[PayoutRecord]]:
        """The batch and its payouts. Raises NotFound."""
        named = BATCH_OR_PAYOUT.fullmatch(key)
        batch = self._store.batch(tenant, key) if named and not named[2] else None
        if batch is None:
            raise NotFound("there is no such batch here")
        return batch, list(self._store.payouts_in(batch).values())

    def file(self, tenant: str, key: str) -> tuple[bytes, str]:
        """The file to hand to the bank, and its media type. Raises NotFound."""
        batch, _ = self.batch(tenant, key)
        found = self._store.file(batch)
        if found is None:
            raise NotFound("this batch has no file, or not yet")
        return unseal_document(batch, "file", found[0], self.context.credentials), found[1]

    @property
    def _store(self) -> Store:
        return self.context.store

    def _check(self, wanted: PayoutSchedule) -> None:
        if wanted.on not in {"day": range(1), "week": range(1, 8), "month": range(1, 29)}[wanted.every]:
            raise Invalid.field("/on", "every week: 1 to 7; every month: 1 to 28; every day: leave it")
        plugins = self.context.plugins
        installation = plugins.get(wanted.tenant, wanted.installation_id)
        if plugins.is_test(installation):
            raise Invalid.field("/installation_id", "it is in test mode and moves no real money: change its mode to live, or name another")
        capability = plugins.capability(installation)
        currencies = [minimum.currency for minimum in wanted.minimums]
        if not capability.pays:
            raise Invalid.field("/installation_id", "this installation reads statements, it pays nobody")
        if len(set(currencies)) != len(currencies) or not (capability.currencies is None or set(currencies) <= set(capability.currencies)):
            raise Invalid.field("/currencies", f"name each once, of: {', '.join(capability.currencies or ('all',))}")

    def _payday(self, schedule: PayoutSchedule) -> Appointment:
        return payday_appointment(schedule, self.context.clock().astimezone(UTC).date())
