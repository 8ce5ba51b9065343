"""What merchants ask about payouts: where they are paid, when they pay, what became of it, and their banks' statements."""

from dataclasses import dataclass
from datetime import UTC

from functions.settlement.bank.bank_line_store import BankLineStore
from functions.settlement.bank.bank_statement_import import Reconciling, missing
from functions.settlement.bank.statement_matching import BankLine, Summary
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_documents import opened_papers
from functions.settlement.payouts.batches.batch_submission import Sending
from functions.settlement.payouts.batches.payout_batch import OURS, PayoutBatch, PayoutRecord
from functions.settlement.payouts.payout_account import PayoutAccount, opened_account, sealed_account
from functions.settlement.payouts.payout_context import Office, Overtaken
from functions.settlement.payouts.payout_schedule import Schedule, payday_of
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_views import LinesQuery, PageQuery, PutPayoutAccount, PutSchedule
from monsoon_plugin.clearing import Payee
from monsoon_plugin.errors import PluginError
from monsoon_plugin.plugin import RawWebhook
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import Conflict, Invalid, NotFound, Unauthorized, Unavailable


class NoticeRefused(Unauthorized):
    code, title = "notice-refused", "This notice is not signed by the provider with the installation's secret, or is too old"


@dataclass(frozen=True, slots=True)
class PayoutDesk:
    office: Office
    store: PayoutStore
    lines: BankLineStore
    tickets: Tickets

    def put_account(self, account_id: str, body: PutPayoutAccount) -> tuple[PayoutAccount, Payee]:
        """Raises Invalid, Conflict."""
        if not (body.iban or body.provider_account):
            raise Invalid.field("/iban", "give an IBAN, a provider_account, or both")
        payee, before = body.payee(account_id), self.store.account(account_id)
        account = sealed_account(payee, before.version + 1 if before else 1, self.office.credentials)
        if not self.store.keep_account(account):
            raise Conflict("the payout account was changed meanwhile: read it and try again")
        return account, payee

    def account(self, account_id: str) -> tuple[PayoutAccount, Payee]:
        """Raises NotFound."""
        account = self.store.account(account_id)
        if account is None:
            raise NotFound("there is no payout account yet: put one")
        return account, opened_account(account, self.office.credentials)

    def put_schedule(self, tenant: str, body: PutSchedule) -> tuple[Schedule, str]:
        """The schedule and its first payday. Raises Invalid, NotFound (installation), Conflict."""
        self._check(tenant, body)
        before = self.store.schedule(tenant)
        schedule = body.schedule(tenant, before.version + 1 if before else 1)
        if not self.store.keep_schedule(schedule):
            raise Conflict("the schedule was changed meanwhile: read it and try again")
        # A crash before this leaves a schedule without an appointment, and an error: the same request sent again mends it.
        payday = self._payday(schedule)
        self.store.appoint(payday)
        return schedule, payday.due_at

    def schedule(self, tenant: str) -> tuple[Schedule, str]:
        """Raises NotFound."""
        schedule = self.store.schedule(tenant)
        if schedule is None:
            raise NotFound("there is no schedule yet: nobody is paid")
        return schedule, self._payday(schedule).due_at

    def batches(self, tenant: str, query: PageQuery) -> tuple[list[PayoutBatch], str | None]:
        at = at_cursor(self.tickets, f"batches:{tenant}", query.cursor, self.office.clock()) or {}
        found, last = self.store.batches(tenant, query.limit, str(at["key"]) if at else None)
        return found, self._next(f"batches:{tenant}", last)

    def batch(self, tenant: str, key: str) -> tuple[PayoutBatch, list[PayoutRecord]]:
        """Raises NotFound."""
        named = OURS.fullmatch(key)
        batch = self.store.batch(tenant, key) if named and not named[2] else None
        if batch is None:
            raise NotFound("there is no such batch here")
        return batch, list(self.store.records(batch).values())

    def file(self, tenant: str, key: str) -> tuple[bytes, str]:
        """The file to hand to the bank, and its media type. Raises NotFound."""
        batch, _ = self.batch(tenant, key)
        found = self.store.file(batch)
        if found is None:
            raise NotFound("this batch has no file, or not yet")
        return opened_papers(batch, "file", found[0], self.office.credentials), found[1]

    def take_statement(self, tenant: str, installation_id: str, content: bytes, media_type: str) -> Summary:
        """Raises NotFound, Invalid, Conflict."""
        installation = self.office.plugins.get(tenant, installation_id)
        try:
            return Reconciling(self.office, self.lines).take(installation, content, media_type)
        except Overtaken as error:
            raise Conflict("a payout of this statement is being changed: send the statement again") from error

    def reconciliation(self, tenant: str, installation_id: str, query: LinesQuery) -> tuple[list[BankLine], str | None]:
        """Raises NotFound."""
        installation = self.office.plugins.get(tenant, installation_id)
        scope = f"lines:{tenant}:{installation.id}"
        at = at_cursor(self.tickets, scope, query.cursor, self.office.clock()) or {}
        found, last = self.lines.page(tenant, installation.id, query.limit, str(at["key"]) if at else None)
        return [line for line in found if query.outcome in (None, line.outcome)], self._next(scope, last)

    def missing(self, tenant: str, installation_id: str) -> list[PayoutRecord]:
        """Raises NotFound."""
        return missing(self.office, self.store, self.office.plugins.get(tenant, installation_id))

    def notice(self, installation_id: str, raw: RawWebhook) -> None:
        """A provider's notice: it is believed no further than to ask the provider for the batch. Raises NotFound, NoticeRefused."""
        plugins = self.office.plugins
        installation = plugins.store.find_by_id(installation_id) if len(installation_id) <= 64 else None
        if installation is None:
            raise NotFound("there is no such installation")
        try:
            told = plugins.plugin(installation).webhook(plugins.context(installation, self.office.clock()), raw)
        except PluginError as error:
            raise NoticeRefused(error.message) from error
        batch = told and OURS.fullmatch(told.batch_key) and self.store.batch(installation.tenant, told.batch_key)
        if batch and batch.installation_id == installation.id:
            try:
                Sending(self.office).ask_again(batch)
            except Overtaken as error:
                raise Unavailable("the batch is being worked on") from error

    def _check(self, tenant: str, body: PutSchedule) -> None:
        if body.on not in {"day": range(1), "week": range(1, 8), "month": range(1, 29)}[body.every]:
            raise Invalid.field("/on", "every week: 1 to 7; every month: 1 to 28; every day: leave it")
        plugins = self.office.plugins
        installation = plugins.get(tenant, body.installation_id)
        capability = plugins.capability(installation)
        currencies = [minimum.currency for minimum in body.currencies]
        if not capability.pays:
            raise Invalid.field("/installation_id", "this installation reads statements, it pays nobody")
        if len(set(currencies)) != len(currencies) or not (capability.currencies is None or set(currencies) <= set(capability.currencies)):
            raise Invalid.field("/currencies", f"name each once, of: {', '.join(capability.currencies or ('all',))}")

    def _payday(self, schedule: Schedule) -> Appointment:
        return payday_of(schedule, self.office.clock().astimezone(UTC).date())

    def _next(self, scope: str, last: str | None) -> str | None:
        return cursor_of(self.tickets, scope, {"key": last}, self.office.clock()) if last else None
