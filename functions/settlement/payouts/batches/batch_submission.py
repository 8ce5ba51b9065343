"""Sends fixed batches to their providers and finds out what became of them. `sent` is written before the provider is called.

After a lost answer the provider is asked; what it certainly does not know is sent again, with the same keys. A plug-in that calls
nobody answers the same file again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from functions.settlement.payouts.batches.batch_documents import opened_papers, plan_of, sealed_papers
from functions.settlement.payouts.batches.payout_batch import BatchState, PayoutBatch, PayoutRecord, advanced, is_settled, records_of
from functions.settlement.payouts.payout_context import Office
from monsoon_plugin.clearing import Batch, Payout, PayoutView, SubmitBatch
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, total
from monsoon_plugin.plugin import Ctx

CALL = timedelta(seconds=60)
"""How long a provider may take for a batch."""
PATIENCE = timedelta(minutes=5)
"""A call that was begun longer ago has ended, with or without us."""
SOON, LATER, DAILY = timedelta(minutes=15), timedelta(hours=6), timedelta(days=1)
GIVEN_UP = timedelta(days=30)
"""A submitted batch is asked after for so long; then only a notice or a statement tells more."""
MOST_TRIES = 200
"""Of a batch whose provider is away or whose config is wrong: about two days, or seven weeks."""
UNSURE = frozenset({ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL})
PASSING = {ErrorKind.RATE_LIMITED: SOON, ErrorKind.UNAVAILABLE: SOON, ErrorKind.CONFIG: LATER}


@dataclass(frozen=True, slots=True)
class Sending:
    office: Office

    def follow(self, tenant: str, key: str) -> datetime | None:
        """Take the batch's next step. Answers when to look again, None if there is nothing to wait for. Raises Overtaken."""
        batch = self.office.store.batch(tenant, key)
        if batch is None or batch.state in ("collecting", "settled", "empty"):
            return None
        if batch.state == "prepared":
            return self._send(batch)
        begun = from_rfc3339(batch.changed_at)
        if batch.state == "sent" and self.office.clock() < begun + PATIENCE:
            return begun + PATIENCE
        return self._ask(batch)

    def ask_again(self, batch: PayoutBatch) -> None:
        """After a notice: ask what became of a batch that the provider has, whether its payouts were settled or not. Raises Overtaken."""
        if batch.state in ("submitted", "settled", "unknown"):
            self._ask(batch)

    def shown_by_statement(self, tenant: str, key: str) -> None:
        """Close a batch whose payouts are all settled by now; what a statement does not show stays as it is. Raises Overtaken."""
        batch = self.office.store.batch(tenant, key)
        if batch is not None and batch.state != "settled" and is_settled(list(self.office.store.records(batch).values())):
            self._moved(batch, "settled")

    def _send(self, batch: PayoutBatch) -> datetime | None:
        plan = self._plan(batch)
        for new in records_of(batch, plan):
            self.office.store.add_record(new)
        records = self.office.store.records(batch)
        todo = tuple(payout for payout in plan if records[payout.id].state == "prepared")
        if not todo:
            return self._close(batch)
        batch = self._moved(batch, "sent")
        try:
            answer = self._plugin(batch).submit(self._ctx(batch), SubmitBatch(batch.key, todo, date.fromisoformat(batch.day)))
        except PluginError as error:
            return self._failed(batch, todo, error)
        if {view.id for view in answer.payouts} != {payout.id for payout in todo}:
            return self._failed(batch, todo, PluginError(ErrorKind.PROTOCOL, "the provider does not tell of every payout"))
        return self._told(batch, answer, {payout.id: payout.amount for payout in todo})

    def _failed(self, batch: PayoutBatch, todo: Iterable[Payout], error: PluginError) -> datetime | None:
        """What a refusal of the whole batch means: wait and ask, wait and send again, or nobody is paid by it."""
        now = self.office.clock()
        if error.kind in UNSURE:
            self._moved(batch, "unknown", error.message)
            return now + PATIENCE
        if error.kind in PASSING and batch.tries < MOST_TRIES:
            self._moved(batch, "prepared", error.message)
            return now + PASSING[error.kind]
        records = self.office.store.records(batch)
        for payout in todo:
            self._advance(records[payout.id], PayoutView(payout.id, "failed", "", error.message))
        return self._close(replace(batch, reason=error.message[:200]))

    def _ask(self, batch: PayoutBatch) -> datetime | None:
        plugin, amounts = self._plugin(batch), {payout.id: payout.amount for payout in self._plan(batch)}
        lost = batch.state in ("sent", "unknown")
        if not plugin.manifest.allowed_hosts:
            return self._again(batch) if lost else None
        if not self.office.plugins.capability(self._installation(batch)).lookup:
            return None  # a statement will tell, or nobody
        try:
            answer = plugin.fetch(self._ctx(batch), batch.key, list(amounts))
        except PluginError as error:
            self._moved(batch, batch.state, error.message)
            return self._later(batch)
        if answer is not None:
            return self._told(batch, answer, amounts)
        return self._again(batch) if lost else self._later(batch)

    def _told(self, batch: PayoutBatch, answer: Batch, sent: dict[str, Money]) -> datetime | None:
        """Keep what the provider says of the payouts, if it says the same amounts."""
        views = [view for view in answer.payouts if view.id in sent]
        ours = total((sent[view.id] for view in views if view.state != "failed"), batch.currency)
        if ours != answer.total:
            self._moved(batch, "unknown", f"{ours} was sent, the provider tells of {answer.total}")
            return self.office.clock() + LATER
        if answer.document:
            sealed = sealed_papers(batch, "file", answer.document, self.office.credentials)
            self.office.store.keep_file(batch, sealed, answer.media_type)
        records = self.office.store.records(batch)
        for view in views:
            self._advance(records[view.id], view)
        return self._close(batch)

    def _advance(self, record: PayoutRecord, view: PayoutView) -> None:
        changed = advanced(record, view)
        if changed is record:
            return
        self.office.book(changed)
        if changed.state in ("failed", "returned") and view.provider_ref:
            self.office.block(changed)

    def _close(self, batch: PayoutBatch) -> datetime | None:
        """The batch's state by its payouts'."""
        records = list(self.office.store.records(batch).values())
        if any(record.state == "prepared" for record in records):
            return self._again(batch)
        batch = self._moved(batch, "settled" if is_settled(records) else "submitted", batch.reason)
        return None if batch.state == "settled" else self._later(batch)

    def _again(self, batch: PayoutBatch) -> datetime:
        """What did not arrive is sent again."""
        self._moved(batch, "prepared", batch.reason)
        return self.office.clock()

    def _later(self, batch: PayoutBatch) -> datetime | None:
        now = self.office.clock()
        age = now - from_rfc3339(batch.changed_at)
        if batch.by_file and batch.state == "submitted":
            return None
        return None if age > GIVEN_UP else now + (SOON if batch.state == "unknown" else LATER if age < DAILY else DAILY)

    def _moved(self, batch: PayoutBatch, state: BatchState, reason: str = "") -> PayoutBatch:
        """Raises Overtaken."""
        changed_at = batch.changed_at if state == batch.state else rfc3339(self.office.clock())
        tries = batch.tries + (state == "sent")
        return self.office.keep(replace(batch, state=state, reason=reason[:200], changed_at=changed_at, tries=tries))

    def _plan(self, batch: PayoutBatch) -> list[Payout]:
        return plan_of(opened_papers(batch, "plan", self.office.store.plan(batch), self.office.credentials))

    def _installation(self, batch: PayoutBatch) -> Any:
        return self.office.plugins.get(batch.tenant, batch.installation_id)

    def _plugin(self, batch: PayoutBatch) -> Any:
        return self.office.plugins.plugin(self._installation(batch))

    def _ctx(self, batch: PayoutBatch) -> Ctx[Any]:
        return self.office.plugins.context(self._installation(batch), self.office.clock() + CALL)
